/* The constants and the layouts of structures that this addon was compiled with. */
#ifndef BERKELEY_LAYOUT_H
#define BERKELEY_LAYOUT_H

#include <node_api.h>

/*
 * An Int32Array of the values in tables.h, for src/sys/check-tables.ts to compare with TypeScript's. NULL, with an
 * exception pending, when there is no memory for it.
 */
napi_value layout_exports(napi_env env);

/* tableName(index): the name of a value, as "AF_INET" or "sockaddr_in.sin_port". */
napi_value layout_name(napi_env env, napi_callback_info info);

#endif
