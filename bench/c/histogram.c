#include "histogram.h"

static double bucket_middle(unsigned bucket) {
  if (bucket < HISTOGRAM_STEPS) return bucket;
  unsigned shift = bucket / HISTOGRAM_STEPS - 1;
  double width = (double)(1ull << shift);
  return (double)(bucket % HISTOGRAM_STEPS + HISTOGRAM_STEPS) * width + (width - 1) / 2;
}

double histogram_quantile(const struct histogram *histogram, double share) {
  double wanted = share * (double)histogram->total;
  uint64_t passed = 0;
  for (unsigned bucket = 0; bucket < 64 * HISTOGRAM_STEPS; bucket++) {
    passed += histogram->counts[bucket];
    if (passed > 0 && (double)passed >= wanted) return bucket_middle(bucket);
  }
  return 0;
}
