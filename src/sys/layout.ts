// The layouts of the C structures that TypeScript packs and unpacks, under their names in C: `size`, and the offset
// of each field. The tables are generated for each platform (scripts/generate-tables.mjs) and compared with the
// addon's own when it is loaded (check-tables.ts), so that reading one needs no binary.
//
// This file is the choice of platform. Linux is the only one today; 64-bit x86, Arm and RISC-V share its tables.
export type { Layout } from './layout-type.ts'
export * from './platform/linux/layout.ts'
