/*
 * load-echo ENDPOINT --server PID [--connections 50] [--in-flight 1] [--size 64] [--spin] [--pause MICROSECONDS]
 *           [--warm-up S] [--seconds S]
 *
 * Keeps `in-flight` messages of `size` bytes under way on each connection, in a closed loop, and counts those that
 * come back. What comes back during the warm-up is compared with what was sent. With --spin it asks without waiting
 * (epoll_wait with no timeout), so that its own waking up is no part of a round trip, and with --pause it lets that
 * time pass before it answers an answer, so that the server is asleep again when the next message comes: for latency.
 *
 * It watches by edges (EPOLLET), which spares it a look at every socket that it has just emptied: a load has to be
 * faster than what it loads.
 */
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "endpoint.h"
#include "fail.h"
#include "options.h"
#include "window.h"

#define EVENTS_A_TURN 512
#define RECEIVE_BYTES 65536
#define WAIT_MILLISECONDS 10
#define SILENCE_SECONDS 5 /* with everything under way and nothing coming back, something is broken */

struct connection {
  int socket;
  bool wants_out;        /* registered for EPOLLOUT, too */
  uint64_t received;     /* bytes, since it was opened */
  uint64_t sent;         /* bytes that the kernel took */
  uint64_t unsent;       /* bytes that it did not take yet */
  unsigned oldest;       /* which of the times below belongs to the message that comes back next */
  uint64_t *sent_times;  /* one for each message in flight */
};

static size_t size;
static unsigned in_flight;
static uint64_t pause_time; /* nanoseconds */
static char *pattern; /* messages one after another, as long as the longest stretch sent or received in one call */
static size_t pattern_bytes;
static char buffer[RECEIVE_BYTES];
static int epoll;
static struct window window;

static void send_unsent(struct connection *connection) {
  while (connection->unsent > 0) {
    size_t offset = connection->sent % size;
    size_t length = pattern_bytes - offset;
    if (length > connection->unsent) length = connection->unsent;
    ssize_t sent = send(connection->socket, pattern + offset, length, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN) fail("send to the server");
      break;
    }
    connection->sent += (uint64_t)sent;
    connection->unsent -= (uint64_t)sent;
  }
  bool wants_out = connection->unsent > 0;
  if (wants_out == connection->wants_out) return;
  connection->wants_out = wants_out;
  struct epoll_event event = {.events = EPOLLET | EPOLLIN | (wants_out ? EPOLLOUT : 0), .data.ptr = connection};
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, connection->socket, &event) != 0) fail("epoll_ctl");
}

/* The time after the pause. */
static uint64_t pass_time(uint64_t now) {
  uint64_t until = now + pause_time;
  while (now < until) now = clock_now();
  return now;
}

/* Takes what is there; false when there may be more. */
static bool receive(struct connection *connection) {
  ssize_t length = recv(connection->socket, buffer, sizeof buffer, 0);
  if (length < 0 && errno == EAGAIN) return true;
  if (length < 0) fail("receive from the server");
  if (length == 0) fail_plainly("the server closed a connection");
  if (!window.measuring && memcmp(buffer, pattern + connection->received % size, (size_t)length) != 0) {
    fail_plainly("the server sent back something else than it was sent");
  }
  uint64_t before = connection->received / size;
  connection->received += (uint64_t)length;
  uint64_t complete = connection->received / size - before;
  if (complete == 0) return length < RECEIVE_BYTES;
  uint64_t now = clock_now();
  uint64_t next = pass_time(now);
  for (uint64_t message = 0; message < complete; message++) {
    histogram_record(&window.latency, now - connection->sent_times[connection->oldest]);
    connection->sent_times[connection->oldest] = next;
    connection->oldest = connection->oldest + 1 == in_flight ? 0 : connection->oldest + 1;
  }
  window.operations += complete;
  connection->unsent += complete * size;
  send_unsent(connection);
  return length < RECEIVE_BYTES;
}

static void open_connection(struct connection *connection, const struct endpoint *endpoint) {
  connection->socket = endpoint_socket(endpoint, SOCK_STREAM);
  endpoint_connect(endpoint, connection->socket);
  struct epoll_event event = {.events = EPOLLET | EPOLLIN, .data.ptr = connection};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->socket, &event) != 0) fail("epoll_ctl");
  connection->sent_times = calloc(in_flight, sizeof *connection->sent_times);
  if (connection->sent_times == NULL) fail("calloc");
  uint64_t now = clock_now();
  for (unsigned index = 0; index < in_flight; index++) connection->sent_times[index] = now;
  connection->unsent = (uint64_t)in_flight * size;
}

int main(int count, char **arguments) {
  if (count < 2) fail_plainly("usage: load-echo PORT|PATH [OPTION...]");
  struct endpoint endpoint = endpoint_parse(arguments[1]);
  unsigned connections = (unsigned)option_number(count, arguments, "--connections", 50);
  in_flight = (unsigned)option_number(count, arguments, "--in-flight", 1);
  pause_time = clock_from_seconds(option_number(count, arguments, "--pause", 0) / 1e6);
  size = (size_t)option_number(count, arguments, "--size", 64);
  int timeout = option_given(count, arguments, "--spin") ? 0 : WAIT_MILLISECONDS;
  if (connections == 0 || in_flight == 0 || size == 0) fail_plainly("connections, in-flight and size are at least 1");

  pattern_bytes = size + (in_flight * size > RECEIVE_BYTES ? in_flight * size : RECEIVE_BYTES);
  pattern = malloc(pattern_bytes);
  struct connection *all = calloc(connections, sizeof *all);
  if (pattern == NULL || all == NULL) fail("malloc");
  for (size_t index = 0; index < pattern_bytes; index++) pattern[index] = (char)(index % size * 31 % 251);

  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("epoll_create1");
  for (unsigned index = 0; index < connections; index++) open_connection(&all[index], &endpoint);
  window_open(&window, count, arguments);
  for (unsigned index = 0; index < connections; index++) send_unsent(&all[index]);

  struct epoll_event events[EVENTS_A_TURN];
  uint64_t heard = clock_now();
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS_A_TURN, timeout);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < ready; index++) {
      struct connection *connection = events[index].data.ptr;
      if (events[index].events & EPOLLOUT) send_unsent(connection);
      if ((events[index].events & ~(uint32_t)EPOLLOUT) == 0) continue;
      while (!receive(connection)) continue;
    }
    uint64_t now = clock_now();
    if (ready > 0) heard = now;
    else if (now - heard > SILENCE_SECONDS * NANOSECONDS_A_SECOND) fail_plainly("the server has stopped answering");
    if (window_passed(&window, now)) break;
  }
  window_print(&window, clock_now(), "");
  return 0;
}
