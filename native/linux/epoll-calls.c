/* An epoll of its own for who waits on many descriptors (Linux): epoll(7). */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "../addon.h"

/* The most events that one call takes. */
enum { MOST_EVENTS = 1024 };

/* epollCreate(): the descriptor, owned by this environment. */
static napi_value call_epoll_create(napi_env env, napi_callback_info info) {
  (void)info;
  int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd == -1) return int_result(env, -errno);
  int result = own_descriptor(&addon_of(env)->owned, fd);
  if (result == 0) return int_result(env, fd);
  close(fd);
  return int_result(env, result);
}

/* epollCtl(epoll, command, fd, events, data): 0. `data` comes back with each event. */
static napi_value call_epoll_ctl(napi_env env, napi_callback_info info) {
  napi_value v[5];
  int32_t epoll, command, fd;
  uint32_t events, data;
  if (!read_arguments(env, info, 5, v) || !read_int(env, v[0], "epoll", &epoll)) return NULL;
  if (!read_int(env, v[1], "command", &command) || !read_int(env, v[2], "fd", &fd)) return NULL;
  if (!read_uint(env, v[3], "events", &events) || !read_uint(env, v[4], "data", &data)) return NULL;
  struct epoll_event event = {.events = events, .data.u32 = data};
  return call_result(env, epoll_ctl(epoll, command, fd, &event));
}

/* epollTake(epoll, out): how many are ready now, without waiting; for each a mask and its data in `out`. */
static napi_value call_epoll_take(napi_env env, napi_callback_info info) {
  napi_value v[2], buffer;
  napi_typedarray_type type;
  size_t words, offset;
  void *data;
  int32_t epoll, *out;
  if (!read_arguments(env, info, 2, v) || !read_int(env, v[0], "epoll", &epoll)) return NULL;
  if (!read_words(env, v[1], "out", 2, &out)) return NULL;
  if (napi_get_typedarray_info(env, v[1], &type, &words, &data, &buffer, &offset) != napi_ok) return NULL;
  struct epoll_event events[MOST_EVENTS];
  int most = words / 2 < MOST_EVENTS ? (int)(words / 2) : MOST_EVENTS;
  int count;
  do count = epoll_wait(epoll, events, most, 0);
  while (count == -1 && errno == EINTR);
  for (int i = 0; i < count; i++) {
    out[2 * i] = (int32_t)events[i].events;
    out[2 * i + 1] = (int32_t)events[i].data.u32;
  }
  return call_result(env, count);
}

void export_epoll_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "epollCreate", call_epoll_create);
  export_function(env, exports, "epollCtl", call_epoll_ctl);
  export_function(env, exports, "epollTake", call_epoll_take);
}
