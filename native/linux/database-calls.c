/* The databases of services and protocols, and the host's own name: getservbyname(3), getprotobyname(3), gethostname(2). */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../addon.h"

/* What an entry with all its aliases may take. A longer one is as if it were not there: ERANGE. */
enum { ENTRY_BYTES = 16384, NAME_BYTES = 256 };

static bool read_name(napi_env env, napi_value value, const char *message, char name[NAME_BYTES], bool *is_given) {
  napi_valuetype type = napi_undefined;
  size_t length = 0;
  *is_given = napi_typeof(env, value, &type) == napi_ok && type == napi_string;
  if (*is_given) return napi_get_value_string_utf8(env, value, name, NAME_BYTES, &length) == napi_ok;
  if (type == napi_null) return true;
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message);
  return false;
}

static bool add_string(napi_env env, napi_value array, uint32_t at, const char *text) {
  napi_value value;
  return napi_create_string_latin1(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok &&
         napi_set_element(env, array, at, value) == napi_ok;
}

/* [number, name, protocol, alias, …] ; `protocol` is left out when NULL. */
static napi_value entry_result(napi_env env, int number, const char *name, const char *protocol, char **aliases) {
  napi_value array, value;
  uint32_t at = 1;
  if (napi_create_array(env, &array) != napi_ok || napi_create_int32(env, number, &value) != napi_ok) return NULL;
  if (napi_set_element(env, array, 0, value) != napi_ok || !add_string(env, array, at++, name)) return NULL;
  if (protocol != NULL && !add_string(env, array, at++, protocol)) return NULL;
  for (; *aliases != NULL; aliases++) {
    if (!add_string(env, array, at++, *aliases)) return NULL;
  }
  return array;
}

/* 0 stands for an entry that is not there. */
static napi_value service_result(napi_env env, int error, const struct servent *entry) {
  if (error != 0) return int_result(env, -error);
  if (entry == NULL) return int_result(env, 0);
  return entry_result(env, ntohs((uint16_t)entry->s_port), entry->s_name, entry->s_proto, entry->s_aliases);
}

static napi_value protocol_result(napi_env env, int error, const struct protoent *entry) {
  if (error != 0) return int_result(env, -error);
  if (entry == NULL) return int_result(env, 0);
  return entry_result(env, entry->p_proto, entry->p_name, NULL, entry->p_aliases);
}

/* getservbyname(name, protocol or null): the entry, 0, or the errno negated. */
static napi_value call_getservbyname(napi_env env, napi_callback_info info) {
  napi_value v[2];
  char name[NAME_BYTES] = "", protocol[NAME_BYTES] = "", buffer[ENTRY_BYTES];
  bool has_name, has_protocol;
  struct servent entry, *found = NULL;
  if (!read_arguments(env, info, 2, v)) return NULL;
  if (!read_name(env, v[0], "The \"name\" argument must be a string.", name, &has_name)) return NULL;
  if (!read_name(env, v[1], "The \"protocol\" argument must be a string or null.", protocol, &has_protocol)) return NULL;
  int error = getservbyname_r(name, has_protocol ? protocol : NULL, &entry, buffer, sizeof buffer, &found);
  return service_result(env, error, found);
}

/* getservbyport(port, protocol or null): the same. */
static napi_value call_getservbyport(napi_env env, napi_callback_info info) {
  napi_value v[2];
  uint32_t port;
  char protocol[NAME_BYTES] = "", buffer[ENTRY_BYTES];
  bool has_protocol;
  struct servent entry, *found = NULL;
  if (!read_arguments(env, info, 2, v) || !read_uint(env, v[0], "port", &port)) return NULL;
  if (!read_name(env, v[1], "The \"protocol\" argument must be a string or null.", protocol, &has_protocol)) return NULL;
  int error = getservbyport_r(htons((uint16_t)port), has_protocol ? protocol : NULL, &entry, buffer, sizeof buffer, &found);
  return service_result(env, error, found);
}

/* getprotobyname(name): [number, name, alias, …], 0, or the errno negated. */
static napi_value call_getprotobyname(napi_env env, napi_callback_info info) {
  napi_value v[1];
  char name[NAME_BYTES] = "", buffer[ENTRY_BYTES];
  bool has_name;
  struct protoent entry, *found = NULL;
  if (!read_arguments(env, info, 1, v)) return NULL;
  if (!read_name(env, v[0], "The \"name\" argument must be a string.", name, &has_name)) return NULL;
  int error = getprotobyname_r(name, &entry, buffer, sizeof buffer, &found);
  return protocol_result(env, error, found);
}

/* getprotobynumber(number): the same. */
static napi_value call_getprotobynumber(napi_env env, napi_callback_info info) {
  napi_value v[1];
  int32_t number;
  char buffer[ENTRY_BYTES];
  struct protoent entry, *found = NULL;
  if (!read_arguments(env, info, 1, v) || !read_int(env, v[0], "number", &number)) return NULL;
  int error = getprotobynumber_r(number, &entry, buffer, sizeof buffer, &found);
  return protocol_result(env, error, found);
}

/* gethostname(): the name, or the errno negated. */
static napi_value call_gethostname(napi_env env, napi_callback_info info) {
  (void)info;
  char name[HOST_NAME_MAX + 1] = "";
  napi_value result = NULL;
  if (gethostname(name, sizeof name) == -1) return call_result(env, -1);
  return napi_create_string_utf8(env, name, strnlen(name, sizeof name), &result) == napi_ok ? result : NULL;
}

void export_database_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "getservbyname", call_getservbyname);
  export_function(env, exports, "getservbyport", call_getservbyport);
  export_function(env, exports, "getprotobyname", call_getprotobyname);
  export_function(env, exports, "getprotobynumber", call_getprotobynumber);
  export_function(env, exports, "gethostname", call_gethostname);
}
