/*
 * load-start PROGRAM [ARGUMENT...]: runs a program to its end and prints how long that took, from before the fork to
 * after the wait, with the CPU time and the most memory that it used (wait4(2)). Its standard output is thrown away.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int main(int count, char **arguments) {
  if (count < 2) fail_plainly("usage: load-start PROGRAM [ARGUMENT...]");
  uint64_t started = clock_now();
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, 1);
    execvp(arguments[1], arguments + 1);
    fail(arguments[1]);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) fail("wait4");
  uint64_t ended = clock_now();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail_plainly("the program did not end well");
  printf("{\"operations\":1,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"resident_bytes\":%lld}\n",
         (double)(ended - started) / 1e9, seconds(usage.ru_utime) + seconds(usage.ru_stime),
         (long long)usage.ru_maxrss * 1024);
  return 0;
}
