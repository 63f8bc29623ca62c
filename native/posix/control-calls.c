/* ioctl(2), for the requests that read or write a structure. */
#include <string.h>
#include <sys/ioctl.h>

#include "../addon.h"

/* The longest structure of a request: its length is a field of 14 bits (asm-generic/ioctl.h). */
#define LONGEST 16384

/*
 * ioctl(fd, request, bytes): the structure is read from `bytes`, and what the kernel made of it is written back. The
 * kernel gets a copy that is as long as any structure, since nothing tells it how long `bytes` is.
 */
static napi_value call_ioctl(napi_env env, napi_callback_info info) {
  napi_value v[3];
  int32_t fd;
  uint32_t request;
  struct bytes bytes;
  if (!read_arguments(env, info, 3, v)) return NULL;
  if (!read_int(env, v[0], "fd", &fd) || !read_uint(env, v[1], "request", &request)) return NULL;
  if (!read_bytes(env, v[2], "bytes", &bytes)) return NULL;
  if (bytes.length > LONGEST) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "The \"bytes\" argument must be at most 16384 bytes long.");
    return NULL;
  }
  _Alignas(16) uint8_t copy[LONGEST] = {0};
  if (bytes.length > 0) memcpy(copy, bytes.data, bytes.length);
  int result = ioctl(fd, request, copy);
  if (result != -1 && bytes.length > 0) memcpy(bytes.data, copy, bytes.length);
  return call_result(env, result);
}

void export_control_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "ioctl", call_ioctl);
}
