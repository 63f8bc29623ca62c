/*
 * getaddrinfo(3) and getnameinfo(3), which wait for name servers and cannot be interrupted: each lookup has a thread of
 * its own, and those of libuv's pool are left to the file system. How many there may be at a time is the caller's to decide
 * (src/socket/names/lookups.ts).
 *
 * A lookup may outlive its environment. So the threads share a resolver that the last of them frees, and post through it
 * only while the environment is there.
 */
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../addon.h"
#include "../waker.h"

enum { HINT_FLAGS, HINT_FAMILY, HINT_TYPE, HINT_PROTOCOL, HINT_WORDS };

/* An answer is packed as: for each address four words (family, type, protocol, length) and its bytes, padded to 8. */
enum { ENTRY_WORDS = 4, ENTRY_ALIGNMENT = 8 };

/* For a resolver's own work a stack of the usual size is a waste, and musl's is too short for some libraries. */
enum { STACK_BYTES = 256 * 1024 };

struct resolver {
  enum external_kind kind;
  pthread_mutex_t lock;
  unsigned users; /* the environment, and each thread */
  bool is_open;   /* the environment is there */
  napi_threadsafe_function post;
};

struct lookup {
  struct resolver *resolver;
  uint32_t id;
  bool is_by_address;
  char *host, *service; /* NULL: not given */
  int32_t hints[HINT_WORDS];
  struct sockaddr_storage address;
  socklen_t address_length;
  int error;   /* 0, or EAI_… */
  int system;  /* errno, for EAI_SYSTEM */
  uint8_t *answer;
  size_t answer_length;
  char canonical[NI_MAXHOST];
};

static void free_lookup(struct lookup *lookup) {
  free(lookup->host);
  free(lookup->service);
  free(lookup->answer);
  free(lookup);
}

/* To be called with the lock held; gives it back. */
static void leave(struct resolver *resolver) {
  bool is_last = --resolver->users == 0;
  pthread_mutex_unlock(&resolver->lock);
  if (!is_last) return;
  pthread_mutex_destroy(&resolver->lock);
  free(resolver);
}

static size_t entry_length(const struct addrinfo *entry) {
  size_t length = ENTRY_WORDS * sizeof(int32_t) + entry->ai_addrlen;
  return (length + ENTRY_ALIGNMENT - 1) & ~(size_t)(ENTRY_ALIGNMENT - 1);
}

/* Lays the list out as bytes. */
static int pack_answer(struct lookup *lookup, const struct addrinfo *list) {
  size_t length = 0;
  for (const struct addrinfo *entry = list; entry != NULL; entry = entry->ai_next) length += entry_length(entry);
  lookup->answer = calloc(1, length == 0 ? 1 : length);
  if (lookup->answer == NULL) return EAI_MEMORY;
  lookup->answer_length = length;
  uint8_t *at = lookup->answer;
  for (const struct addrinfo *entry = list; entry != NULL; entry = entry->ai_next) {
    int32_t words[ENTRY_WORDS] = {entry->ai_family, entry->ai_socktype, entry->ai_protocol, (int32_t)entry->ai_addrlen};
    memcpy(at, words, sizeof words);
    memcpy(at + sizeof words, entry->ai_addr, entry->ai_addrlen);
    at += entry_length(entry);
  }
  if (list != NULL && list->ai_canonname != NULL) {
    size_t name_length = strlen(list->ai_canonname);
    if (name_length >= sizeof lookup->canonical) name_length = sizeof lookup->canonical - 1;
    memcpy(lookup->canonical, list->ai_canonname, name_length);
  }
  return 0;
}

static int look_up_name(struct lookup *lookup) {
  struct addrinfo hints = {0}, *list = NULL;
  hints.ai_flags = lookup->hints[HINT_FLAGS];
  hints.ai_family = lookup->hints[HINT_FAMILY];
  hints.ai_socktype = lookup->hints[HINT_TYPE];
  hints.ai_protocol = lookup->hints[HINT_PROTOCOL];
  int error = getaddrinfo(lookup->host, lookup->service, &hints, &list);
  lookup->system = error == EAI_SYSTEM ? errno : 0;
  if (error != 0) return error;
  error = pack_answer(lookup, list);
  freeaddrinfo(list);
  return error;
}

/* The answer is the host's name, and the service's behind a NUL. */
static int look_up_address(struct lookup *lookup) {
  char service[NI_MAXSERV] = "";
  int error = getnameinfo((struct sockaddr *)&lookup->address, lookup->address_length, lookup->canonical,
                          sizeof lookup->canonical, service, sizeof service, lookup->hints[HINT_FLAGS]);
  lookup->system = error == EAI_SYSTEM ? errno : 0;
  if (error != 0) return error;
  lookup->answer_length = strlen(service);
  lookup->answer = malloc(lookup->answer_length + 1);
  if (lookup->answer == NULL) return EAI_MEMORY;
  memcpy(lookup->answer, service, lookup->answer_length + 1);
  return 0;
}

static void *look_up(void *data) {
  struct lookup *lookup = data;
  struct resolver *resolver = lookup->resolver;
  lookup->error = lookup->is_by_address ? look_up_address(lookup) : look_up_name(lookup);
  pthread_mutex_lock(&resolver->lock);
  bool is_posted = resolver->is_open && napi_call_threadsafe_function(resolver->post, lookup, napi_tsfn_nonblocking) == napi_ok;
  leave(resolver);
  if (!is_posted) free_lookup(lookup);
  return NULL;
}

/* Calls done(id, error, errno, answer, name) in the loop's thread. */
static void hand_over(napi_env env, napi_value done, void *context, void *data) {
  (void)context;
  struct lookup *lookup = data;
  if (env != NULL) {
    napi_value v[5], receiver, buffer, result;
    void *bytes = NULL;
    bool is_made = napi_create_uint32(env, lookup->id, &v[0]) == napi_ok &&
                   napi_create_int32(env, lookup->error, &v[1]) == napi_ok &&
                   napi_create_int32(env, lookup->system, &v[2]) == napi_ok &&
                   napi_create_arraybuffer(env, lookup->answer_length, &bytes, &buffer) == napi_ok;
    if (is_made) {
      if (lookup->answer_length > 0) memcpy(bytes, lookup->answer, lookup->answer_length);
      is_made = napi_create_typedarray(env, napi_uint8_array, lookup->answer_length, buffer, 0, &v[3]) == napi_ok &&
                napi_create_string_latin1(env, lookup->canonical, NAPI_AUTO_LENGTH, &v[4]) == napi_ok &&
                napi_get_undefined(env, &receiver) == napi_ok;
    }
    if (is_made) napi_call_function(env, receiver, done, 5, v, &result);
  }
  free_lookup(lookup);
}

/* At the environment's end: what is still looked up is thrown away when it comes. */
static void end_resolver(void *data) {
  struct resolver *resolver = data;
  pthread_mutex_lock(&resolver->lock);
  resolver->is_open = false;
  napi_release_threadsafe_function(resolver->post, napi_tsfn_abort);
  leave(resolver);
}

/* resolverStart(done): a resolver that does not keep the process alive, or the errno negated. */
static napi_value resolver_start(napi_env env, napi_callback_info info) {
  napi_value v[1], name, result;
  napi_valuetype type = napi_undefined;
  if (!read_arguments(env, info, 1, v)) return NULL;
  if (napi_typeof(env, v[0], &type) != napi_ok || type != napi_function) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"done\" argument must be a function.");
    return NULL;
  }
  struct resolver *resolver = calloc(1, sizeof *resolver);
  if (resolver == NULL) return int_result(env, -ENOMEM);
  resolver->kind = RESOLVER_KIND;
  resolver->users = 1;
  resolver->is_open = true;
  pthread_mutex_init(&resolver->lock, NULL);
  bool is_made = napi_create_string_utf8(env, "berkeley:resolver", NAPI_AUTO_LENGTH, &name) == napi_ok &&
                 napi_create_external(env, resolver, NULL, NULL, &result) == napi_ok &&
                 napi_create_threadsafe_function(env, v[0], NULL, name, 0, 1, NULL, NULL, NULL, hand_over,
                                                 &resolver->post) == napi_ok;
  if (!is_made) {
    free(resolver);
    return int_result(env, -ENOMEM);
  }
  napi_unref_threadsafe_function(env, resolver->post);
  napi_add_env_cleanup_hook(env, end_resolver, resolver);
  return result;
}

static bool read_resolver(napi_env env, napi_value value, struct resolver **resolver) {
  void *data = NULL;
  if (napi_get_value_external(env, value, &data) == napi_ok && *(enum external_kind *)data == RESOLVER_KIND) {
    *resolver = data;
    return true;
  }
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"resolver\" argument must be what resolverStart gave.");
  return false;
}

/* A text, or null; `*text` is the caller's to free. */
static bool read_text(napi_env env, napi_value value, const char *message, char **text) {
  napi_valuetype type = napi_undefined;
  size_t length = 0;
  *text = NULL;
  if (napi_typeof(env, value, &type) == napi_ok && type == napi_null) return true;
  if (type != napi_string || napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message);
    return false;
  }
  *text = malloc(length + 1);
  if (*text == NULL) {
    napi_throw_error(env, "ERR_ADDON", "A name could not be copied: out of memory.");
    return false;
  }
  return napi_get_value_string_utf8(env, value, *text, length + 1, &length) == napi_ok;
}

/* Starts the lookup's thread: 0, or the errno negated, and then the lookup is freed. */
static int start(struct resolver *resolver, struct lookup *lookup) {
  pthread_attr_t attributes;
  pthread_t thread;
  sigset_t all, before;
  lookup->resolver = resolver;
  pthread_mutex_lock(&resolver->lock);
  resolver->users++;
  pthread_mutex_unlock(&resolver->lock);
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  sigfillset(&all); /* signals are for the program's own threads */
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&thread, &attributes, look_up, lookup);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (error == 0) return 0;
  pthread_mutex_lock(&resolver->lock);
  leave(resolver);
  free_lookup(lookup);
  return -error;
}

/* resolverGetaddrinfo(resolver, id, host, service, hints): 0, or the errno negated if no thread could be started. */
static napi_value resolver_getaddrinfo(napi_env env, napi_callback_info info) {
  napi_value v[5];
  struct resolver *resolver;
  uint32_t id;
  int32_t *hints;
  if (!read_arguments(env, info, 5, v) || !read_resolver(env, v[0], &resolver)) return NULL;
  if (!read_uint(env, v[1], "id", &id) || !read_words(env, v[4], "hints", HINT_WORDS, &hints)) return NULL;
  struct lookup *lookup = calloc(1, sizeof *lookup);
  if (lookup == NULL) return int_result(env, -ENOMEM);
  lookup->id = id;
  memcpy(lookup->hints, hints, sizeof lookup->hints);
  if (!read_text(env, v[2], "The \"host\" argument must be a string or null.", &lookup->host) ||
      !read_text(env, v[3], "The \"service\" argument must be a string or null.", &lookup->service)) {
    free_lookup(lookup);
    return NULL;
  }
  return int_result(env, start(resolver, lookup));
}

/* resolverGetnameinfo(resolver, id, address, flags): likewise. */
static napi_value resolver_getnameinfo(napi_env env, napi_callback_info info) {
  napi_value v[4];
  struct resolver *resolver;
  struct bytes address;
  uint32_t id;
  int32_t flags;
  if (!read_arguments(env, info, 4, v) || !read_resolver(env, v[0], &resolver)) return NULL;
  if (!read_uint(env, v[1], "id", &id) || !read_bytes(env, v[2], "address", &address)) return NULL;
  if (!read_int(env, v[3], "flags", &flags)) return NULL;
  struct lookup *lookup = calloc(1, sizeof *lookup);
  if (lookup == NULL) return int_result(env, -ENOMEM);
  if (address.length > sizeof lookup->address) address.length = sizeof lookup->address;
  lookup->id = id;
  lookup->is_by_address = true;
  lookup->hints[HINT_FLAGS] = flags;
  lookup->address_length = (socklen_t)address.length;
  if (address.length > 0) memcpy(&lookup->address, address.data, address.length);
  return int_result(env, start(resolver, lookup));
}

/* resolverRef(resolver), resolverUnref(resolver): whether the resolver keeps the process alive. */
static napi_value resolver_ref(napi_env env, napi_callback_info info) {
  napi_value v[1];
  struct resolver *resolver;
  if (!read_arguments(env, info, 1, v) || !read_resolver(env, v[0], &resolver)) return NULL;
  napi_ref_threadsafe_function(env, resolver->post);
  return undefined_result(env);
}

static napi_value resolver_unref(napi_env env, napi_callback_info info) {
  napi_value v[1];
  struct resolver *resolver;
  if (!read_arguments(env, info, 1, v) || !read_resolver(env, v[0], &resolver)) return NULL;
  napi_unref_threadsafe_function(env, resolver->post);
  return undefined_result(env);
}

void export_resolver(napi_env env, napi_value exports) {
  export_function(env, exports, "resolverStart", resolver_start);
  export_function(env, exports, "resolverGetaddrinfo", resolver_getaddrinfo);
  export_function(env, exports, "resolverGetnameinfo", resolver_getnameinfo);
  export_function(env, exports, "resolverRef", resolver_ref);
  export_function(env, exports, "resolverUnref", resolver_unref);
}
