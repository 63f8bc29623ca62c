/* Where a server listens: a port of 127.0.0.1, or the path of a Unix socket (anything with a slash in it). */
#ifndef BENCH_ENDPOINT_H
#define BENCH_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct endpoint {
  struct sockaddr_storage address;
  socklen_t length;
};

/* Reads "PORT" or "/path"; ends the program on anything else. */
struct endpoint endpoint_parse(const char *text);

bool endpoint_is_unix(const struct endpoint *endpoint);

/*
 * A server's bound socket of that type, not blocking; for SOCK_STREAM a listening one, and for TCP with TCP_NODELAY, as
 * every server of the benches sets it.
 */
int endpoint_bind(const struct endpoint *endpoint, int type);

/* Prints the line that the harness waits for: "ready PORT" or "ready /path", with the port that the kernel chose. */
void endpoint_print_ready(const struct endpoint *endpoint, int listener);

/* A socket of that type for the endpoint's family, a load's end of a connection, not connected yet. */
int endpoint_socket(const struct endpoint *endpoint, int type);

/* Connects it, waiting until it is; the socket does not block from then on. */
void endpoint_connect(const struct endpoint *endpoint, int socket);

/*
 * Gives a TCP socket a source address of its own before it connects, the port left to connect(2)
 * (IP_BIND_ADDRESS_NO_PORT, ip(7)). One address has some 28,000 ports; 127.0.0.0/8 has many addresses.
 */
void endpoint_bind_source(int socket, uint32_t number);

#endif
