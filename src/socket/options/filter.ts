/** Programs that look at what arrives before the socket does: classic BPF (Documentation/networking/filter.rst). */
import { argumentRangeError, argumentTypeError, checkInteger } from '../../base/argument-error.ts'
import { BPF_MAXINSNS } from '../../sys/constants.ts'
import { sock_filter } from '../../sys/layout.ts'
import { checkObject } from './interface.ts'
import type { Codec } from './option.ts'
import { blank, LITTLE_ENDIAN, viewOf } from './structure.ts'

/** One instruction, as `struct sock_filter`: made of the constants `BPF_…`. */
export interface FilterInstruction {
  readonly code: number
  /** How many instructions a jump passes over if its condition holds, and if not; 0 in others. */
  readonly jt?: number
  readonly jf?: number
  readonly k: number
}

const INSTRUCTION_BYTES = sock_filter.size

/** A program of at most 4096 instructions. */
export const filterProgram: Codec<readonly Required<FilterInstruction>[], readonly FilterInstruction[]> = {
  byteLength: BPF_MAXINSNS * INSTRUCTION_BYTES,
  isProgram: true,
  read: (bytes) => {
    const view = viewOf(bytes, 0)
    return Array.from({ length: Math.floor(bytes.length / INSTRUCTION_BYTES) }, (_, index) => {
      const at = index * INSTRUCTION_BYTES
      return {
        code: view.getUint16(at + sock_filter.code, LITTLE_ENDIAN),
        jt: view.getUint8(at + sock_filter.jt),
        jf: view.getUint8(at + sock_filter.jf),
        k: view.getUint32(at + sock_filter.k, LITTLE_ENDIAN),
      }
    })
  },
  write: (value, name) => {
    if (!Array.isArray(value)) throw argumentTypeError(name, 'an array of instructions { code, jt, jf, k }', value)
    if (value.length < 1 || value.length > BPF_MAXINSNS) {
      throw argumentRangeError(`${name}.length`, `>= 1 and <= ${BPF_MAXINSNS}`, value.length)
    }
    const { bytes, view } = blank(value.length * INSTRUCTION_BYTES)
    for (const [index, instruction] of (value as readonly FilterInstruction[]).entries()) {
      const at = index * INSTRUCTION_BYTES
      const part = `${name}[${index}]`
      checkObject(instruction, 'an instruction { code, jt, jf, k }', part)
      const { code, jt = 0, jf = 0, k } = instruction
      view.setUint16(at + sock_filter.code, checkInteger(`${part}.code`, code, 0, 0xffff), LITTLE_ENDIAN)
      view.setUint8(at + sock_filter.jt, checkInteger(`${part}.jt`, jt, 0, 0xff))
      view.setUint8(at + sock_filter.jf, checkInteger(`${part}.jf`, jf, 0, 0xff))
      view.setUint32(at + sock_filter.k, checkInteger(`${part}.k`, k, -(2 ** 31), 0xffff_ffff), LITTLE_ENDIAN)
    }
    return bytes
  },
}
