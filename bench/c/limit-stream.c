/*
 * limit-stream ENDPOINT [--sending]: the limit for the one-way stream bench. Receives into one 64 KiB buffer and
 * forgets it, or sends 64 KiB a call to everyone who connects, for as long as the socket takes them.
 */
#include <sys/epoll.h>
#include <unistd.h>

#include "endpoint.h"
#include "fail.h"
#include "lifetime.h"
#include "options.h"

#define EVENTS_A_TURN 64
#define WRITE_BYTES 65536
#define CALLS_A_TURN 16 /* then the next connection has its turn */

static char buffer[WRITE_BYTES];

static void accept_all(int epoll, int listener, uint32_t events) {
  int socket;
  while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    struct epoll_event event = {.events = events, .data.fd = socket};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0) fail("epoll_ctl");
  }
}

static void transfer(int socket, int sending) {
  for (int call = 0; call < CALLS_A_TURN; call++) {
    ssize_t length = sending ? send(socket, buffer, sizeof buffer, MSG_NOSIGNAL) : recv(socket, buffer, sizeof buffer, 0);
    if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) {
      close(socket);
      return;
    }
    if (length < WRITE_BYTES) return; /* full, or empty: to find that out by another call would be one call wasted */
  }
}

int main(int count, char **arguments) {
  if (count < 2) fail_plainly("usage: limit-stream PORT|PATH [--sending]");
  int sending = option_given(count, arguments, "--sending");
  struct endpoint endpoint = endpoint_parse(arguments[1]);
  int listener = endpoint_bind(&endpoint, SOCK_STREAM);
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) != 0) fail("epoll");
  lifetime_ends_with_input();
  endpoint_print_ready(&endpoint, listener);

  struct epoll_event events[EVENTS_A_TURN];
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS_A_TURN, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < ready; index++) {
      if (events[index].data.fd == listener) accept_all(epoll, listener, sending ? EPOLLOUT : EPOLLIN);
      else transfer(events[index].data.fd, sending);
    }
  }
}
