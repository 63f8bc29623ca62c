/* Descriptors as such: a second one for the same socket, and whose one is. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "../addon.h"

/* dup(fd): another descriptor of the same open file, close-on-exec, owned by this environment. */
static napi_value call_dup(napi_env env, napi_callback_info info) {
  napi_value v[1];
  int32_t fd;
  if (!read_arguments(env, info, 1, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy == -1) return int_result(env, -errno);
  int result = own_descriptor(&addon_of(env)->owned, copy);
  if (result == 0) return int_result(env, copy);
  close(copy);
  return int_result(env, result);
}

/* owns(fd): 1 if the descriptor is one that this environment closes at its end, else 0. */
static napi_value call_owns(napi_env env, napi_callback_info info) {
  napi_value v[1];
  int32_t fd;
  if (!read_arguments(env, info, 1, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  return int_result(env, owns_descriptor(&addon_of(env)->owned, fd) ? 1 : 0);
}

void export_descriptor_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "dup", call_dup);
  export_function(env, exports, "owns", call_owns);
}
