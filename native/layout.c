/*
 * TypeScript packs structures and passes constants by tables that were generated from the headers of one system
 * (scripts/generate-tables.mjs). This file holds what the headers of the system that compiled the addon say, so that
 * a difference is found when the addon is loaded and not by a wrong call: constants and errno differ between
 * architectures (MIPS, SPARC), struct timeval between 32 and 64 bits.
 */
#include "layout.h"

#include <stdbool.h>
#include <string.h>

#include "tables.h"

napi_value layout_exports(napi_env env) {
  void *bytes = NULL;
  napi_value buffer = NULL;
  napi_value array = NULL;
  size_t count = sizeof compiled_values / sizeof compiled_values[0];
  if (napi_create_arraybuffer(env, sizeof compiled_values, &bytes, &buffer) != napi_ok) return NULL;
  memcpy(bytes, compiled_values, sizeof compiled_values);
  if (napi_create_typedarray(env, napi_int32_array, count, buffer, 0, &array) != napi_ok) return NULL;
  return array;
}

napi_value layout_name(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, receiver, result = NULL;
  void *data;
  uint32_t index;
  if (napi_get_cb_info(env, info, &count, &argument, &receiver, &data) != napi_ok) return NULL;
  bool is_index = napi_get_value_uint32(env, argument, &index) == napi_ok;
  const char *name = is_index && index < sizeof compiled_names / sizeof compiled_names[0] ? compiled_names[index] : "?";
  napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &result);
  return result;
}
