/* poll(2): which of several descriptors are ready. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "../addon.h"

/* Descriptors that need no memory from the heap. */
enum { FEW = 64 };

/*
 * poll(fds, events, revents, timeout): how many are ready; `revents` receives a mask for each. The three are as long as
 * `fds`; a negative number in it is passed over. `timeout` is in milliseconds: 0 only asks, -1 waits for ever.
 */
static napi_value call_poll(napi_env env, napi_callback_info info) {
  napi_value v[4], buffer;
  napi_typedarray_type type;
  size_t count, offset;
  void *data;
  int32_t *fds, *events, *revents, timeout;
  if (!read_arguments(env, info, 4, v) || !read_words(env, v[0], "fds", 0, &fds)) return NULL;
  if (napi_get_typedarray_info(env, v[0], &type, &count, &data, &buffer, &offset) != napi_ok) return NULL;
  if (!read_words(env, v[1], "events", count, &events) || !read_words(env, v[2], "revents", count, &revents)) return NULL;
  if (!read_int(env, v[3], "timeout", &timeout)) return NULL;
  struct pollfd few[FEW];
  struct pollfd *list = count <= FEW ? few : malloc(count * sizeof *list);
  if (list == NULL) return int_result(env, -ENOMEM);
  for (size_t i = 0; i < count; i++) list[i] = (struct pollfd){.fd = fds[i], .events = (short)events[i]};
  int result = poll(list, (nfds_t)count, timeout);
  int error = errno;
  for (size_t i = 0; i < count && result >= 0; i++) revents[i] = (unsigned short)list[i].revents;
  if (list != few) free(list);
  return int_result(env, result == -1 ? -error : result);
}

void export_poll_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "poll", call_poll);
}
