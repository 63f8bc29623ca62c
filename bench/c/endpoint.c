#include "endpoint.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include "fail.h"

struct endpoint endpoint_parse(const char *text) {
  struct endpoint endpoint = {0};
  if (strchr(text, '/') != NULL) {
    struct sockaddr_un *address = (struct sockaddr_un *)&endpoint.address;
    if (strlen(text) >= sizeof address->sun_path) fail_plainly("the path is too long for a Unix socket");
    address->sun_family = AF_UNIX;
    strcpy(address->sun_path, text);
    endpoint.length = sizeof *address;
    return endpoint;
  }
  struct sockaddr_in *address = (struct sockaddr_in *)&endpoint.address;
  char *rest;
  long port = strtol(text, &rest, 10);
  if (rest == text || *rest != '\0' || port < 0 || port > 65535) fail_plainly("an endpoint is a port or a path");
  address->sin_family = AF_INET;
  address->sin_port = htons((uint16_t)port);
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  endpoint.length = sizeof *address;
  return endpoint;
}

bool endpoint_is_unix(const struct endpoint *endpoint) { return endpoint->address.ss_family == AF_UNIX; }

/* For TCP, TCP_NODELAY on a listener holds for what it accepts. */
static void set_no_delay(int socket) {
  int on = 1;
  if (setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("TCP_NODELAY");
}

int endpoint_bind(const struct endpoint *endpoint, int type) {
  int socket_ = socket(endpoint->address.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) fail("socket");
  if (bind(socket_, (const struct sockaddr *)&endpoint->address, endpoint->length) != 0) fail("bind");
  if (type == SOCK_STREAM && !endpoint_is_unix(endpoint)) set_no_delay(socket_);
  if (type == SOCK_STREAM && listen(socket_, 4096) != 0) fail("listen");
  return socket_;
}

void endpoint_print_ready(const struct endpoint *endpoint, int listener) {
  if (endpoint_is_unix(endpoint)) {
    printf("ready %s\n", ((const struct sockaddr_un *)&endpoint->address)->sun_path);
  } else {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) fail("getsockname");
    printf("ready %d\n", ntohs(address.sin_port));
  }
  fflush(stdout);
}

/*
 * The load's own end of a TCP connection costs as little as it can, so that the server is what is measured: no delay,
 * and Reno for congestion control, which is always there, and which does not pace as BBR does.
 */
static void make_light(int socket) {
  set_no_delay(socket);
  setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, "reno", strlen("reno"));
}

int endpoint_socket(const struct endpoint *endpoint, int type) {
  int socket_ = socket(endpoint->address.ss_family, type | SOCK_CLOEXEC, 0);
  if (socket_ < 0) fail("socket");
  if (type == SOCK_STREAM && !endpoint_is_unix(endpoint)) make_light(socket_);
  return socket_;
}

void endpoint_connect(const struct endpoint *endpoint, int socket) {
  if (connect(socket, (const struct sockaddr *)&endpoint->address, endpoint->length) != 0) fail("connect to the server");
  if (fcntl(socket, F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
}

void endpoint_bind_source(int socket, uint32_t number) {
  int on = 1;
  struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + number)};
  if (setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0) fail("IP_BIND_ADDRESS_NO_PORT");
  if (bind(socket, (const struct sockaddr *)&source, sizeof source) != 0) fail("bind to a source address");
}
