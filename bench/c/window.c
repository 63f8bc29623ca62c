#include "window.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "options.h"
#include "usage.h"

void window_open(struct window *window, int count, char **arguments) {
  memset(window, 0, sizeof *window);
  window->server = (pid_t)option_number(count, arguments, "--server", 0);
  window->begins = clock_now() + clock_from_seconds(option_number(count, arguments, "--warm-up", 0.5));
  window->ends = window->begins + clock_from_seconds(option_number(count, arguments, "--seconds", 2));
}

bool window_passed(struct window *window, uint64_t now) {
  if (now < window->begins) return false;
  if (!window->measuring) {
    window->measuring = true;
    window->operations = 0;
    memset(&window->latency, 0, sizeof window->latency);
    window->cpu = window->server == 0 ? 0 : usage_cpu(window->server);
    window->started = clock_now();
    window->ends += window->started - window->begins;
    return false;
  }
  return now >= window->ends;
}

void window_print(const struct window *window, uint64_t now, const char *more) {
  uint64_t cpu = window->server == 0 ? 0 : usage_cpu(window->server) - window->cpu;
  uint64_t resident = window->server == 0 ? 0 : usage_resident(window->server);
  printf("{\"operations\":%llu,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"resident_bytes\":%llu,"
         "\"p50_us\":%.3f,\"p99_us\":%.3f%s}\n",
         (unsigned long long)window->operations, (double)(now - window->started) / 1e9, (double)cpu / 1e9,
         (unsigned long long)resident, histogram_quantile(&window->latency, 0.5) / 1e3,
         histogram_quantile(&window->latency, 0.99) / 1e3, more);
}
