/*
 * load-idle ENDPOINT --server PID [--connections 10000] [--size 64] [--warm-up S]
 *
 * Opens connections, has one message echoed on each, so that the server has truly taken it and read from it, and
 * leaves them idle. Prints how much the server's resident memory has grown between the first hundred, which pay for
 * what a server has once, and the last; --warm-up is how long it waits before each of the two readings.
 */
#include <poll.h>
#include <unistd.h>

#include "clock.h"
#include "endpoint.h"
#include "fail.h"
#include "options.h"
#include "usage.h"

#define FIRST_CONNECTIONS 100
#define AT_ONCE 100
#define CONNECTIONS_A_SOURCE 20000
#define SILENCE_MILLISECONDS 5000

static struct endpoint endpoint;
static size_t size;
static char *message;
static uint32_t opened;

static int open_one(void) {
  int socket = endpoint_socket(&endpoint, SOCK_STREAM);
  if (!endpoint_is_unix(&endpoint)) endpoint_bind_source(socket, opened++ / CONNECTIONS_A_SOURCE);
  endpoint_connect(&endpoint, socket);
  if (send(socket, message, size, MSG_NOSIGNAL) != (ssize_t)size) fail("send to the server");
  return socket;
}

static void await_echo(int socket) {
  size_t received = 0;
  while (received < size) {
    struct pollfd wait = {.fd = socket, .events = POLLIN};
    if (poll(&wait, 1, SILENCE_MILLISECONDS) == 0) fail_plainly("the server has stopped answering");
    ssize_t length = recv(socket, message, size - received, 0);
    if (length < 0) fail("receive from the server");
    if (length == 0) fail_plainly("the server closed a connection");
    received += (size_t)length;
  }
}

/* They stay open until this program ends. */
static void open_connections(unsigned count) {
  int sockets[AT_ONCE];
  while (count > 0) {
    unsigned batch = count < AT_ONCE ? count : AT_ONCE;
    for (unsigned index = 0; index < batch; index++) sockets[index] = open_one();
    for (unsigned index = 0; index < batch; index++) await_echo(sockets[index]);
    count -= batch;
  }
}

int main(int count, char **arguments) {
  if (count < 2) fail_plainly("usage: load-idle PORT|PATH [OPTION...]");
  endpoint = endpoint_parse(arguments[1]);
  unsigned connections = (unsigned)option_number(count, arguments, "--connections", 10000);
  pid_t server = (pid_t)option_number(count, arguments, "--server", 0);
  useconds_t settle = (useconds_t)(option_number(count, arguments, "--warm-up", 0.5) * 1e6);
  size = (size_t)option_number(count, arguments, "--size", 64);
  if (connections == 0 || size == 0 || server == 0) fail_plainly("connections, size and server are at least 1");
  message = calloc(size, 1);
  if (message == NULL) fail("calloc");

  open_connections(FIRST_CONNECTIONS);
  usleep(settle);
  uint64_t resident = usage_resident(server), cpu = usage_cpu(server), started = clock_now();
  open_connections(connections);
  usleep(settle);
  uint64_t grown = usage_resident(server);
  printf("{\"operations\":%u,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"resident_bytes\":%llu,\"grown_bytes\":%lld}\n",
         connections, (double)(clock_now() - started) / 1e9, (double)(usage_cpu(server) - cpu) / 1e9,
         (unsigned long long)grown, (long long)(grown - resident));
  return 0;
}
