/*
 * load-accept ENDPOINT --server PID [--connections 50] [--size 1] [--warm-up S] [--seconds S]
 *
 * Opens, sends `size` bytes, waits for them to come back, closes: `connections` of them at once, for ever, and counts
 * the closed ones. The server then reads the end and closes too.
 *
 * It closes in order (FIN), as programs do: a reset (SO_LINGER of 0) would make every server handle an error. The end
 * that closes first keeps its port for a minute (TIME_WAIT), and the kernel gives such a port out again after a second
 * on loopback (tcp_tw_reuse of 2, ip-sysctl); so the connections are spread over source addresses enough for that.
 */
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "endpoint.h"
#include "fail.h"
#include "options.h"
#include "window.h"

#define EVENTS_A_TURN 512
#define WAIT_MILLISECONDS 10
#define SOURCES 4
#define SILENCE_SECONDS 5

struct slot {
  int socket;
  size_t waiting_for; /* bytes of the echo still to come */
  uint64_t opened;
};

static struct endpoint endpoint;
static struct window window;
static int epoll;
static size_t size;
static char *message;
static uint64_t opened;

static void open_connection(struct slot *slot) {
  slot->opened = clock_now();
  slot->waiting_for = size;
  slot->socket = endpoint_socket(&endpoint, SOCK_STREAM);
  if (!endpoint_is_unix(&endpoint)) endpoint_bind_source(slot->socket, (uint32_t)(++opened % SOURCES));
  endpoint_connect(&endpoint, slot->socket);
  if (send(slot->socket, message, size, MSG_NOSIGNAL) != (ssize_t)size) fail("send to the server");
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = slot};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, slot->socket, &event) != 0) fail("epoll_ctl");
}

static void go_on(struct slot *slot) {
  char buffer[4096];
  ssize_t length = recv(slot->socket, buffer, sizeof buffer, 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length < 0) fail("receive from the server");
  if (length == 0) fail_plainly("the server closed a connection before it had echoed");
  if ((size_t)length > slot->waiting_for) fail_plainly("the server sent more than it was sent");
  slot->waiting_for -= (size_t)length;
  if (slot->waiting_for > 0) return;
  close(slot->socket);
  window.operations++;
  histogram_record(&window.latency, clock_now() - slot->opened);
  open_connection(slot);
}

int main(int count, char **arguments) {
  if (count < 2) fail_plainly("usage: load-accept PORT [OPTION...]");
  endpoint = endpoint_parse(arguments[1]);
  unsigned connections = (unsigned)option_number(count, arguments, "--connections", 50);
  size = (size_t)option_number(count, arguments, "--size", 1);
  if (connections == 0 || size == 0 || size > 4096) fail_plainly("connections is at least 1, size 1 to 4096");
  message = calloc(size, 1);
  struct slot *slots = calloc(connections, sizeof *slots);
  if (message == NULL || slots == NULL) fail("calloc");

  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("epoll_create1");
  window_open(&window, count, arguments);
  for (unsigned index = 0; index < connections; index++) open_connection(&slots[index]);

  struct epoll_event events[EVENTS_A_TURN];
  uint64_t heard = clock_now();
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS_A_TURN, WAIT_MILLISECONDS);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < ready; index++) go_on(events[index].data.ptr);
    uint64_t now = clock_now();
    if (ready > 0) heard = now;
    else if (now - heard > SILENCE_SECONDS * NANOSECONDS_A_SECOND) fail_plainly("the server has stopped answering");
    if (window_passed(&window, now)) break;
  }
  window_print(&window, clock_now(), "");
  return 0;
}
