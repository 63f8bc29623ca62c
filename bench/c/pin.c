/*
 * pin CORE|any PROGRAM [ARGUMENT...]: becomes that program, held to one core (sched_setaffinity(2)) or to none, with
 * as many descriptors as it may have, and killed if the harness dies (PR_SET_PDEATHSIG), so that nothing stays behind.
 */
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fail.h"

static void hold_to(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  if (sched_setaffinity(0, sizeof cores, &cores) != 0) fail("sched_setaffinity");
}

int main(int count, char **arguments) {
  if (count < 3) fail_plainly("usage: pin CORE|any PROGRAM [ARGUMENT...]");
  if (strcmp(arguments[1], "any") != 0) hold_to(atoi(arguments[1]));

  struct rlimit descriptors;
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) fail("getrlimit");
  descriptors.rlim_cur = descriptors.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &descriptors) != 0) fail("setrlimit");

  prctl(PR_SET_PDEATHSIG, SIGKILL);
  execvp(arguments[2], arguments + 2);
  fail(arguments[2]);
}
