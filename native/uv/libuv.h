/*
 * The few functions of libuv that the waker calls, declared here because the headers of Node-API do not bring them.
 * Handles stay opaque: libuv's ABI is stable within 1.x, and uv_handle_size(3) tells how much memory one takes.
 */
#ifndef BERKELEY_LIBUV_H
#define BERKELEY_LIBUV_H

#include <stddef.h>

struct uv_loop_s;
typedef struct uv_handle uv_handle;
typedef void (*uv_poll_callback)(uv_handle *handle, int status, int events);
typedef void (*uv_close_callback)(uv_handle *handle);

enum { UV_POLL_TYPE = 8, UV_READABLE_EVENT = 1 };

size_t uv_handle_size(int type);
int uv_poll_init(struct uv_loop_s *loop, uv_handle *handle, int fd);
int uv_poll_start(uv_handle *handle, int events, uv_poll_callback callback);
void uv_close(uv_handle *handle, uv_close_callback callback);
void uv_ref(uv_handle *handle);
void uv_unref(uv_handle *handle);
void uv_handle_set_data(uv_handle *handle, void *data);
void *uv_handle_get_data(const uv_handle *handle);

#endif
