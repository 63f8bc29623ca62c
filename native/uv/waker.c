/*
 * The waker of Node: libuv polls the engine's epoll descriptor, which is readable when any socket has something, and
 * each time that it is, one turn is taken:
 *
 *   collect (native) -> turn (JavaScript: handlers) -> ticks and microtasks -> flush (native) -> settle (JavaScript)
 *
 * napi_make_callback drains ticks and microtasks before it returns, so that what code behind an `await` sends is in
 * the same flush. Settling is rare: only what the kernel did not take.
 */
#include <node_api.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../waker.h"
#include "libuv.h"

struct waker {
  enum external_kind kind;
  napi_env env;
  struct waker_target target;
  napi_ref target_reference; /* keeps the target, and through it nothing else, alive */
  napi_ref turn, settle, receiver;
  napi_async_context context;
  napi_async_cleanup_hook_handle cleanup;
  uv_handle *handle;
};

/* Calls back into JavaScript with a count. What it throws past its own guards is the process's uncaught exception. */
static void call_back(struct waker *waker, napi_ref function_reference, int count) {
  napi_env env = waker->env;
  napi_value receiver, function, argument, result, error;
  bool is_pending = false;
  if (napi_get_reference_value(env, waker->receiver, &receiver) != napi_ok) return;
  if (napi_get_reference_value(env, function_reference, &function) != napi_ok) return;
  if (napi_create_int32(env, count, &argument) != napi_ok) return;
  napi_make_callback(env, waker->context, receiver, function, 1, &argument, &result);
  if (napi_is_exception_pending(env, &is_pending) != napi_ok || !is_pending) return;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

static void take_turn(uv_handle *handle, int status, int events) {
  (void)status;
  (void)events;
  struct waker *waker = uv_handle_get_data(handle);
  napi_handle_scope scope;
  if (napi_open_handle_scope(waker->env, &scope) != napi_ok) return;
  int completions = waker->target.collect(waker->env, waker->target.engine);
  if (completions > 0) call_back(waker, waker->turn, completions);
  int settlements = waker->target.flush(waker->env, waker->target.engine);
  if (settlements > 0) call_back(waker, waker->settle, settlements);
  napi_close_handle_scope(waker->env, scope);
}

static void free_waker(struct waker *waker) {
  free(waker->handle);
  free(waker);
}

static void finish_end(uv_handle *handle) {
  struct waker *waker = uv_handle_get_data(handle);
  napi_remove_async_cleanup_hook(waker->cleanup);
  free_waker(waker);
}

static void end_waker(napi_async_cleanup_hook_handle cleanup, void *data) {
  (void)cleanup;
  struct waker *waker = data;
  uv_close(waker->handle, finish_end);
}

static napi_value fail(napi_env env, struct waker *waker, const char *what) {
  char message[128];
  snprintf(message, sizeof message, "The event loop's waker could not be set up: %s.", what);
  napi_throw_error(env, "ERR_ADDON", message);
  if (waker != NULL) free_waker(waker);
  return NULL;
}

/* wakerStart(target, turn, settle): the waker. It does not keep the process alive until wakerRef. */
static napi_value waker_start(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value v[3], receiver, name, result;
  void *data;
  struct uv_loop_s *loop;
  if (napi_get_cb_info(env, info, &count, v, &receiver, &data) != napi_ok) return NULL;
  struct waker *waker = calloc(1, sizeof *waker);
  if (waker == NULL) return fail(env, NULL, "out of memory");
  if (napi_get_value_external(env, v[0], &data) != napi_ok || *(enum external_kind *)data != WAKER_TARGET_KIND) {
    return fail(env, waker, "no engine was given");
  }
  waker->kind = WAKER_KIND;
  waker->env = env;
  waker->target = *(struct waker_target *)data;
  waker->handle = calloc(1, uv_handle_size(UV_POLL_TYPE));
  if (waker->handle == NULL) return fail(env, waker, "out of memory");
  bool is_made = napi_create_reference(env, v[0], 1, &waker->target_reference) == napi_ok &&
                 napi_create_reference(env, v[1], 1, &waker->turn) == napi_ok &&
                 napi_create_reference(env, v[2], 1, &waker->settle) == napi_ok &&
                 napi_create_object(env, &receiver) == napi_ok &&
                 napi_create_reference(env, receiver, 1, &waker->receiver) == napi_ok &&
                 napi_create_string_utf8(env, "berkeley:reactor", NAPI_AUTO_LENGTH, &name) == napi_ok &&
                 napi_async_init(env, receiver, name, &waker->context) == napi_ok &&
                 napi_create_external(env, waker, NULL, NULL, &result) == napi_ok;
  if (!is_made) return fail(env, waker, "Node-API refused");
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return fail(env, waker, "there is no libuv loop here");
  if (uv_poll_init(loop, waker->handle, waker->target.fd) != 0) return fail(env, waker, "libuv does not poll");
  uv_handle_set_data(waker->handle, waker);
  if (napi_add_async_cleanup_hook(env, end_waker, waker, &waker->cleanup) != napi_ok) {
    return fail(env, NULL, "no hook for the environment's end");
  }
  if (uv_poll_start(waker->handle, UV_READABLE_EVENT, take_turn) != 0) return fail(env, NULL, "libuv does not poll");
  uv_unref(waker->handle);
  return result;
}

static napi_value with_waker(napi_env env, napi_callback_info info, void (*call)(uv_handle *)) {
  size_t count = 1;
  napi_value v[1], receiver, result;
  void *data;
  if (napi_get_cb_info(env, info, &count, v, &receiver, &data) != napi_ok) return NULL;
  if (napi_get_value_external(env, v[0], &data) != napi_ok || *(enum external_kind *)data != WAKER_KIND) {
    return fail(env, NULL, "this is no waker");
  }
  call(((struct waker *)data)->handle);
  return napi_get_undefined(env, &result) == napi_ok ? result : NULL;
}

/* wakerRef(waker), wakerUnref(waker): whether the waker keeps the process alive. */
static napi_value waker_ref(napi_env env, napi_callback_info info) {
  return with_waker(env, info, uv_ref);
}

static napi_value waker_unref(napi_env env, napi_callback_info info) {
  return with_waker(env, info, uv_unref);
}

static void export_function(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) != napi_ok) return;
  napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT() {
  export_function(env, exports, "wakerStart", waker_start);
  export_function(env, exports, "wakerRef", waker_ref);
  export_function(env, exports, "wakerUnref", waker_unref);
  return exports;
}
