/* The addon's entry: the state of an environment, and the table of what it exports. */
#include "addon.h"

#include <stdlib.h>

#include "layout.h"

struct addon *addon_of(napi_env env) {
  void *data = NULL;
  napi_get_instance_data(env, &data);
  return data;
}

static void end_environment(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  struct addon *addon = data;
  close_owned_descriptors(&addon->owned);
  free(addon);
}

NAPI_MODULE_INIT() {
  struct addon *addon = calloc(1, sizeof *addon);
  if (addon == NULL || napi_set_instance_data(env, addon, end_environment, NULL) != napi_ok) {
    free(addon);
    napi_throw_error(env, "ERR_ADDON", "The addon could not set itself up: out of memory.");
    return exports;
  }
  export_socket_calls(env, exports);
  export_option_calls(env, exports);
  export_transfer_calls(env, exports);
  export_interface_calls(env, exports);
  export_control_calls(env, exports);
  export_accept_calls(env, exports);
  export_filter_calls(env, exports);
  export_owner_calls(env, exports);
  export_poll_calls(env, exports);
  export_epoll_calls(env, exports);
  export_descriptor_calls(env, exports);
  export_cancellation_calls(env, exports);
  export_engine(env, exports);
  export_interface_list(env, exports);
  export_resolver(env, exports);
  export_database_calls(env, exports);
  export_thread_waker(env, exports);
  napi_value tables = layout_exports(env);
  napi_set_named_property(env, exports, "tables", tables);
  export_function(env, exports, "tableName", layout_name);
  return exports;
}
