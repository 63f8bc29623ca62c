/** Options of Multipath TCP: level SOL_MPTCP. MPTCP_FULL_INFO holds addresses of memory, and is for `getsockopt` in C. Sorted by name. */
import * as constants from '../../sys/constants.ts'
import { readOnly } from './define.ts'
import { mptcpInfo, subflowInfo, subflowAddresses, type MptcpInfo, type MptcpSubflow } from './mptcp-info.ts'
import type { Option } from './option.ts'
import { type TcpInfo } from './tcp-info.ts'

const PAGE = { level: constants.SOL_MPTCP, man: 'Documentation/networking/mptcp.rst' }

/** The state of the connection as a whole. */
export const MPTCP_INFO: Option<MptcpInfo, never> = readOnly(
  PAGE,
  'MPTCP_INFO',
  constants.MPTCP_INFO,
  mptcpInfo,
  '5.16',
)
/** The addresses of each subflow. */
export const MPTCP_SUBFLOW_ADDRS: Option<readonly MptcpSubflow[], never> = readOnly(
  PAGE,
  'MPTCP_SUBFLOW_ADDRS',
  constants.MPTCP_SUBFLOW_ADDRS,
  subflowAddresses,
  '5.16',
)
/** TCP_INFO of each subflow. */
export const MPTCP_TCPINFO: Option<readonly TcpInfo[], never> = readOnly(
  PAGE,
  'MPTCP_TCPINFO',
  constants.MPTCP_TCPINFO,
  subflowInfo,
  '5.16',
)
