/* Making, naming, connecting and closing sockets (POSIX). What this environment opens, it owns until it closes it. */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../addon.h"

/* Takes a new descriptor into the set; if there is no memory for that, the descriptor does not stay open. */
static int64_t take(napi_env env, int fd) {
  if (fd < 0) return -errno;
  int result = own_descriptor(&addon_of(env)->owned, fd);
  if (result == 0) return fd;
  close(fd);
  return result;
}

/* socket(family, type, protocol): the descriptor. `type` carries SOCK_CLOEXEC and SOCK_NONBLOCK where there are such. */
static napi_value call_socket(napi_env env, napi_callback_info info) {
  napi_value v[3];
  int32_t family, type, protocol;
  if (!read_arguments(env, info, 3, v)) return NULL;
  if (!read_int(env, v[0], "family", &family) || !read_int(env, v[1], "type", &type)) return NULL;
  if (!read_int(env, v[2], "protocol", &protocol)) return NULL;
  return int_result(env, take(env, socket(family, type, protocol)));
}

/* socketpair(family, type, protocol, out): 0, with the two descriptors in `out`. */
static napi_value call_socketpair(napi_env env, napi_callback_info info) {
  napi_value v[4];
  int32_t family, type, protocol, *out;
  if (!read_arguments(env, info, 4, v)) return NULL;
  if (!read_int(env, v[0], "family", &family) || !read_int(env, v[1], "type", &type)) return NULL;
  if (!read_int(env, v[2], "protocol", &protocol) || !read_words(env, v[3], "out", 2, &out)) return NULL;
  int pair[2];
  if (socketpair(family, type, protocol, pair) == -1) return int_result(env, -errno);
  int64_t first = take(env, pair[0]);
  int64_t second = take(env, pair[1]);
  if (first < 0 || second < 0) {
    for (int i = 0; i < 2; i++) {
      if ((i == 0 ? first : second) < 0) continue;
      disown_descriptor(&addon_of(env)->owned, pair[i]);
      close(pair[i]);
    }
    return int_result(env, -ENOMEM);
  }
  out[0] = pair[0];
  out[1] = pair[1];
  return int_result(env, 0);
}

typedef int (*address_call)(int, const struct sockaddr *, socklen_t);

static napi_value call_with_address(napi_env env, napi_callback_info info, address_call call) {
  napi_value v[2];
  int32_t fd;
  struct bytes address;
  if (!read_arguments(env, info, 2, v)) return NULL;
  if (!read_int(env, v[0], "fd", &fd) || !read_bytes(env, v[1], "address", &address)) return NULL;
  return call_result(env, call(fd, (const struct sockaddr *)(const void *)address.data, (socklen_t)address.length));
}

static napi_value call_bind(napi_env env, napi_callback_info info) {
  return call_with_address(env, info, bind);
}

static napi_value call_connect(napi_env env, napi_callback_info info) {
  return call_with_address(env, info, connect);
}

typedef int (*number_call)(int, int);

static napi_value call_with_number(napi_env env, napi_callback_info info, const char *name, number_call call) {
  napi_value v[2];
  int32_t fd, number;
  if (!read_arguments(env, info, 2, v)) return NULL;
  if (!read_int(env, v[0], "fd", &fd) || !read_int(env, v[1], name, &number)) return NULL;
  return call_result(env, call(fd, number));
}

static napi_value call_listen(napi_env env, napi_callback_info info) {
  return call_with_number(env, info, "backlog", listen);
}

static napi_value call_shutdown(napi_env env, napi_callback_info info) {
  return call_with_number(env, info, "how", shutdown);
}

typedef int (*name_call)(int, struct sockaddr *, socklen_t *);

/* Writes the address into `address`, and returns its length, which may be more than there was room for. */
static napi_value call_for_name(napi_env env, napi_callback_info info, name_call call) {
  napi_value v[2];
  int32_t fd;
  struct bytes address;
  if (!read_arguments(env, info, 2, v)) return NULL;
  if (!read_int(env, v[0], "fd", &fd) || !read_bytes(env, v[1], "address", &address)) return NULL;
  socklen_t length = (socklen_t)address.length;
  int result = call(fd, (struct sockaddr *)(void *)address.data, &length);
  return call_result(env, result == -1 ? -1 : (int64_t)length);
}

static napi_value call_getsockname(napi_env env, napi_callback_info info) {
  return call_for_name(env, info, getsockname);
}

static napi_value call_getpeername(napi_env env, napi_callback_info info) {
  return call_for_name(env, info, getpeername);
}

/* close(fd). Never retried: on Linux the descriptor is gone even when close(2) reports EINTR. */
static napi_value call_close(napi_env env, napi_callback_info info) {
  napi_value v[1];
  int32_t fd;
  if (!read_arguments(env, info, 1, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  disown_descriptor(&addon_of(env)->owned, fd);
  return call_result(env, close(fd));
}

/* own(fd): from now on closed when the environment ends. disown(fd): no longer. */
static napi_value call_own(napi_env env, napi_callback_info info) {
  napi_value v[1];
  int32_t fd;
  if (!read_arguments(env, info, 1, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  if (fd < 0 || fcntl(fd, F_GETFD) == -1) return int_result(env, -EBADF);
  return int_result(env, own_descriptor(&addon_of(env)->owned, fd));
}

static napi_value call_disown(napi_env env, napi_callback_info info) {
  napi_value v[1];
  int32_t fd;
  if (!read_arguments(env, info, 1, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  disown_descriptor(&addon_of(env)->owned, fd);
  return int_result(env, 0);
}

/* fcntl(fd, command, argument) for the commands whose argument is a number: F_GETFL, F_SETFL, F_GETFD, F_SETFD, F_SETOWN. */
static napi_value call_fcntl(napi_env env, napi_callback_info info) {
  napi_value v[3];
  int32_t fd, command, argument;
  if (!read_arguments(env, info, 3, v)) return NULL;
  if (!read_int(env, v[0], "fd", &fd) || !read_int(env, v[1], "command", &command)) return NULL;
  if (!read_int(env, v[2], "argument", &argument)) return NULL;
  if (command != F_GETFL && command != F_SETFL && command != F_GETFD && command != F_SETFD &&
      command != F_SETOWN) {
    return int_result(env, -EINVAL);
  }
  return call_result(env, fcntl(fd, command, argument));
}

void export_socket_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "socket", call_socket);
  export_function(env, exports, "socketpair", call_socketpair);
  export_function(env, exports, "bind", call_bind);
  export_function(env, exports, "connect", call_connect);
  export_function(env, exports, "listen", call_listen);
  export_function(env, exports, "shutdown", call_shutdown);
  export_function(env, exports, "getsockname", call_getsockname);
  export_function(env, exports, "getpeername", call_getpeername);
  export_function(env, exports, "close", call_close);
  export_function(env, exports, "own", call_own);
  export_function(env, exports, "disown", call_disown);
  export_function(env, exports, "fcntl", call_fcntl);
}
