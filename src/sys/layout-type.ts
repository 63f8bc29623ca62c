/** The size of a C structure and the offsets of its fields, in bytes. */
export type Layout<Field extends string> = Readonly<Record<'size' | Field, number>>
