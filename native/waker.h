/*
 * What a waker needs of an engine, handed from one addon file to the other: libuv's waker lives in a file of its own,
 * because Bun and Deno, which offer only part of libuv, must never bind it.
 */
#ifndef BERKELEY_WAKER_H
#define BERKELEY_WAKER_H

#include <node_api.h>

/* The first word of whatever the addon hands out as an external value: what is passed back may be another one. */
enum external_kind {
  ENGINE_KIND = 0x62726b31,
  WAKER_TARGET_KIND,
  WAKER_KIND,
  THREAD_WAKER_KIND,
  RESOLVER_KIND,
  CANCELLATION_KIND
};

struct waker_target {
  enum external_kind kind;
  int fd; /* readable when there is something to collect */
  void *engine;
  int (*collect)(napi_env env, void *engine); /* the number of completions, or the errno negated */
  int (*flush)(napi_env env, void *engine);   /* the number of settlements, or the errno negated */
};

#endif
