/* Network interfaces by name and by index (POSIX net/if.h). */
#include <errno.h>
#include <net/if.h>

#include "../addon.h"

/* if_nametoindex(name): the index, or the errno negated (ENODEV: no such interface). */
static napi_value call_if_nametoindex(napi_env env, napi_callback_info info) {
  napi_value v[1];
  char name[IF_NAMESIZE + 1];
  size_t length;
  if (!read_arguments(env, info, 1, v)) return NULL;
  if (napi_get_value_string_utf8(env, v[0], name, sizeof name, &length) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"name\" argument must be a string.");
    return NULL;
  }
  if (length >= IF_NAMESIZE) return int_result(env, -ENODEV);
  unsigned index = if_nametoindex(name);
  return int_result(env, index == 0 ? -errno : (int64_t)index);
}

void export_interface_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "if_nametoindex", call_if_nametoindex);
}
