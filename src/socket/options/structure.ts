/**
 * Reading and writing the structures of options. The kernel's integers are in the machine's byte order. What an answer
 * is too short for reads as zero, as if the kernel had zeroed it, so that no answer can be read past its end.
 */

/** The machine's byte order, as `DataView` wants it told. */
export const LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** A view of bytes of which at least `size` can be read. */
export function viewOf(bytes: Uint8Array, size: number): DataView {
  if (bytes.length >= size) return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const padded = new Uint8Array(size)
  padded.set(bytes)
  return new DataView(padded.buffer)
}

/** Room for a structure, all zero. */
export function blank(size: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(size)
  return { bytes, view: new DataView(bytes.buffer) }
}

/** The numbers of an array of 32-bit integers without a sign; a last one that is cut off is left out. */
export function uint32s(bytes: Uint8Array): number[] {
  const view = viewOf(bytes, 0)
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getUint32(index * 4, LITTLE_ENDIAN))
}

/** A 64-bit number without a sign: exact up to 2^53, and the nearest number beyond; all ones stand for no limit. */
export function uint64(view: DataView, at: number): number {
  const value = view.getBigUint64(at, LITTLE_ENDIAN)
  return value === 0xffff_ffff_ffff_ffffn ? Number.POSITIVE_INFINITY : Number(value)
}

/** The width of a field, in bytes. */
type Width = 1 | 2 | 4 | 8

/** A field of a structure that grows from version to version: its name here, and its width. Without a name it is skipped. */
export type Field = readonly [name: string | undefined, width: Width]

/**
 * The fields of a structure that has grown at its end with the versions of the kernel. Each lies behind the one before,
 * at the next multiple of its width, as C lays them out. A field that the answer does not reach is left out.
 */
export function readFields(
  fields: readonly (readonly [...field: Field, ...others: unknown[]])[],
  bytes: Uint8Array,
): Record<string, number> {
  const view = viewOf(bytes, 0)
  const found: Record<string, number> = {}
  let at = 0
  for (const [name, width] of fields) {
    at = Math.ceil(at / width) * width
    if (at + width > bytes.length) break
    if (name !== undefined) found[name] = readUnsigned(view, at, width)
    at += width
  }
  return found
}

function readUnsigned(view: DataView, at: number, width: Width): number {
  if (width === 1) return view.getUint8(at)
  if (width === 2) return view.getUint16(at, LITTLE_ENDIAN)
  return width === 4 ? view.getUint32(at, LITTLE_ENDIAN) : uint64(view, at)
}

/** A codec's `write` for an option that is never set: `set` refuses it before. */
export function neverWritten(): Uint8Array {
  return new Uint8Array(0)
}
