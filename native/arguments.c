/* Reading arguments and returning results: the only file that knows how Node-API spells them. */
#include <errno.h>
#include <stdio.h>

#include "addon.h"

static bool type_error(napi_env env, const char *name, const char *expected) {
  char message[128];
  snprintf(message, sizeof message, "The \"%s\" argument must be %s.", name, expected);
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message);
  return false;
}

bool read_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  size_t given = count;
  napi_value receiver;
  void *data;
  return napi_get_cb_info(env, info, &given, values, &receiver, &data) == napi_ok;
}

bool read_int(napi_env env, napi_value value, const char *name, int32_t *result) {
  if (napi_get_value_int32(env, value, result) == napi_ok) return true;
  return type_error(env, name, "a number");
}

bool read_uint(napi_env env, napi_value value, const char *name, uint32_t *result) {
  if (napi_get_value_uint32(env, value, result) == napi_ok) return true;
  return type_error(env, name, "a number");
}

bool read_bytes(napi_env env, napi_value value, const char *name, struct bytes *result) {
  napi_typedarray_type type;
  napi_value buffer;
  size_t offset;
  void *data;
  napi_status status = napi_get_typedarray_info(env, value, &type, &result->length, &data, &buffer, &offset);
  if (status != napi_ok || type != napi_uint8_array) return type_error(env, name, "a Uint8Array");
  result->data = data;
  return true;
}

/* As a double, because an array may be longer than 32 bits say. */
static bool read_double(napi_env env, napi_value value, const char *name, double *result) {
  if (napi_get_value_double(env, value, result) == napi_ok) return true;
  return type_error(env, name, "a number");
}

bool read_part(napi_env env, napi_value array, napi_value offset, napi_value length, struct bytes *result) {
  double start, count;
  struct bytes whole;
  if (!read_bytes(env, array, "bytes", &whole)) return false;
  if (!read_double(env, offset, "offset", &start) || !read_double(env, length, "length", &count)) return false;
  /* Comparisons with NaN are false. */
  if (!(start >= 0 && start <= (double)whole.length && count >= 0 && count <= (double)whole.length - start)) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "The \"offset\" and \"length\" arguments must lie within \"bytes\".");
    return false;
  }
  result->data = start == 0 ? whole.data : whole.data + (size_t)start;
  result->length = (size_t)count;
  return true;
}

bool read_words(napi_env env, napi_value value, const char *name, size_t count, int32_t **result) {
  napi_typedarray_type type;
  napi_value buffer;
  size_t offset, length;
  void *data;
  napi_status status = napi_get_typedarray_info(env, value, &type, &length, &data, &buffer, &offset);
  if (status != napi_ok || type != napi_int32_array || length < count) {
    return type_error(env, name, "an Int32Array that is long enough");
  }
  *result = data;
  return true;
}

napi_value int_result(napi_env env, int64_t result) {
  napi_value value = NULL;
  if (result >= INT32_MIN && result <= INT32_MAX) napi_create_int32(env, (int32_t)result, &value);
  else napi_create_int64(env, result, &value);
  return value;
}

napi_value call_result(napi_env env, int64_t result) {
  return int_result(env, result == -1 ? -errno : result);
}

napi_value undefined_result(napi_env env) {
  napi_value value = NULL;
  napi_get_undefined(env, &value);
  return value;
}

void export_function(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) != napi_ok) return;
  napi_set_named_property(env, exports, name, function);
}
