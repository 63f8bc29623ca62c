/* What another process has used: its CPU time, all threads together, and its resident memory. */
#ifndef BENCH_USAGE_H
#define BENCH_USAGE_H

#include <stdint.h>
#include <sys/types.h>

/*
 * CPU time since it began, in nanoseconds: its process clock (clock_getcpuclockid(3)), which counts every thread,
 * ended ones too, to the scheduler's precision; /proc/PID/stat would give the same in hundredths of a second.
 */
uint64_t usage_cpu(pid_t process);

/* Resident bytes, from /proc/PID/smaps_rollup (exact: VmRSS is summed from per-CPU counters and lags behind them). */
uint64_t usage_resident(pid_t process);

#endif
