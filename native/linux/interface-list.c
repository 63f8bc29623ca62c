/* The addresses of all interfaces (Linux): getifaddrs(3), if_indextoname(3). */
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "../addon.h"

/* How long the address is: the list does not say. 0 for a family that is not known here. */
static size_t address_length(const struct sockaddr *address) {
  switch (address->sa_family) {
    case AF_INET: return sizeof(struct sockaddr_in);
    case AF_INET6: return sizeof(struct sockaddr_in6);
    case AF_PACKET: {
      size_t used = offsetof(struct sockaddr_ll, sll_addr) + ((const struct sockaddr_ll *)address)->sll_halen;
      return used > sizeof(struct sockaddr_ll) ? used : sizeof(struct sockaddr_ll);
    }
    default: return 0;
  }
}

/* The address as a Uint8Array, or null. */
static napi_value address_value(napi_env env, const struct sockaddr *address) {
  napi_value buffer, value = NULL;
  void *data = NULL;
  size_t length = address == NULL ? 0 : address_length(address);
  if (length == 0) return napi_get_null(env, &value) == napi_ok ? value : NULL;
  if (napi_create_arraybuffer(env, length, &data, &buffer) != napi_ok) return NULL;
  memcpy(data, address, length);
  return napi_create_typedarray(env, napi_uint8_array, length, buffer, 0, &value) == napi_ok ? value : NULL;
}

/* [name, flags, address, mask, broadcast address or peer's]. */
static napi_value entry_value(napi_env env, const struct ifaddrs *entry) {
  napi_value values[5], array;
  if (napi_create_string_utf8(env, entry->ifa_name, NAPI_AUTO_LENGTH, &values[0]) != napi_ok) return NULL;
  if (napi_create_uint32(env, entry->ifa_flags, &values[1]) != napi_ok) return NULL;
  values[2] = address_value(env, entry->ifa_addr);
  values[3] = address_value(env, entry->ifa_netmask);
  values[4] = address_value(env, entry->ifa_ifu.ifu_broadaddr);
  if (napi_create_array_with_length(env, 5, &array) != napi_ok) return NULL;
  for (uint32_t i = 0; i < 5; i++) {
    if (values[i] == NULL || napi_set_element(env, array, i, values[i]) != napi_ok) return NULL;
  }
  return array;
}

/* getifaddrs(): a list of entries, or the errno negated. */
static napi_value call_getifaddrs(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list;
  struct ifaddrs *first = NULL;
  uint32_t count = 0;
  if (getifaddrs(&first) == -1) return int_result(env, -errno);
  bool is_made = napi_create_array(env, &list) == napi_ok;
  for (const struct ifaddrs *entry = first; is_made && entry != NULL; entry = entry->ifa_next) {
    napi_value value = entry_value(env, entry);
    is_made = value != NULL && napi_set_element(env, list, count++, value) == napi_ok;
  }
  freeifaddrs(first);
  return is_made ? list : NULL;
}

/* if_indextoname(index): the name, or the errno negated (ENXIO: no such interface). */
static napi_value call_if_indextoname(napi_env env, napi_callback_info info) {
  napi_value v[1], result = NULL;
  uint32_t index;
  char name[IF_NAMESIZE] = "";
  if (!read_arguments(env, info, 1, v) || !read_uint(env, v[0], "index", &index)) return NULL;
  if (if_indextoname(index, name) == NULL) return int_result(env, -errno);
  return napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &result) == napi_ok ? result : NULL;
}

void export_interface_list(napi_env env, napi_value exports) {
  export_function(env, exports, "getifaddrs", call_getifaddrs);
  export_function(env, exports, "if_indextoname", call_if_indextoname);
}
