/* accept4(2): Linux and the BSDs have it, POSIX and macOS do not. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../addon.h"

/*
 * accept4(fd, address, out): the new descriptor, close-on-exec and non-blocking, owned by the environment; the peer's
 * address is in `address`, its length in `out`.
 */
static napi_value call_accept4(napi_env env, napi_callback_info info) {
  napi_value v[3];
  int32_t fd, *out;
  struct bytes address;
  if (!read_arguments(env, info, 3, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  if (!read_bytes(env, v[1], "address", &address) || !read_words(env, v[2], "out", 1, &out)) return NULL;
  int result;
  socklen_t length;
  do {
    length = (socklen_t)address.length;
    result = accept4(fd, (struct sockaddr *)(void *)address.data, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
  } while (result == -1 && errno == EINTR);
  if (result == -1) return int_result(env, -errno);
  int owned = own_descriptor(&addon_of(env)->owned, result);
  if (owned < 0) {
    close(result);
    return int_result(env, owned);
  }
  out[0] = (int32_t)length;
  return int_result(env, result);
}

void export_accept_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "accept4", call_accept4);
}
