/*
 * The measured window of a load program: a warm-up, then a stretch of time at whose two ends the counts, the clock and
 * the server's CPU time are read, so that what is reported belongs to exactly that stretch.
 */
#ifndef BENCH_WINDOW_H
#define BENCH_WINDOW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "histogram.h"

struct window {
  pid_t server;      /* --server PID: whose CPU time and memory to read */
  uint64_t begins;   /* the clock's time at which the warm-up is over */
  uint64_t ends;     /* and at which the window is */
  bool measuring;    /* past the warm-up */
  uint64_t started;  /* the clock's time when it was */
  uint64_t cpu;      /* the server's CPU time then */
  uint64_t operations; /* what the program counts, set back to 0 when the window begins */
  struct histogram latency;
};

/* Takes --server, --warm-up and --seconds; the warm-up begins now. */
void window_open(struct window *window, int count, char **arguments);

/* To be called at least every few milliseconds with the time: passes from warm-up to window; true when it is over. */
bool window_passed(struct window *window, uint64_t now);

/* Prints the one line of JSON that the harness reads. `more` is "" or further members, each with a comma before it. */
void window_print(const struct window *window, uint64_t now, const char *more);

#endif
