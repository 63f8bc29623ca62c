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

/* ownedDescriptors(): the numbers of those that are closed when this environment ends, in their order. */
static napi_value call_owned_descriptors(napi_env env, napi_callback_info info) {
  (void)info;
  const struct descriptor_set *set = &addon_of(env)->owned;
  napi_value list, number;
  uint32_t count = 0;
  if (napi_create_array(env, &list) != napi_ok) return NULL;
  for (size_t at = 0; at < set->word_count * 64; at++) {
    if ((set->words[at / 64] & (UINT64_C(1) << (at % 64))) == 0) continue;
    if (napi_create_uint32(env, (uint32_t)at, &number) != napi_ok) return NULL;
    if (napi_set_element(env, list, count++, number) != napi_ok) return NULL;
  }
  return list;
}

void export_descriptor_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "dup", call_dup);
  export_function(env, exports, "owns", call_owns);
  export_function(env, exports, "ownedDescriptors", call_owned_descriptors);
}
