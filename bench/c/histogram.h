/*
 * Durations counted in buckets that are 1/128 of their power of two wide, so that a quantile is off by 0.8% at most
 * whatever its size, and recording one costs a few instructions.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_STEPS 128 /* buckets for each power of two */
#define HISTOGRAM_SHIFT 7   /* log2 of it */

struct histogram {
  uint64_t total;
  uint64_t counts[64 * HISTOGRAM_STEPS];
};

static inline void histogram_record(struct histogram *histogram, uint64_t value) {
  unsigned bucket = (unsigned)value;
  if (value >= HISTOGRAM_STEPS) {
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - HISTOGRAM_SHIFT;
    bucket = (shift + 1) * HISTOGRAM_STEPS + (unsigned)((value >> shift) - HISTOGRAM_STEPS);
  }
  histogram->counts[bucket]++;
  histogram->total++;
}

/* The value below or at which that share (0 to 1) of the recorded ones lie: the middle of its bucket; 0 when empty. */
double histogram_quantile(const struct histogram *histogram, double share);

#endif
