/*
 * The waker of runtimes without libuv (src/reactor/thread-waker.ts): a thread that waits until the engine's descriptor
 * is readable, posts once to the loop by a thread-safe function, and waits until the turn has ended.
 *
 * It only polls. It never touches a socket, nor the engine's memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "../addon.h"
#include "../waker.h"

enum { TURN_ENDED = 'e', GO_HOME = 'h' };

struct thread_waker {
  enum external_kind kind;
  int engine_fd;
  int control[2]; /* what the loop's thread tells the waker's: one of the bytes above */
  pthread_t thread;
  napi_threadsafe_function post;
  napi_ref target; /* keeps the descriptor open */
};

/* Waits for a descriptor, whatever signals come. */
static void wait_for(struct pollfd *watched, nfds_t count) {
  while (poll(watched, count, -1) < 0 && errno == EINTR) continue;
}

static void *watch(void *data) {
  struct thread_waker *waker = data;
  bool is_in_turn = false;
  for (;;) {
    struct pollfd watched[2] = {{waker->control[0], POLLIN, 0}, {waker->engine_fd, POLLIN, 0}};
    wait_for(watched, is_in_turn ? 1 : 2);
    if (watched[0].revents != 0) {
      char told = GO_HOME;
      if (read(waker->control[0], &told, 1) != 1 && errno == EINTR) continue;
      if (told == GO_HOME) return NULL;
      is_in_turn = false;
    } else if (watched[1].revents != 0) {
      if (napi_call_threadsafe_function(waker->post, NULL, napi_tsfn_nonblocking) != napi_ok) return NULL;
      is_in_turn = true;
    }
  }
}

static void tell(struct thread_waker *waker, char what) {
  while (write(waker->control[1], &what, 1) < 0 && errno == EINTR) continue;
}

static void call_wake(napi_env env, napi_value wake, void *context, void *data) {
  (void)context;
  (void)data;
  napi_value receiver, result;
  if (env == NULL || napi_get_undefined(env, &receiver) != napi_ok) return;
  napi_call_function(env, receiver, wake, 0, NULL, &result);
}

static void free_waker(struct thread_waker *waker) {
  if (waker->control[0] >= 0) close(waker->control[0]);
  if (waker->control[1] >= 0) close(waker->control[1]);
  free(waker);
}

/* At the environment's end, before what was made earlier than this is taken down. */
static void end_waker(void *data) {
  struct thread_waker *waker = data;
  tell(waker, GO_HOME);
  pthread_join(waker->thread, NULL);
  napi_release_threadsafe_function(waker->post, napi_tsfn_abort);
  free_waker(waker);
}

/* Signals are for the program's own threads. */
static int start_thread(struct thread_waker *waker) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&waker->thread, NULL, watch, waker);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}

static bool read_waker(napi_env env, napi_value value, struct thread_waker **waker) {
  void *data = NULL;
  if (napi_get_value_external(env, value, &data) == napi_ok && *(enum external_kind *)data == THREAD_WAKER_KIND) {
    *waker = data;
    return true;
  }
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"waker\" argument must be a waker that threadWakerStart gave.");
  return false;
}

static napi_value fail(napi_env env, struct thread_waker *waker, int error) {
  if (waker->post != NULL) napi_release_threadsafe_function(waker->post, napi_tsfn_abort);
  free_waker(waker);
  return int_result(env, -error);
}

/* threadWakerStart(target, wake): a waker that does not keep the process alive yet, or the errno negated. */
static napi_value waker_start(napi_env env, napi_callback_info info) {
  napi_value v[2], name, result;
  napi_valuetype type = napi_undefined;
  void *data = NULL;
  if (!read_arguments(env, info, 2, v)) return NULL;
  if (napi_get_value_external(env, v[0], &data) != napi_ok || *(enum external_kind *)data != WAKER_TARGET_KIND) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"target\" argument must be what engineWakerTarget gave.");
    return NULL;
  }
  if (napi_typeof(env, v[1], &type) != napi_ok || type != napi_function) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"wake\" argument must be a function.");
    return NULL;
  }
  struct thread_waker *waker = calloc(1, sizeof *waker);
  if (waker == NULL) return int_result(env, -ENOMEM);
  *waker = (struct thread_waker){THREAD_WAKER_KIND, ((struct waker_target *)data)->fd, {-1, -1}, 0, NULL, NULL};
  if (pipe2(waker->control, O_CLOEXEC) < 0) return fail(env, waker, errno);
  bool is_made =
      napi_create_string_utf8(env, "berkeley:reactor", NAPI_AUTO_LENGTH, &name) == napi_ok &&
      napi_create_reference(env, v[0], 1, &waker->target) == napi_ok &&
      napi_create_threadsafe_function(env, v[1], NULL, name, 0, 1, NULL, NULL, NULL, call_wake, &waker->post) ==
          napi_ok &&
      napi_unref_threadsafe_function(env, waker->post) == napi_ok &&
      napi_create_external(env, waker, NULL, NULL, &result) == napi_ok;
  if (!is_made) return fail(env, waker, ENOMEM);
  int error = start_thread(waker);
  if (error != 0) return fail(env, waker, error);
  if (napi_add_env_cleanup_hook(env, end_waker, waker) == napi_ok) return result;
  end_waker(waker);
  return int_result(env, -ENOMEM);
}

/* threadWakerEndTurn(waker): the thread watches again. */
static napi_value waker_end_turn(napi_env env, napi_callback_info info) {
  napi_value v[1];
  struct thread_waker *waker;
  if (!read_arguments(env, info, 1, v) || !read_waker(env, v[0], &waker)) return NULL;
  tell(waker, TURN_ENDED);
  return undefined_result(env);
}

/* threadWakerRef(waker), threadWakerUnref(waker): whether the waker keeps the process alive. */
static napi_value waker_ref(napi_env env, napi_callback_info info) {
  napi_value v[1];
  struct thread_waker *waker;
  if (!read_arguments(env, info, 1, v) || !read_waker(env, v[0], &waker)) return NULL;
  napi_ref_threadsafe_function(env, waker->post);
  return undefined_result(env);
}

static napi_value waker_unref(napi_env env, napi_callback_info info) {
  napi_value v[1];
  struct thread_waker *waker;
  if (!read_arguments(env, info, 1, v) || !read_waker(env, v[0], &waker)) return NULL;
  napi_unref_threadsafe_function(env, waker->post);
  return undefined_result(env);
}

void export_thread_waker(napi_env env, napi_value exports) {
  export_function(env, exports, "threadWakerStart", waker_start);
  export_function(env, exports, "threadWakerEndTurn", waker_end_turn);
  export_function(env, exports, "threadWakerRef", waker_ref);
  export_function(env, exports, "threadWakerUnref", waker_unref);
}
