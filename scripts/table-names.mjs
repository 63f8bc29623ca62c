// What generate-tables.mjs asks the C compiler about: names of constants, and fields of structures, as in C.
// To add one, write its name here and run `npm run tables`.

const names = (text) => text.trim().split(/\s+/)
const prefixed = (prefix, text) => names(text).map((name) => prefix + name)

/** The headers that declare them, in an order that both glibc and musl accept. */
export const headers = names(`
  sys/types.h sys/socket.h sys/un.h sys/uio.h sys/time.h sys/epoll.h sys/eventfd.h sys/ioctl.h
  netinet/in.h netinet/tcp.h netinet/udp.h net/if.h linux/sockios.h poll.h netdb.h fcntl.h errno.h limits.h stddef.h stdint.h
  time.h netinet/icmp6.h linux/in6.h linux/socket.h linux/icmp.h linux/filter.h linux/net_tstamp.h linux/if_packet.h linux/if_ether.h ifaddrs.h
  linux/netlink.h linux/vm_sockets.h linux/mptcp.h linux/netfilter_ipv4.h linux/netfilter_ipv6/ip6_tables.h
`)

/** Names of constants, but for errno's. Names that are enumerators without a macro of the same name can't be listed. */
export const constants = [
  ...prefixed('AF_', 'UNSPEC UNIX LOCAL INET INET6 NETLINK PACKET VSOCK ALG BLUETOOTH CAN TIPC XDP'),
  ...prefixed('PF_', 'UNSPEC UNIX LOCAL INET INET6 NETLINK PACKET VSOCK ALG BLUETOOTH CAN TIPC XDP'),
  ...prefixed('SOCK_', 'STREAM DGRAM SEQPACKET RAW RDM DCCP CLOEXEC NONBLOCK'),
  ...prefixed('IPPROTO_', 'IP ICMP IGMP IPIP TCP UDP DCCP IPV6 GRE ESP AH ICMPV6 SCTP UDPLITE RAW MPTCP'),
  ...prefixed('SOL_', 'SOCKET IP IPV6 TCP UDP RAW ICMPV6 PACKET NETLINK TLS ALG XDP MPTCP'),
  ...prefixed(
    'SO_',
    `ACCEPTCONN ATTACH_BPF ATTACH_FILTER ATTACH_REUSEPORT_CBPF ATTACH_REUSEPORT_EBPF BINDTODEVICE BINDTOIFINDEX
     BROADCAST BSDCOMPAT BUF_LOCK BUSY_POLL BUSY_POLL_BUDGET CNX_ADVICE COOKIE DEBUG DETACH_FILTER
     DETACH_REUSEPORT_BPF DOMAIN DONTROUTE ERROR GET_FILTER INCOMING_CPU INCOMING_NAPI_ID KEEPALIVE LINGER
     LOCK_FILTER MARK MAX_PACING_RATE MEMINFO NETNS_COOKIE NOFCS NO_CHECK OOBINLINE ORIGINAL_DST PASSCRED PASSPIDFD
     PASSRIGHTS PASSSEC PEEK_OFF PEERCRED PEERGROUPS PEERNAME PEERPIDFD PEERSEC PREFER_BUSY_POLL PRIORITY PROTOCOL RCVBUF RCVBUFFORCE RCVLOWAT RCVMARK
     RCVPRIORITY RCVTIMEO RESERVE_MEM REUSEADDR REUSEPORT RXQ_OVFL SELECT_ERR_QUEUE SNDBUF SNDBUFFORCE SNDLOWAT SNDTIMEO
     TIMESTAMP TIMESTAMPING TIMESTAMPNS TXREHASH TXTIME TYPE WIFI_STATUS ZEROCOPY`,
  ),
  ...prefixed('SCM_', 'RIGHTS CREDENTIALS TIMESTAMP TIMESTAMPNS TIMESTAMPING TXTIME'),
  ...prefixed(
    'TCP_',
    `CC_INFO CM_INQ CONGESTION CORK DEFER_ACCEPT DELACK_MAX_US FASTOPEN FASTOPEN_CONNECT FASTOPEN_KEY FASTOPEN_NO_COOKIE INFO INQ
     IS_MPTCP KEEPCNT KEEPIDLE KEEPINTVL LINGER2 MAXSEG MD5SIG MD5SIG_EXT NODELAY NOTSENT_LOWAT QUEUE_SEQ QUICKACK REPAIR
     REPAIR_OPTIONS REPAIR_QUEUE REPAIR_WINDOW RTO_MAX_MS RTO_MIN_US SAVED_SYN SAVE_SYN SYNCNT THIN_DUPACK THIN_LINEAR_TIMEOUTS TIMESTAMP
     TX_DELAY ULP USER_TIMEOUT WINDOW_CLAMP ZEROCOPY_RECEIVE`,
  ),
  ...prefixed('UDP_', 'CORK ENCAP GRO NO_CHECK6_RX NO_CHECK6_TX SEGMENT'),
  ...prefixed('UDP_ENCAP_', 'ESPINUDP L2TPINUDP GTP0 GTP1U'),
  ...prefixed('MPTCP_', 'INFO TCPINFO SUBFLOW_ADDRS'),
  ...prefixed('SO_VM_SOCKETS_', 'BUFFER_SIZE BUFFER_MIN_SIZE BUFFER_MAX_SIZE CONNECT_TIMEOUT'),
  ...prefixed(
    'PACKET_',
    `ADD_MEMBERSHIP AUXDATA COPY_THRESH DROP_MEMBERSHIP FANOUT FANOUT_CBPF FANOUT_CPU FANOUT_DATA FANOUT_EBPF
     FANOUT_FLAG_DEFRAG FANOUT_FLAG_ROLLOVER FANOUT_FLAG_UNIQUEID FANOUT_HASH FANOUT_LB FANOUT_QM FANOUT_RND
     FANOUT_ROLLOVER IGNORE_OUTGOING LOSS MR_ALLMULTI MR_MULTICAST MR_PROMISC MR_UNICAST ORIGDEV QDISC_BYPASS RESERVE
     ROLLOVER_STATS STATISTICS TIMESTAMP TX_HAS_OFF VERSION VNET_HDR`,
  ),
  ...prefixed(
    'NETLINK_',
    `ADD_MEMBERSHIP BROADCAST_ERROR CAP_ACK DROP_MEMBERSHIP EXT_ACK GET_STRICT_CHK LISTEN_ALL_NSID LIST_MEMBERSHIPS
     NO_ENOBUFS PKTINFO ROUTE GENERIC KOBJECT_UEVENT SOCK_DIAG USERSOCK`,
  ),
  ...names('ICMP_FILTER ICMP6_FILTER IP6T_SO_ORIGINAL_DST'),
  ...prefixed('CLOCK_', 'REALTIME MONOTONIC TAI'),
  ...prefixed('SOCK_', 'SNDBUF_LOCK RCVBUF_LOCK'),
  ...prefixed('IPV6_PREFER_SRC_', 'CGA COA HOME NONCGA PUBLIC PUBTMP_DEFAULT TMP'),
  ...prefixed(
    'BPF_',
    'A ABS ADD ALU AND B DIV H IMM IND JA JEQ JGE JGT JMP JSET K LD LDX LEN LSH MEM MISC MOD MSH MUL NEG OR RET RSH ST STX SUB TAX TXA W X XOR',
  ),
  ...names('BPF_MAXINSNS SKF_AD_OFF SKF_AD_CPU SKF_AD_PROTOCOL SKF_AD_PKTTYPE SKF_AD_IFINDEX SKF_NET_OFF SKF_LL_OFF'),
  ...prefixed(
    'IP_',
    `ADD_MEMBERSHIP ADD_SOURCE_MEMBERSHIP BIND_ADDRESS_NO_PORT BLOCK_SOURCE CHECKSUM DROP_MEMBERSHIP
     DROP_SOURCE_MEMBERSHIP FREEBIND HDRINCL LOCAL_PORT_RANGE MINTTL MSFILTER MTU MTU_DISCOVER MULTICAST_ALL MULTICAST_IF
     MULTICAST_LOOP MULTICAST_TTL NODEFRAG OPTIONS ORIGDSTADDR PASSSEC PKTINFO PMTUDISC_DO PMTUDISC_DONT
     PMTUDISC_INTERFACE PMTUDISC_OMIT PMTUDISC_PROBE PMTUDISC_WANT PROTOCOL RECVERR RECVERR_RFC4884 RECVFRAGSIZE RECVOPTS
     RECVORIGDSTADDR RECVTOS RECVTTL RETOPTS ROUTER_ALERT TOS TRANSPARENT TTL UNBLOCK_SOURCE UNICAST_IF`,
  ),
  ...prefixed(
    'IPV6_',
    `2292DSTOPTS 2292HOPLIMIT 2292HOPOPTS 2292PKTINFO 2292RTHDR ADDRFORM ADDR_PREFERENCES ADD_MEMBERSHIP
     AUTOFLOWLABEL CHECKSUM DONTFRAG DROP_MEMBERSHIP DSTOPTS FLOWINFO FLOWINFO_SEND FREEBIND HDRINCL HOPLIMIT HOPOPTS JOIN_ANYCAST
     JOIN_GROUP LEAVE_ANYCAST LEAVE_GROUP MINHOPCOUNT MTU MTU_DISCOVER MULTICAST_ALL MULTICAST_HOPS MULTICAST_IF
     MULTICAST_LOOP NEXTHOP ORIGDSTADDR PATHMTU PKTINFO PMTUDISC_DO PMTUDISC_DONT PMTUDISC_INTERFACE PMTUDISC_OMIT
     PMTUDISC_PROBE PMTUDISC_WANT RECVDSTOPTS RECVERR RECVERR_RFC4884 RECVFRAGSIZE RECVHOPLIMIT RECVHOPOPTS
     RECVORIGDSTADDR RECVPATHMTU RECVPKTINFO RECVRTHDR RECVTCLASS ROUTER_ALERT ROUTER_ALERT_ISOLATE RTHDR
     RTHDRDSTOPTS TCLASS TRANSPARENT UNICAST_HOPS UNICAST_IF V6ONLY`,
  ),
  ...prefixed(
    'MCAST_',
    `BLOCK_SOURCE EXCLUDE INCLUDE JOIN_GROUP JOIN_SOURCE_GROUP LEAVE_GROUP LEAVE_SOURCE_GROUP MSFILTER
     UNBLOCK_SOURCE`,
  ),
  ...prefixed(
    'MSG_',
    `BATCH CMSG_CLOEXEC CONFIRM CTRUNC DONTROUTE DONTWAIT EOR ERRQUEUE FASTOPEN MORE NOSIGNAL OOB PEEK TRUNC WAITALL
     WAITFORONE ZEROCOPY`,
  ),
  ...prefixed('SHUT_', 'RD WR RDWR'),
  ...prefixed('VMADDR_', 'CID_ANY CID_HYPERVISOR CID_LOCAL CID_HOST PORT_ANY FLAG_TO_HOST'),
  ...prefixed('ETH_P_', 'ALL IP IPV6 ARP'),
  ...prefixed('PACKET_', 'HOST BROADCAST MULTICAST OTHERHOST OUTGOING'),
  ...prefixed(
    'IFF_',
    'UP BROADCAST DEBUG LOOPBACK POINTOPOINT RUNNING NOARP PROMISC ALLMULTI MULTICAST MASTER SLAVE PORTSEL AUTOMEDIA DYNAMIC',
  ),
  ...prefixed('AI_', 'PASSIVE CANONNAME NUMERICHOST NUMERICSERV V4MAPPED ALL ADDRCONFIG IDN CANONIDN'),
  ...prefixed('NI_', 'NUMERICHOST NUMERICSERV NAMEREQD DGRAM NOFQDN IDN MAXHOST MAXSERV'),
  ...prefixed(
    'EAI_',
    `BADFLAGS NONAME AGAIN FAIL FAMILY SOCKTYPE SERVICE MEMORY SYSTEM OVERFLOW NODATA ADDRFAMILY INPROGRESS CANCELED
     NOTCANCELED ALLDONE INTR IDN_ENCODE`,
  ),
  ...prefixed('EPOLL', 'IN OUT PRI ERR HUP RDHUP RDNORM RDBAND WRNORM WRBAND MSG ET ONESHOT EXCLUSIVE WAKEUP'),
  ...prefixed('EPOLL_', 'CTL_ADD CTL_DEL CTL_MOD CLOEXEC'),
  ...prefixed('EFD_', 'CLOEXEC NONBLOCK SEMAPHORE'),
  ...prefixed('POLL', 'IN OUT PRI ERR HUP NVAL RDHUP RDNORM RDBAND WRNORM WRBAND MSG'),
  ...prefixed('F_', 'DUPFD DUPFD_CLOEXEC GETFD SETFD GETFL SETFL GETOWN SETOWN GETPIPE_SZ SETPIPE_SZ'),
  ...names('FD_CLOEXEC'),
  ...prefixed('O_', 'ACCMODE RDONLY WRONLY RDWR NONBLOCK CLOEXEC APPEND ASYNC'),
  ...prefixed('SIOC', 'INQ OUTQ OUTQNSD ATMARK GIFNAME GIFINDEX GIFMTU GIFFLAGS'),
  ...names('FIONREAD FIONBIO'),
  ...names('IFNAMSIZ SOMAXCONN IOV_MAX'),
]

/** Enumerators: no macro tells whether the headers have them, so these are only such as every supported system's do. */
export const enumerators = [
  ...prefixed(
    'SOF_TIMESTAMPING_',
    `TX_HARDWARE TX_SOFTWARE RX_HARDWARE RX_SOFTWARE SOFTWARE SYS_HARDWARE RAW_HARDWARE OPT_ID TX_SCHED TX_ACK OPT_CMSG
     OPT_TSONLY OPT_STATS OPT_PKTINFO OPT_TX_SWHW BIND_PHC`,
  ),
  ...prefixed('SOF_TXTIME_', 'DEADLINE_MODE REPORT_ERRORS'),
  ...prefixed('TPACKET_', 'V1 V2 V3'),
]

/**
 * Values of constants that are younger than the headers of Linux 6.1, which the oldest supported system has. Where the
 * headers have them, theirs count. From asm-generic/socket.h and linux/tcp.h of Linux 6.18.
 */
export const younger = {
  SO_PASSPIDFD: 76,
  SO_PEERPIDFD: 77,
  SO_RCVPRIORITY: 82,
  SO_PASSRIGHTS: 83,
  TCP_IS_MPTCP: 43,
  TCP_RTO_MAX_MS: 44,
  TCP_RTO_MIN_US: 45,
  TCP_DELACK_MAX_US: 46,
}

/** Names of errno values that Linux knows by one name. */
export const errors = prefixed(
  'E',
  `2BIG ACCES ADDRINUSE ADDRNOTAVAIL ADV AFNOSUPPORT AGAIN ALREADY BADE BADF BADFD BADMSG BADR BADRQC BADSLT BFONT BUSY
   CANCELED CHILD CHRNG COMM CONNABORTED CONNREFUSED CONNRESET DEADLK DESTADDRREQ DOM DOTDOT DQUOT EXIST FAULT FBIG
   HOSTDOWN HOSTUNREACH HWPOISON IDRM ILSEQ INPROGRESS INTR INVAL IO ISCONN ISDIR ISNAM KEYEXPIRED KEYREJECTED
   KEYREVOKED L2HLT L2NSYNC L3HLT L3RST LIBACC LIBBAD LIBEXEC LIBMAX LIBSCN LNRNG LOOP MEDIUMTYPE MFILE MLINK MSGSIZE
   MULTIHOP NAMETOOLONG NAVAIL NETDOWN NETRESET NETUNREACH NFILE NOANO NOBUFS NOCSI NODATA NODEV NOENT NOEXEC NOKEY
   NOLCK NOLINK NOMEDIUM NOMEM NOMSG NONET NOPKG NOPROTOOPT NOSPC NOSR NOSTR NOSYS NOTBLK NOTCONN NOTDIR NOTEMPTY
   NOTNAM NOTRECOVERABLE NOTSOCK NOTSUP NOTTY NOTUNIQ NXIO OVERFLOW OWNERDEAD PERM PFNOSUPPORT PIPE PROTO
   PROTONOSUPPORT PROTOTYPE RANGE REMCHG REMOTE REMOTEIO RESTART RFKILL ROFS SHUTDOWN SOCKTNOSUPPORT SPIPE SRCH SRMNT
   STALE STRPIPE TIME TIMEDOUT TOOMANYREFS TXTBSY UCLEAN UNATCH USERS XDEV XFULL`,
)

/** Second names of values above. Of two names, Node's errors bear the one that is above. */
export const errorAliases = ['EDEADLOCK', 'EOPNOTSUPP', 'EWOULDBLOCK']

/** Structures that TypeScript packs and unpacks, each with its fields. */
export const structures = {
  group_filter: names('gf_interface gf_group gf_fmode gf_numsrc gf_slist'),
  group_req: names('gr_interface gr_group'),
  group_source_req: names('gsr_interface gsr_group gsr_source'),
  ifreq: names('ifr_name ifr_mtu'),
  icmp6_filter: names('icmp6_filt'),
  icmp_filter: names('data'),
  in6_pktinfo: names('ipi6_addr ipi6_ifindex'),
  ip6_mtuinfo: names('ip6m_addr ip6m_mtu'),
  ip_mreq_source: names('imr_multiaddr imr_interface imr_sourceaddr'),
  ip_mreqn: names('imr_multiaddr imr_address imr_ifindex'),
  ip_msfilter: names('imsf_multiaddr imsf_interface imsf_fmode imsf_numsrc imsf_slist'),
  ipv6_mreq: names('ipv6mr_multiaddr ipv6mr_interface'),
  linger: names('l_onoff l_linger'),
  mptcp_subflow_addrs: names('sa_local sa_remote'),
  mptcp_subflow_data: names('size_subflow_data num_subflows size_kernel size_user'),
  packet_mreq: names('mr_ifindex mr_type mr_alen mr_address'),
  so_timestamping: names('flags bind_phc'),
  sock_filter: names('code jt jf k'),
  sock_txtime: names('clockid flags'),
  sockaddr_in: names('sin_family sin_port sin_addr'),
  sockaddr_ll: names('sll_family sll_protocol sll_ifindex sll_hatype sll_pkttype sll_halen sll_addr'),
  sockaddr_nl: names('nl_family nl_pid nl_groups'),
  sockaddr_vm: names('svm_family svm_port svm_cid svm_flags'),
  sockaddr_in6: names('sin6_family sin6_port sin6_flowinfo sin6_addr sin6_scope_id'),
  sockaddr_storage: names('ss_family'),
  sockaddr_un: names('sun_family sun_path'),
  tcp_md5sig: names('tcpm_addr tcpm_flags tcpm_prefixlen tcpm_keylen tcpm_key'),
  tcp_repair_opt: names('opt_code opt_val'),
  tcp_repair_window: names('snd_wl1 snd_wnd max_window rcv_wnd rcv_wup'),
  timeval: names('tv_sec tv_usec'),
  tpacket_rollover_stats: names('tp_all tp_huge tp_failed'),
  tpacket_stats: names('tp_packets tp_drops'),
  ucred: names('pid uid gid'),
}
