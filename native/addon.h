/*
 * What every C file of the addon shares: the state of one environment, and how a call reads its arguments and
 * returns its result.
 *
 * Conventions, everywhere in native/:
 * - A function that JavaScript calls is one system call: it returns the result, or the errno negated. It holds no
 *   policy, never prints, and never asserts on what a caller passed: a wrong argument throws a TypeError.
 * - Every Node-API call is given real out-pointers: Deno dereferences them unchecked.
 * - No pointer into JavaScript's memory outlives the call that obtained it.
 */
#ifndef BERKELEY_ADDON_H
#define BERKELEY_ADDON_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "descriptors.h"

/* One for each environment (the main thread and each worker). */
struct addon {
  struct descriptor_set owned;
};

/* Bytes that JavaScript lent for the length of one call. */
struct bytes {
  uint8_t *data;
  size_t length;
};

struct addon *addon_of(napi_env env);

/* Reads exactly `count` arguments; missing ones are undefined. */
bool read_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values);
bool read_int(napi_env env, napi_value value, const char *name, int32_t *result);
bool read_uint(napi_env env, napi_value value, const char *name, uint32_t *result);
/* A Uint8Array (a Buffer is one). */
bool read_bytes(napi_env env, napi_value value, const char *name, struct bytes *result);
/* The part of a Uint8Array that starts at `offset` and is `length` long; a part outside it throws a RangeError. */
bool read_part(napi_env env, napi_value array, napi_value offset, napi_value length, struct bytes *result);
/* An Int32Array of at least `count` elements, to write results into. */
bool read_words(napi_env env, napi_value value, const char *name, size_t count, int32_t **result);

napi_value int_result(napi_env env, int64_t result);
/* The result of a system call: `result` itself, or the errno negated when it is -1. */
napi_value call_result(napi_env env, int64_t result);
napi_value undefined_result(napi_env env);

void export_function(napi_env env, napi_value exports, const char *name, napi_callback callback);

void export_socket_calls(napi_env env, napi_value exports);
void export_option_calls(napi_env env, napi_value exports);
void export_transfer_calls(napi_env env, napi_value exports);
void export_interface_calls(napi_env env, napi_value exports);
void export_control_calls(napi_env env, napi_value exports);
void export_accept_calls(napi_env env, napi_value exports);
void export_filter_calls(napi_env env, napi_value exports);
void export_owner_calls(napi_env env, napi_value exports);
void export_poll_calls(napi_env env, napi_value exports);
void export_epoll_calls(napi_env env, napi_value exports);
void export_descriptor_calls(napi_env env, napi_value exports);
void export_cancellation_calls(napi_env env, napi_value exports);
void export_engine(napi_env env, napi_value exports);
void export_interface_list(napi_env env, napi_value exports);
void export_resolver(napi_env env, napi_value exports);
void export_database_calls(napi_env env, napi_value exports);
void export_thread_waker(napi_env env, napi_value exports);

#endif
