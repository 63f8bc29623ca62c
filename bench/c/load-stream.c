/*
 * load-stream ENDPOINT --server PID [--sending] [--connections 1] [--size 65536] [--warm-up S] [--seconds S]
 *
 * One way, as fast as it goes: takes in what the server sends, or with --sending sends to it, `size` bytes a call.
 * Counts whole `size`s of bytes. What it takes in it lets the kernel discard (MSG_TRUNC, tcp(7)), and what it sends
 * comes from pages of a file in memory (sendfile(2)), so that it copies nothing and the server is what is measured.
 */
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "clock.h"
#include "endpoint.h"
#include "fail.h"
#include "options.h"
#include "window.h"

#define EVENTS_A_TURN 64
#define CALLS_A_TURN 16
#define DISCARD_BYTES (1 << 20)
#define WAIT_MILLISECONDS 10

static struct window window;
static size_t size;
static uint64_t bytes;
static int pages; /* the file in memory */

static void send_more(int socket) {
  for (int call = 0; call < CALLS_A_TURN; call++) {
    off_t offset = 0;
    ssize_t length = sendfile(socket, pages, &offset, size);
    if (length < 0 && errno == EAGAIN) return;
    if (length < 0) fail("send to the server");
    bytes += (uint64_t)length;
  }
}

static void discard_more(int socket) {
  for (int call = 0; call < CALLS_A_TURN; call++) {
    ssize_t length = recv(socket, NULL, DISCARD_BYTES, MSG_TRUNC);
    if (length < 0 && errno == EAGAIN) return;
    if (length < 0) fail("receive from the server");
    if (length == 0) fail_plainly("the server closed a connection");
    bytes += (uint64_t)length;
    if (length < DISCARD_BYTES) return;
  }
}

int main(int count, char **arguments) {
  if (count < 2) fail_plainly("usage: load-stream PORT [OPTION...]");
  struct endpoint endpoint = endpoint_parse(arguments[1]);
  bool sending = option_given(count, arguments, "--sending");
  unsigned connections = (unsigned)option_number(count, arguments, "--connections", 1);
  size = (size_t)option_number(count, arguments, "--size", 65536);
  if (connections == 0 || size == 0) fail_plainly("connections and size are at least 1");

  pages = memfd_create("load-stream", MFD_CLOEXEC);
  if (pages < 0 || ftruncate(pages, (off_t)size) != 0) fail("memfd_create");
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("epoll_create1");
  for (unsigned index = 0; index < connections; index++) {
    int socket = endpoint_socket(&endpoint, SOCK_STREAM);
    endpoint_connect(&endpoint, socket);
    struct epoll_event event = {.events = sending ? EPOLLOUT : EPOLLIN, .data.fd = socket};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0) fail("epoll_ctl");
  }

  window_open(&window, count, arguments);
  struct epoll_event events[EVENTS_A_TURN];
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS_A_TURN, WAIT_MILLISECONDS);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < ready; index++) {
      if (sending) send_more(events[index].data.fd);
      else discard_more(events[index].data.fd);
    }
    bool warm = !window.measuring;
    if (window_passed(&window, clock_now())) break;
    if (warm && window.measuring) bytes = 0;
  }
  window.operations = bytes / size;
  window_print(&window, clock_now(), "");
  return 0;
}
