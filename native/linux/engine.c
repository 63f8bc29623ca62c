/* The engine's table of slots, its registrations with epoll, and what JavaScript calls of it. */
#include "engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool engine_memory(napi_env env, struct engine *engine, struct memory *memory) {
  napi_value buffer;
  void *data;
  size_t length;
  if (napi_get_reference_value(env, engine->memory, &buffer) != napi_ok) return false;
  if (napi_get_arraybuffer_info(env, buffer, &data, &length) != napi_ok || length < engine->memory_length) return false;
  memory->bytes = data;
  memory->header = (int32_t *)data;
  memory->completions = (int32_t *)(void *)(memory->bytes + engine->layout.completions);
  memory->settlements = (int32_t *)(void *)(memory->bytes + engine->layout.settlements);
  memory->operations = (int32_t *)(void *)(memory->bytes + engine->layout.operations);
  memory->flags = (int32_t *)(void *)(memory->bytes + engine->layout.flags);
  return true;
}

struct slot *engine_slot(struct engine *engine, uint32_t index, uint32_t generation) {
  if (index >= engine->slot_count) return NULL;
  struct slot *slot = &engine->slots[index];
  return slot->fd != -1 && slot->generation == generation ? slot : NULL;
}

int engine_watch(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot, uint32_t mask) {
  if (mask == EPOLLET) mask = 0;
  struct epoll_event event = {.events = mask, .data.u64 = (uint64_t)slot->generation << 32 | index};
  int command = mask == 0 ? EPOLL_CTL_DEL : slot->mask == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (mask == 0 && slot->mask == 0) return 0;
  if (epoll_ctl(engine->epoll_fd, command, slot->fd, &event) == -1) return -errno;
  slot->mask = mask;
  if (mask & EPOLLIN) memory->flags[index] |= WATCHES_INPUT;
  else memory->flags[index] &= ~WATCHES_INPUT;
  return 0;
}

void engine_rearm(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot) {
  engine->statistics.rearms++;
  engine_watch(engine, memory, index, slot, slot->mask);
}

/*
 * Removed from epoll before the close: were the descriptor duplicated (passed on, or inherited across a fork), the
 * registration would outlive the close, fire for ever, and could not be removed any more.
 */
static void release_slot(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot) {
  engine_watch(engine, memory, index, slot, 0);
  slot->fd = -1;
  slot->mask = 0;
  memory->flags[index] = 0;
}

void engine_close_slot(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot) {
  int fd = slot->fd;
  release_slot(engine, memory, index, slot);
  disown_descriptor(&engine->addon->owned, fd);
  close(fd);
}

static int reserve_slot(struct engine *engine, uint32_t index) {
  if (index < engine->slot_count) return 0;
  if (index >= (uint32_t)engine->layout.slot_capacity) return -ENFILE;
  uint32_t count = engine->slot_count == 0 ? 64 : engine->slot_count;
  while (count <= index) count *= 2;
  struct slot *slots = realloc(engine->slots, count * sizeof *slots);
  if (slots == NULL) return -ENOMEM;
  memset(slots + engine->slot_count, 0, (count - engine->slot_count) * sizeof *slots);
  for (uint32_t i = engine->slot_count; i < count; i++) slots[i].fd = -1;
  engine->slots = slots;
  engine->slot_count = count;
  return 0;
}

/* READABLE and RECEIVE_ONCE come here only until the socket is registered for input. */
static int arm(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot, uint32_t interest) {
  uint32_t mask = slot->mask;
  switch (interest) {
    case READABLE:
    case RECEIVE_ONCE:
    case RECEIVE:
    case RECEIVE_FROM:
      mask |= EPOLLIN | EPOLLRDHUP | EPOLLPRI | EPOLLET;
      break;
    case WRITABLE:
      mask |= EPOLLOUT | EPOLLET;
      break;
    case ACCEPT:
      mask = EPOLLIN;
      slot->accept_budget = 1;
      break;
    default:
      return -EINVAL;
  }
  int error = engine_watch(engine, memory, index, slot, mask);
  if (error != 0) return error;
  memory->flags[index] |= (int32_t)interest;
  /* The kernel has just been asked anew. */
  if (interest & (RECEIVE | RECEIVE_FROM)) memory->flags[index] &= ~IS_READABLE;
  return 0;
}

static int disarm(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot, uint32_t interest) {
  memory->flags[index] &= ~(int32_t)interest;
  if ((interest & (RECEIVE | RECEIVE_FROM | ACCEPT)) == 0) return 0;
  /* With an empty mask epoll would still report a hang-up: what is paused is deregistered. */
  uint32_t mask = memory->flags[index] & WRITABLE ? EPOLLOUT | EPOLLET : 0;
  return engine_watch(engine, memory, index, slot, mask);
}

static bool read_engine(napi_env env, napi_value value, struct engine **engine) {
  void *data;
  if (napi_get_value_external(env, value, &data) == napi_ok && *(enum external_kind *)data == ENGINE_KIND) {
    *engine = data;
    return true;
  }
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"engine\" argument must be an engine.");
  return false;
}

/* At the environment's end. Not all runtimes collect what a worker held then, so end_engine may never be called. */
static void close_engine(void *data) {
  struct engine *engine = data;
  if (engine->epoll_fd >= 0) close(engine->epoll_fd);
  engine->epoll_fd = -1;
}

static void end_engine(napi_env env, void *data, void *hint) {
  (void)hint;
  struct engine *engine = data;
  napi_remove_env_cleanup_hook(env, close_engine, engine);
  close_engine(engine);
  napi_delete_reference(env, engine->memory);
  free(engine->slots);
  free(engine);
}

/* A region must begin at a multiple of 8, hold `bytes`, and end where the next begins at the latest. */
static bool region_fits(int32_t start, int64_t bytes, int64_t next) {
  return start % 8 == 0 && bytes >= 0 && start + bytes <= next;
}

static bool layout_fits(const struct engine_layout *l, size_t memory_length) {
  const int64_t operations = (int64_t)l->operation_capacity + 1;
  const int64_t slots = l->slot_capacity;
  return l->completions >= HEADER_WORDS * 4 && l->completion_capacity >= 4 * MAXIMUM_EVENTS &&
         l->operation_capacity > 0 &&
         region_fits(l->completions, (int64_t)l->completion_capacity * COMPLETION_WORDS * 4, l->settlements) &&
         region_fits(l->settlements, operations * COMPLETION_WORDS * 4, l->operations) &&
         region_fits(l->operations, operations * OPERATION_WORDS * 4, l->receive) &&
         region_fits(l->receive, l->receive_length, l->send) && region_fits(l->send, l->send_length, l->flags) &&
         region_fits(l->flags, slots * 4, (int64_t)memory_length) && l->share_bytes > ADDRESS_BYTES &&
         l->receive_length / 2 >= l->share_bytes && l->chunk_bytes > 0 && l->socket_turn_bytes > 0;
}

/* engineCreate(memory, layout): the engine, or the errno negated. */
static napi_value engine_create(napi_env env, napi_callback_info info) {
  napi_value v[2], result;
  int32_t *words;
  void *data;
  size_t length;
  if (!read_arguments(env, info, 2, v)) return NULL;
  if (napi_get_arraybuffer_info(env, v[0], &data, &length) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"memory\" argument must be an ArrayBuffer.");
    return NULL;
  }
  if (!read_words(env, v[1], "layout", sizeof(struct engine_layout) / sizeof(int32_t), &words)) return NULL;
  struct engine *engine = calloc(1, sizeof *engine);
  if (engine == NULL) return int_result(env, -ENOMEM);
  memcpy(&engine->layout, words, sizeof engine->layout);
  if (!layout_fits(&engine->layout, length)) {
    free(engine);
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "The \"layout\" argument does not fit the memory.");
    return NULL;
  }
  engine->kind = ENGINE_KIND;
  engine->memory_length = length;
  engine->addon = addon_of(env);
  engine->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (engine->epoll_fd == -1) {
    int error = errno;
    free(engine);
    return int_result(env, -error);
  }
  if (napi_create_reference(env, v[0], 1, &engine->memory) != napi_ok ||
      napi_create_external(env, engine, end_engine, NULL, &result) != napi_ok) {
    close_engine(engine);
    free(engine);
    return int_result(env, -ENOMEM);
  }
  napi_add_env_cleanup_hook(env, close_engine, engine);
  return result;
}

struct slot_arguments {
  struct engine *engine;
  struct memory memory;
  uint32_t index, generation;
  struct slot *slot; /* NULL: no longer of that generation */
};

static bool read_slot(napi_env env, const napi_value *v, struct slot_arguments *a) {
  if (!read_engine(env, v[0], &a->engine) || !read_uint(env, v[1], "slot", &a->index)) return false;
  if (!read_uint(env, v[2], "generation", &a->generation)) return false;
  a->slot = engine_slot(a->engine, a->index, a->generation);
  return engine_memory(env, a->engine, &a->memory);
}

/* engineAttach(engine, slot, generation, fd, traits, messageBytes): the slot now stands for the descriptor. */
static napi_value engine_attach(napi_env env, napi_callback_info info) {
  napi_value v[6];
  struct slot_arguments a;
  int32_t fd;
  uint32_t traits, message_bytes;
  if (!read_arguments(env, info, 6, v) || !read_slot(env, v, &a) || !read_int(env, v[3], "fd", &fd)) return NULL;
  if (!read_uint(env, v[4], "traits", &traits) || !read_uint(env, v[5], "messageBytes", &message_bytes)) return NULL;
  if (fd < 0) return int_result(env, -EBADF);
  if (message_bytes > (uint32_t)a.engine->layout.receive_length / 4) return int_result(env, -EINVAL);
  int error = reserve_slot(a.engine, a.index);
  if (error < 0) return int_result(env, error);
  struct slot *slot = &a.engine->slots[a.index];
  if (slot->fd != -1) return int_result(env, -EBUSY);
  a.memory.flags[a.index] = 0;
  *slot = (struct slot){.fd = fd, .generation = a.generation, .traits = (uint8_t)traits, .message_bytes = message_bytes};
  return int_result(env, 0);
}

/* engineDetach(engine, slot, generation): the slot is free; the descriptor stays open. */
static napi_value engine_detach(napi_env env, napi_callback_info info) {
  napi_value v[3];
  struct slot_arguments a;
  if (!read_arguments(env, info, 3, v) || !read_slot(env, v, &a)) return NULL;
  if (a.slot == NULL) return int_result(env, -EBADF);
  release_slot(a.engine, &a.memory, a.index, a.slot);
  return int_result(env, 0);
}

/* engineClose(engine, slot, generation): close(2) now, whatever is queued. Returns the number that was closed. */
static napi_value engine_close(napi_env env, napi_callback_info info) {
  napi_value v[3];
  struct slot_arguments a;
  if (!read_arguments(env, info, 3, v) || !read_slot(env, v, &a)) return NULL;
  if (a.slot == NULL) return int_result(env, -EBADF);
  int fd = a.slot->fd;
  engine_close_slot(a.engine, &a.memory, a.index, a.slot);
  return int_result(env, fd);
}

/* engineArm(engine, slot, generation, interest): 0, or the errno negated. */
static napi_value engine_arm(napi_env env, napi_callback_info info) {
  napi_value v[4];
  struct slot_arguments a;
  uint32_t interest;
  if (!read_arguments(env, info, 4, v) || !read_slot(env, v, &a)) return NULL;
  if (!read_uint(env, v[3], "interest", &interest)) return NULL;
  return int_result(env, a.slot == NULL ? -EBADF : arm(a.engine, &a.memory, a.index, a.slot, interest));
}

static napi_value engine_disarm(napi_env env, napi_callback_info info) {
  napi_value v[4];
  struct slot_arguments a;
  uint32_t interest;
  if (!read_arguments(env, info, 4, v) || !read_slot(env, v, &a)) return NULL;
  if (!read_uint(env, v[3], "interest", &interest)) return NULL;
  return int_result(env, a.slot == NULL ? -EBADF : disarm(a.engine, &a.memory, a.index, a.slot, interest));
}

static int waker_collect(napi_env env, void *data) {
  struct memory memory;
  if (!engine_memory(env, data, &memory)) return -EFAULT;
  memory.header[HEADER_TURN] = 1;
  return engine_collect(data, &memory);
}

static int waker_flush(napi_env env, void *data) {
  struct memory memory;
  if (!engine_memory(env, data, &memory)) return -EFAULT;
  memory.header[HEADER_TURN] = 0;
  return engine_flush(data, &memory);
}

typedef int (*engine_step)(struct engine *, struct memory *);

static napi_value call_step(napi_env env, napi_callback_info info, engine_step step) {
  napi_value v[1];
  struct engine *engine;
  struct memory memory;
  if (!read_arguments(env, info, 1, v) || !read_engine(env, v[0], &engine)) return NULL;
  return int_result(env, engine_memory(env, engine, &memory) ? step(engine, &memory) : -EFAULT);
}

/* engineCollect(engine): the number of completions. */
static napi_value call_collect(napi_env env, napi_callback_info info) {
  return call_step(env, info, engine_collect);
}

/* engineFlush(engine): the number of settlements. */
static napi_value call_flush(napi_env env, napi_callback_info info) {
  return call_step(env, info, engine_flush);
}

/* engineStatistics(engine, Float64Array): the counters, in the order of struct engine_statistics. */
static napi_value engine_statistics(napi_env env, napi_callback_info info) {
  napi_value v[2], buffer;
  struct engine *engine;
  napi_typedarray_type type;
  size_t length, offset;
  void *data;
  if (!read_arguments(env, info, 2, v) || !read_engine(env, v[0], &engine)) return NULL;
  napi_status status = napi_get_typedarray_info(env, v[1], &type, &length, &data, &buffer, &offset);
  if (status != napi_ok || type != napi_float64_array || length * sizeof(double) < sizeof engine->statistics) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The \"out\" argument must be a Float64Array that is long enough.");
    return NULL;
  }
  memcpy(data, &engine->statistics, sizeof engine->statistics);
  return undefined_result(env);
}

static void free_waker_target(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

/* engineWakerTarget(engine): what a waker drives, for the addon file that holds the waker. */
static napi_value engine_waker_target(napi_env env, napi_callback_info info) {
  napi_value v[1], result;
  struct engine *engine;
  if (!read_arguments(env, info, 1, v) || !read_engine(env, v[0], &engine)) return NULL;
  struct waker_target *target = malloc(sizeof *target);
  if (target == NULL) return int_result(env, -ENOMEM);
  *target = (struct waker_target){WAKER_TARGET_KIND, engine->epoll_fd, engine, waker_collect, waker_flush};
  if (napi_create_external(env, target, free_waker_target, NULL, &result) != napi_ok) {
    free(target);
    return int_result(env, -ENOMEM);
  }
  return result;
}

void export_engine(napi_env env, napi_value exports) {
  export_function(env, exports, "engineCreate", engine_create);
  export_function(env, exports, "engineAttach", engine_attach);
  export_function(env, exports, "engineDetach", engine_detach);
  export_function(env, exports, "engineClose", engine_close);
  export_function(env, exports, "engineArm", engine_arm);
  export_function(env, exports, "engineDisarm", engine_disarm);
  export_function(env, exports, "engineCollect", call_collect);
  export_function(env, exports, "engineFlush", call_flush);
  export_function(env, exports, "engineStatistics", engine_statistics);
  export_function(env, exports, "engineWakerTarget", engine_waker_target);
}
