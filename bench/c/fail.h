/* Ending with a sentence: every program of the benches does it the same way, on standard error. */
#ifndef BENCH_FAIL_H
#define BENCH_FAIL_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says what could not be done and what errno says about it, and ends the program with status 1. */
static inline _Noreturn void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

/* Says what is wrong where errno has nothing to add, and ends the program with status 1. */
static inline _Noreturn void fail_plainly(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

#endif
