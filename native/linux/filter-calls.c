/* Programs of BPF's classic kind, which a socket option takes by their address: the one structure that JavaScript
 * cannot write, since it has no addresses. */
#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>

#include "../addon.h"

/* setsockoptProgram(fd, level, name, instructions): for SO_ATTACH_FILTER and others that take a struct sock_fprog. */
static napi_value call_setsockopt_program(napi_env env, napi_callback_info info) {
  napi_value v[4];
  int32_t fd, level, name;
  struct bytes bytes;
  if (!read_arguments(env, info, 4, v)) return NULL;
  if (!read_int(env, v[0], "fd", &fd) || !read_int(env, v[1], "level", &level)) return NULL;
  if (!read_int(env, v[2], "name", &name) || !read_bytes(env, v[3], "instructions", &bytes)) return NULL;
  /* Copied, because the bytes may lie where an instruction must not. */
  struct sock_filter instructions[BPF_MAXINSNS];
  if (bytes.length % sizeof *instructions != 0 || bytes.length > sizeof instructions) return int_result(env, -EINVAL);
  if (bytes.length > 0) memcpy(instructions, bytes.data, bytes.length);
  struct sock_fprog program = {.len = (unsigned short)(bytes.length / sizeof *instructions), .filter = instructions};
  return call_result(env, setsockopt(fd, level, name, &program, sizeof program));
}

void export_filter_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "setsockoptProgram", call_setsockopt_program);
}
