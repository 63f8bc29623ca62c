/*
 * Moving bytes. All calls pass MSG_DONTWAIT, so that a descriptor shared with another program never blocks this one
 * whatever its O_NONBLOCK says, and MSG_NOSIGNAL, so that a peer that has gone is EPIPE and no signal. An interrupted
 * call is made again: EINTR does not surface.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "../addon.h"

enum { MAXIMUM_PARTS = 1024 }; /* IOV_MAX */

/* recv(fd, bytes, offset, length, flags) */
static napi_value call_recv(napi_env env, napi_callback_info info) {
  napi_value v[5];
  int32_t fd, flags;
  struct bytes part;
  if (!read_arguments(env, info, 5, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  if (!read_part(env, v[1], v[2], v[3], &part) || !read_int(env, v[4], "flags", &flags)) return NULL;
  ssize_t result;
  do result = recv(fd, part.data, part.length, flags | MSG_DONTWAIT);
  while (result == -1 && errno == EINTR);
  return call_result(env, result);
}

/* send(fd, bytes, offset, length, flags) */
static napi_value call_send(napi_env env, napi_callback_info info) {
  napi_value v[5];
  int32_t fd, flags;
  struct bytes part;
  if (!read_arguments(env, info, 5, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  if (!read_part(env, v[1], v[2], v[3], &part) || !read_int(env, v[4], "flags", &flags)) return NULL;
  ssize_t result;
  do result = send(fd, part.data, part.length, flags | MSG_DONTWAIT | MSG_NOSIGNAL);
  while (result == -1 && errno == EINTR);
  return call_result(env, result);
}

/* sendto(fd, bytes, offset, length, flags, address) */
static napi_value call_sendto(napi_env env, napi_callback_info info) {
  napi_value v[6];
  int32_t fd, flags;
  struct bytes part, address;
  if (!read_arguments(env, info, 6, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  if (!read_part(env, v[1], v[2], v[3], &part) || !read_int(env, v[4], "flags", &flags)) return NULL;
  if (!read_bytes(env, v[5], "address", &address)) return NULL;
  const struct sockaddr *name = (const struct sockaddr *)(const void *)address.data;
  ssize_t result;
  do result = sendto(fd, part.data, part.length, flags | MSG_DONTWAIT | MSG_NOSIGNAL, name, (socklen_t)address.length);
  while (result == -1 && errno == EINTR);
  return call_result(env, result);
}

/*
 * recvfrom(fd, bytes, offset, length, flags, address, out): the length received; `out` holds the length of the sender's
 * address, which is in `address`, and the message's flags. By recvmsg(2), because recvfrom(2) does not tell MSG_TRUNC.
 */
static napi_value call_recvfrom(napi_env env, napi_callback_info info) {
  napi_value v[7];
  int32_t fd, flags, *out;
  struct bytes part, address;
  if (!read_arguments(env, info, 7, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  if (!read_part(env, v[1], v[2], v[3], &part) || !read_int(env, v[4], "flags", &flags)) return NULL;
  if (!read_bytes(env, v[5], "address", &address) || !read_words(env, v[6], "out", 2, &out)) return NULL;
  struct iovec vector = {part.data, part.length};
  struct msghdr message;
  ssize_t result;
  do {
    memset(&message, 0, sizeof message);
    message.msg_name = address.data;
    message.msg_namelen = (socklen_t)address.length;
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    result = recvmsg(fd, &message, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (result == -1 && errno == EINTR);
  if (result >= 0) {
    out[0] = (int32_t)message.msg_namelen;
    out[1] = message.msg_flags;
  }
  return call_result(env, result);
}

/* Reads an array of at most MAXIMUM_PARTS Uint8Arrays; returns their count, or -1 after throwing. */
static int read_vector(napi_env env, napi_value array, struct iovec *vector) {
  uint32_t count;
  if (napi_get_array_length(env, array, &count) != napi_ok || count > MAXIMUM_PARTS) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"parts\" argument must be an array of at most 1024 Uint8Arrays.");
    return -1;
  }
  /* First all elements, then where their bytes lie: an element may be a getter, whose code may detach another one. */
  napi_value elements[MAXIMUM_PARTS];
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, array, i, &elements[i]) != napi_ok) return -1;
  }
  for (uint32_t i = 0; i < count; i++) {
    struct bytes part;
    if (!read_bytes(env, elements[i], "parts", &part)) return -1;
    vector[i] = (struct iovec){part.data, part.length};
  }
  return (int)count;
}

static napi_value call_with_vector(napi_env env, napi_callback_info info, bool sending) {
  napi_value v[3];
  int32_t fd, flags;
  struct iovec vector[MAXIMUM_PARTS];
  if (!read_arguments(env, info, 3, v) || !read_int(env, v[0], "fd", &fd)) return NULL;
  int count = read_vector(env, v[1], vector);
  if (count < 0 || !read_int(env, v[2], "flags", &flags)) return NULL;
  struct msghdr message = {.msg_iov = vector, .msg_iovlen = (size_t)count};
  ssize_t result;
  do {
    result = sending ? sendmsg(fd, &message, flags | MSG_DONTWAIT | MSG_NOSIGNAL)
                     : recvmsg(fd, &message, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (result == -1 && errno == EINTR);
  return call_result(env, result);
}

/* readv(fd, parts, flags) */
static napi_value call_readv(napi_env env, napi_callback_info info) {
  return call_with_vector(env, info, false);
}

/* writev(fd, parts, flags) */
static napi_value call_writev(napi_env env, napi_callback_info info) {
  return call_with_vector(env, info, true);
}

void export_transfer_calls(napi_env env, napi_value exports) {
  export_function(env, exports, "recv", call_recv);
  export_function(env, exports, "send", call_send);
  export_function(env, exports, "recvfrom", call_recvfrom);
  export_function(env, exports, "sendto", call_sendto);
  export_function(env, exports, "readv", call_readv);
  export_function(env, exports, "writev", call_writev);
}
