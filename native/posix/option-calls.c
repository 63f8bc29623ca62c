/* getsockopt(2) and setsockopt(2), in numbers for the many options that are an int, in bytes for all others. */
#include <errno.h>
#include <sys/socket.h>

#include "../addon.h"

struct option {
  int32_t fd, level, name;
};

static bool read_option(napi_env env, const napi_value *v, struct option *option) {
  return read_int(env, v[0], "fd", &option->fd) && read_int(env, v[1], "level", &option->level) &&
         read_int(env, v[2], "name", &option->name);
}

/* setsockoptInt(fd, level, name, value) */
static napi_value call_setsockopt_int(napi_env env, napi_callback_info info) {
  napi_value v[4];
  struct option o;
  int32_t value;
  if (!read_arguments(env, info, 4, v) || !read_option(env, v, &o) || !read_int(env, v[3], "value", &value)) return NULL;
  return call_result(env, setsockopt(o.fd, o.level, o.name, &value, sizeof value));
}

/* setsockopt(fd, level, name, bytes) */
static napi_value call_setsockopt(napi_env env, napi_callback_info info) {
  napi_value v[4];
  struct option o;
  struct bytes value;
  if (!read_arguments(env, info, 4, v) || !read_option(env, v, &o) || !read_bytes(env, v[3], "value", &value)) return NULL;
  return call_result(env, setsockopt(o.fd, o.level, o.name, value.data, (socklen_t)value.length));
}

/* sizeof(struct sock_filter) */
#define FILTER_INSTRUCTION_BYTES 8

/* Whether the length of the option is a number of instructions, alone among all options: Linux's SO_GET_FILTER. */
static bool counts_instructions(const struct option *option) {
#ifdef SO_GET_FILTER
  return option->level == SOL_SOCKET && option->name == SO_GET_FILTER;
#else
  (void)option;
  return false;
#endif
}

/* getsockopt(fd, level, name, bytes): the length of the value, which is in `bytes`. */
static napi_value call_getsockopt(napi_env env, napi_callback_info info) {
  napi_value v[4];
  struct option o;
  struct bytes value;
  if (!read_arguments(env, info, 4, v) || !read_option(env, v, &o) || !read_bytes(env, v[3], "value", &value)) return NULL;
  /* A length in bytes would have the kernel write eight times as many. */
  socklen_t unit = counts_instructions(&o) ? FILTER_INSTRUCTION_BYTES : 1;
  if (value.length % unit != 0) return int_result(env, -EINVAL);
  socklen_t length = (socklen_t)value.length / unit;
  int result = getsockopt(o.fd, o.level, o.name, value.data, &length);
  return call_result(env, result == -1 ? -1 : (int64_t)length * unit);
}

void export_option_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "setsockoptInt", call_setsockopt_int);
  export_function(env, exports, "setsockopt", call_setsockopt);
  export_function(env, exports, "getsockopt", call_getsockopt);
}
