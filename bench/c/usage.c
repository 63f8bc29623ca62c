#include "usage.h"

#include <time.h>

#include "clock.h"
#include "fail.h"

uint64_t usage_cpu(pid_t process) {
  clockid_t clock;
  struct timespec time;
  errno = clock_getcpuclockid(process, &clock);
  if (errno != 0) fail("the server's CPU clock");
  if (clock_gettime(clock, &time) != 0) fail("the server's CPU time");
  return (uint64_t)time.tv_sec * NANOSECONDS_A_SECOND + (uint64_t)time.tv_nsec;
}

static uint64_t read_field(const char *path, const char *format) {
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  char line[256];
  unsigned long long kibibytes = 0;
  while (fgets(line, sizeof line, file) != NULL && sscanf(line, format, &kibibytes) != 1) continue;
  fclose(file);
  return kibibytes * 1024;
}

uint64_t usage_resident(pid_t process) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)process);
  uint64_t resident = read_field(path, "Rss: %llu");
  if (resident != 0) return resident;
  snprintf(path, sizeof path, "/proc/%d/status", (int)process);
  resident = read_field(path, "VmRSS: %llu");
  if (resident == 0) fail_plainly("the server's memory can't be read");
  return resident;
}
