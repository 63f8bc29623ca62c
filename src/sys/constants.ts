// The kernel's constants and the values of errno, under their names in C. The tables are generated for each platform
// (scripts/generate-tables.mjs) and compared with the addon's own when it is loaded (check-tables.ts), so that
// importing a constant needs no binary.
//
// This file is the choice of platform. Linux is the only one today; with a second it becomes, for each name, a
// constant that is read from the table of `process.platform`. That is why the tables declare `number` and not the
// value: a program that compiles on one platform must compile on the other.
export * from './platform/linux/constants.ts'
export * from './platform/linux/errno.ts'
