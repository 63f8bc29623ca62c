/*
 * limit-echo ENDPOINT: the limit for the echo, accept and idle benches. A plain level-triggered epoll loop: wait, and
 * for each connection one recv(2) and one send(2). It keeps nothing for a connection but what a full socket buffer
 * left unsent.
 */
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "endpoint.h"
#include "fail.h"
#include "lifetime.h"

#define EVENTS_A_TURN 512
#define RECEIVE_BYTES 65536

/* What could not be sent yet; by descriptor. While there is some, the connection is not read from. */
struct unsent {
  char *bytes;
  size_t length;
};

static struct unsent *unsent;
static size_t unsent_room;
static int epoll;
static char buffer[RECEIVE_BYTES];

static void watch(int socket, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.fd = socket};
  if (epoll_ctl(epoll, operation, socket, &event) != 0) fail("epoll_ctl");
}

static void accept_all(int listener) {
  for (;;) {
    int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EAGAIN) return;
      if (errno == ECONNABORTED || errno == EINTR) continue;
      fail("accept4");
    }
    watch(socket, EPOLLIN, EPOLL_CTL_ADD);
  }
}

static void finish(int socket) {
  if ((size_t)socket < unsent_room && unsent[socket].bytes != NULL) {
    free(unsent[socket].bytes);
    unsent[socket] = (struct unsent){0};
  }
  close(socket);
}

static void keep(int socket, const char *bytes, size_t length) {
  if ((size_t)socket >= unsent_room) {
    size_t room = (size_t)socket * 2 + 64;
    unsent = realloc(unsent, room * sizeof *unsent);
    if (unsent == NULL) fail("realloc");
    memset(unsent + unsent_room, 0, (room - unsent_room) * sizeof *unsent);
    unsent_room = room;
  }
  unsent[socket].bytes = malloc(length);
  if (unsent[socket].bytes == NULL) fail("malloc");
  memcpy(unsent[socket].bytes, bytes, length);
  unsent[socket].length = length;
  watch(socket, EPOLLOUT, EPOLL_CTL_MOD);
}

static void echo(int socket) {
  ssize_t received = recv(socket, buffer, sizeof buffer, 0);
  if (received <= 0) {
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
    finish(socket);
    return;
  }
  ssize_t sent = send(socket, buffer, (size_t)received, MSG_NOSIGNAL);
  if (sent == received) return;
  if (sent < 0 && errno != EAGAIN) finish(socket);
  else keep(socket, buffer + (sent < 0 ? 0 : sent), (size_t)(received - (sent < 0 ? 0 : sent)));
}

static void send_rest(int socket) {
  struct unsent *rest = &unsent[socket];
  ssize_t sent = send(socket, rest->bytes, rest->length, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN) finish(socket);
    return;
  }
  rest->length -= (size_t)sent;
  memmove(rest->bytes, rest->bytes + sent, rest->length);
  if (rest->length > 0) return;
  free(rest->bytes);
  *rest = (struct unsent){0};
  watch(socket, EPOLLIN, EPOLL_CTL_MOD);
}

int main(int count, char **arguments) {
  if (count != 2) fail_plainly("usage: limit-echo PORT|PATH");
  struct endpoint endpoint = endpoint_parse(arguments[1]);
  int listener = endpoint_bind(&endpoint, SOCK_STREAM);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("epoll_create1");
  watch(listener, EPOLLIN, EPOLL_CTL_ADD);
  lifetime_ends_with_input();
  endpoint_print_ready(&endpoint, listener);

  struct epoll_event events[EVENTS_A_TURN];
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS_A_TURN, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < ready; index++) {
      int socket = events[index].data.fd;
      if (socket == listener) accept_all(listener);
      else if (events[index].events & EPOLLOUT) send_rest(socket);
      else echo(socket);
    }
  }
}
