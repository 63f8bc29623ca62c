/*
 * What ends blocking calls of one thread from another: an eventfd (eventfd(2)), readable while it is cancelled, so that
 * poll(2) sees it beside the socket.
 *
 * Descriptor numbers belong to the whole process and are given out again, so a thread that had only the number could
 * write into a stranger's file after the other side has closed it, or has been terminated. So threads pass an id, which
 * never comes twice, and each has a handle of its own that holds the eventfd. It is closed with the last handle, and
 * handles end with their environment at the latest. The lock guards the list and the counts; a handle is used by its
 * own thread alone, and what it holds stays open meanwhile.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../addon.h"
#include "../waker.h"

struct cancellation {
  int32_t id;
  int fd;
  size_t holders;
  struct cancellation *next;
};

struct handle {
  enum external_kind kind;
  struct cancellation *held; /* NULL: closed */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cancellation *all = NULL;
static int32_t last_id = 0;

/* Also at the environment's end: not all runtimes collect what a worker held then, so end_handle may not be called. */
static void let_go(void *data) {
  struct handle *handle = data;
  struct cancellation *held = handle->held;
  if (held == NULL) return;
  handle->held = NULL;
  pthread_mutex_lock(&lock);
  bool is_last = --held->holders == 0;
  if (is_last) {
    struct cancellation **link = &all;
    while (*link != held) link = &(*link)->next;
    *link = held->next;
  }
  pthread_mutex_unlock(&lock);
  if (!is_last) return;
  close(held->fd);
  free(held);
}

static void end_handle(napi_env env, void *data, void *hint) {
  (void)hint;
  napi_remove_env_cleanup_hook(env, let_go, data);
  let_go(data);
  free(data);
}

/* A handle for what is counted already. */
static napi_value give_handle(napi_env env, struct cancellation *held) {
  napi_value result;
  struct handle only_count = {CANCELLATION_KIND, held};
  struct handle *handle = malloc(sizeof *handle);
  if (handle != NULL) {
    *handle = only_count;
    if (napi_create_external(env, handle, end_handle, NULL, &result) == napi_ok) {
      napi_add_env_cleanup_hook(env, let_go, handle);
      return result;
    }
    free(handle);
  }
  let_go(&only_count);
  return int_result(env, -ENOMEM);
}

static bool read_handle(napi_env env, napi_value value, struct handle **handle) {
  void *data;
  if (napi_get_value_external(env, value, &data) == napi_ok && *(enum external_kind *)data == CANCELLATION_KIND) {
    *handle = data;
    return true;
  }
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"cancellation\" argument must be a cancellation.");
  return false;
}

/* cancellationCreate(): a handle. */
static napi_value call_create(napi_env env, napi_callback_info info) {
  (void)info;
  struct cancellation *made = malloc(sizeof *made);
  if (made == NULL) return int_result(env, -ENOMEM);
  *made = (struct cancellation){.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), .holders = 1};
  if (made->fd == -1) {
    int error = errno;
    free(made);
    return int_result(env, -error);
  }
  pthread_mutex_lock(&lock);
  bool has_id = last_id < INT32_MAX;
  if (has_id) {
    made->id = ++last_id;
    made->next = all;
    all = made;
  }
  pthread_mutex_unlock(&lock);
  if (has_id) return give_handle(env, made);
  close(made->fd);
  free(made);
  return int_result(env, -EOVERFLOW);
}

/* cancellationJoin(id): one more handle, or -ENOENT when the last one is closed. */
static napi_value call_join(napi_env env, napi_callback_info info) {
  napi_value v[1];
  int32_t id;
  if (!read_arguments(env, info, 1, v) || !read_int(env, v[0], "id", &id)) return NULL;
  pthread_mutex_lock(&lock);
  struct cancellation *found = all;
  while (found != NULL && found->id != id) found = found->next;
  if (found != NULL) found->holders++;
  pthread_mutex_unlock(&lock);
  return found == NULL ? int_result(env, -ENOENT) : give_handle(env, found);
}

/* cancellationRead(handle, out): 0, with the id and the descriptor in `out`. */
static napi_value call_read(napi_env env, napi_callback_info info) {
  napi_value v[2];
  struct handle *handle;
  int32_t *out;
  if (!read_arguments(env, info, 2, v) || !read_handle(env, v[0], &handle)) return NULL;
  if (!read_words(env, v[1], "out", 2, &out)) return NULL;
  if (handle->held == NULL) return int_result(env, -EBADF);
  out[0] = handle->held->id;
  out[1] = handle->held->fd;
  return int_result(env, 0);
}

/* cancellationSet(handle): 0. */
static napi_value call_set(napi_env env, napi_callback_info info) {
  napi_value v[1];
  struct handle *handle;
  if (!read_arguments(env, info, 1, v) || !read_handle(env, v[0], &handle)) return NULL;
  if (handle->held == NULL) return int_result(env, -EBADF);
  return call_result(env, eventfd_write(handle->held->fd, 1));
}

/* cancellationReset(handle): 0, or -EAGAIN when it was not set. */
static napi_value call_reset(napi_env env, napi_callback_info info) {
  napi_value v[1];
  struct handle *handle;
  eventfd_t count;
  if (!read_arguments(env, info, 1, v) || !read_handle(env, v[0], &handle)) return NULL;
  if (handle->held == NULL) return int_result(env, -EBADF);
  return call_result(env, eventfd_read(handle->held->fd, &count));
}

/* cancellationClose(handle): 0; the eventfd is closed with the last handle. */
static napi_value call_close(napi_env env, napi_callback_info info) {
  napi_value v[1];
  struct handle *handle;
  if (!read_arguments(env, info, 1, v) || !read_handle(env, v[0], &handle)) return NULL;
  if (handle->held == NULL) return int_result(env, -EBADF);
  let_go(handle);
  return int_result(env, 0);
}

void export_cancellation_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "cancellationCreate", call_create);
  export_function(env, exports, "cancellationJoin", call_join);
  export_function(env, exports, "cancellationRead", call_read);
  export_function(env, exports, "cancellationSet", call_set);
  export_function(env, exports, "cancellationReset", call_reset);
  export_function(env, exports, "cancellationClose", call_close);
}
