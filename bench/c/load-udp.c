/*
 * load-udp PORT --server PID [--connections 16] [--in-flight 128] [--size 64] [--warm-up S] [--seconds S]
 *
 * Keeps `in-flight` datagrams under way in all, spread evenly over `connections` connected sockets, and counts those
 * that come back. It sends and receives many a call (sendmmsg(2), recvmmsg(2)), so that the server is what is measured.
 *
 * Each datagram carries its number. A socket that has heard nothing for a tenth of a second takes what it has under
 * way for lost, counts it, and sends as many anew under a new generation; what comes late is told by it and ignored.
 */
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clock.h"
#include "endpoint.h"
#include "fail.h"
#include "options.h"
#include "window.h"

#define EVENTS_A_TURN 64
#define BATCH 64
#define WAIT_MILLISECONDS 10
#define LOST_AFTER_NANOSECONDS (NANOSECONDS_A_SECOND / 10)
#define SMALLEST_SIZE (sizeof(struct mark))

struct mark {
  uint64_t sent_at;
  uint32_t generation;
  uint32_t unused;
};

struct flow {
  int socket;
  uint32_t generation;
  unsigned wanted;    /* how many it is to have under way */
  unsigned under_way;
  uint64_t heard;     /* when the last came back, or was given up */
};

static struct window window;
static size_t size;
static char (*bytes)[65536];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];
static uint64_t lost;
static bool ending; /* the window is over: nothing is sent any more */

static void fill(struct flow *flow, uint64_t now) {
  while (flow->under_way < flow->wanted) {
    unsigned batch = flow->wanted - flow->under_way;
    if (batch > BATCH) batch = BATCH;
    for (unsigned index = 0; index < batch; index++) {
      struct mark mark = {.sent_at = now, .generation = flow->generation};
      memcpy(bytes[index], &mark, sizeof mark);
      vectors[index].iov_len = size;
    }
    int sent = sendmmsg(flow->socket, messages, batch, 0);
    if (sent < 0 && (errno == EAGAIN || errno == ECONNREFUSED)) return;
    if (sent < 0) fail("send to the server");
    flow->under_way += (unsigned)sent;
  }
}

static void drain(struct flow *flow) {
  for (;;) {
    for (unsigned index = 0; index < BATCH; index++) vectors[index].iov_len = sizeof bytes[index];
    int received = recvmmsg(flow->socket, messages, BATCH, MSG_DONTWAIT, NULL);
    if (received < 0 && errno == EAGAIN) return;
    if (received < 0) fail("receive from the server");
    uint64_t now = clock_now();
    for (int index = 0; index < received; index++) {
      struct mark mark;
      memcpy(&mark, bytes[index], sizeof mark);
      if (messages[index].msg_len != size) fail_plainly("the server sent back another length than it was sent");
      if (mark.generation != flow->generation) continue;
      flow->under_way--;
      window.operations++;
      histogram_record(&window.latency, now - mark.sent_at);
    }
    flow->heard = now;
    if (!ending) fill(flow, now);
    if (received < BATCH) return;
  }
}

static void give_up_on_lost(struct flow *flow, uint64_t now) {
  if (now - flow->heard < LOST_AFTER_NANOSECONDS) return;
  lost += flow->under_way;
  flow->under_way = 0;
  flow->generation++;
  flow->heard = now;
  fill(flow, now);
}

/* Takes in what is still under way, so that no server sends to a port that has gone, and hears so of the kernel. */
static void take_in_the_rest(struct flow *flows, unsigned count) {
  ending = true;
  uint64_t until = clock_now() + LOST_AFTER_NANOSECONDS;
  for (unsigned index = 0; index < count; index++) {
    while (flows[index].under_way > 0 && clock_now() < until) drain(&flows[index]);
  }
}

int main(int count, char **arguments) {
  if (count < 2) fail_plainly("usage: load-udp PORT [OPTION...]");
  struct endpoint endpoint = endpoint_parse(arguments[1]);
  unsigned flows = (unsigned)option_number(count, arguments, "--connections", 16);
  unsigned in_flight = (unsigned)option_number(count, arguments, "--in-flight", 128);
  size = (size_t)option_number(count, arguments, "--size", 64);
  if (flows == 0 || in_flight < flows) fail_plainly("in-flight is at least connections, and they at least 1");
  if (size < SMALLEST_SIZE || size > 65507) fail_plainly("size is 16 to 65507");

  bytes = calloc(BATCH, sizeof *bytes);
  struct flow *all = calloc(flows, sizeof *all);
  if (bytes == NULL || all == NULL) fail("calloc");
  for (unsigned index = 0; index < BATCH; index++) {
    vectors[index].iov_base = bytes[index];
    messages[index].msg_hdr = (struct msghdr){.msg_iov = &vectors[index], .msg_iovlen = 1};
  }
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("epoll_create1");
  window_open(&window, count, arguments);
  for (unsigned index = 0; index < flows; index++) {
    struct flow *flow = &all[index];
    flow->socket = endpoint_socket(&endpoint, SOCK_DGRAM);
    endpoint_connect(&endpoint, flow->socket);
    flow->wanted = in_flight / flows + (index < in_flight % flows);
    flow->heard = clock_now();
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = flow};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, flow->socket, &event) != 0) fail("epoll_ctl");
    fill(flow, flow->heard);
  }

  struct epoll_event events[EVENTS_A_TURN];
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS_A_TURN, WAIT_MILLISECONDS);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < ready; index++) drain(events[index].data.ptr);
    uint64_t now = clock_now();
    for (unsigned index = 0; index < flows; index++) give_up_on_lost(&all[index], now);
    bool warm = !window.measuring;
    if (window_passed(&window, now)) break;
    if (warm && window.measuring) lost = 0;
  }
  char more[64];
  snprintf(more, sizeof more, ",\"lost\":%llu", (unsigned long long)lost);
  if (window.operations == 0) fail_plainly("the server has echoed nothing");
  window_print(&window, clock_now(), more);
  take_in_the_rest(all, flows);
  return 0;
}
