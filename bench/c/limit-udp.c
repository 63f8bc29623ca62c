/*
 * limit-udp ENDPOINT: the limit for the UDP echo, one datagram a call: a blocking recvfrom(2) and a sendto(2), for
 * ever. With one socket there is nothing to wait for but that socket, so no epoll, and no call that finds it empty.
 */
#include <fcntl.h>

#include "endpoint.h"
#include "fail.h"
#include "lifetime.h"

int main(int count, char **arguments) {
  if (count != 2) fail_plainly("usage: limit-udp PORT");
  struct endpoint endpoint = endpoint_parse(arguments[1]);
  int socket = endpoint_bind(&endpoint, SOCK_DGRAM);
  if (fcntl(socket, F_SETFL, 0) != 0) fail("fcntl");
  lifetime_ends_with_input();
  endpoint_print_ready(&endpoint, socket);

  static char buffer[65536];
  for (;;) {
    struct sockaddr_storage sender;
    socklen_t length = sizeof sender;
    ssize_t received = recvfrom(socket, buffer, sizeof buffer, 0, (struct sockaddr *)&sender, &length);
    if (received < 0) {
      if (errno == EINTR || errno == ECONNREFUSED) continue;
      fail("recvfrom");
    }
    sendto(socket, buffer, (size_t)received, 0, (struct sockaddr *)&sender, length);
  }
}
