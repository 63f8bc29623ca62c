#include "lifetime.h"

#include <fcntl.h>
#include <unistd.h>

void lifetime_ends_with_input(void) {
  if (isatty(0)) return;
  fcntl(0, F_SETOWN, getpid());
  fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_ASYNC);
}
