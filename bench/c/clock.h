/* The clock of the load programs: CLOCK_MONOTONIC in nanoseconds, read without a system call (vdso(7)). */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NANOSECONDS_A_SECOND 1000000000ull

static inline uint64_t clock_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * NANOSECONDS_A_SECOND + (uint64_t)time.tv_nsec;
}

static inline uint64_t clock_from_seconds(double seconds) { return (uint64_t)(seconds * (double)NANOSECONDS_A_SECOND); }

#endif
