/* Whom SIGIO and SIGURG of a descriptor go to (fcntl(2)). */
#include <errno.h>
#include <fcntl.h>

#include "../addon.h"

/*
 * fcntlGetOwner(fd, out): out[0] is the process or thread, or the process group negated; 0 for nobody. F_GETOWN would
 * return the same, but there a group cannot be told from an errno.
 */
static napi_value call_fcntl_get_owner(napi_env env, napi_callback_info info) {
  napi_value v[2];
  int32_t fd, *out;
  if (!read_arguments(env, info, 2, v)) return NULL;
  if (!read_int(env, v[0], "fd", &fd) || !read_words(env, v[1], "out", 1, &out)) return NULL;
  struct f_owner_ex owner = {0};
  int result = fcntl(fd, F_GETOWN_EX, &owner);
  if (result == 0) out[0] = owner.type == F_OWNER_PGRP ? -owner.pid : owner.pid;
  return call_result(env, result);
}

void export_owner_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "fcntlGetOwner", call_fcntl_get_owner);
}
