/*
 * The epoll engine: readiness in, completions out, one call a turn.
 *
 * The TypeScript side (src/reactor/engine.ts is the twin of this file) owns one block of memory that the two share:
 *
 *   header | completions | settlements | operations | receive region | send region | flags of the slots
 *
 * collect() takes the readiness of many sockets, performs at once what is armed on each (accept, receive) into the
 * receive region, and writes a completion for each result. TypeScript walks them; what its handlers send is queued in
 * the operations and the send region. flush() performs the operations in their order, gathered for each socket, and
 * writes a settlement for each that did not go through whole. The shape is close to io_uring's, so that another engine
 * can stand behind it.
 *
 * Registrations are edge-triggered: a socket costs no epoll_ctl(2) after its first, and none is polled again at the
 * next wait only because it was ready at this one. What edge-triggering asks for in return is kept here, in one place:
 * - Whoever stops reading before EAGAIN re-arms by EPOLL_CTL_MOD, which makes the kernel look again and put the socket
 *   at the end of its ready list: that is the rotation that keeps a busy socket from starving the others. (A short
 *   read of a stream means that it is drained, epoll(7), unless an end is still to be read after a hang-up, or the read
 *   stopped at something: TCP's urgent mark, descriptors that came over a Unix socket.)
 * - Readiness that nobody waits for is remembered in the slot's flags (IS_READABLE) and given to whoever waits next.
 * - Listeners are level-triggered: otherwise each burst of connections would end with an accept that fails.
 */
#ifndef BERKELEY_ENGINE_H
#define BERKELEY_ENGINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "../addon.h"
#include "../waker.h"

enum { MAXIMUM_EVENTS = 256, ADDRESS_BYTES = 128, MAXIMUM_BATCH = 32 };

/* The words of the header. */
/* TURN: not 0 from a waker's collect to its flush. */
enum { HEADER_OPERATIONS, HEADER_SEND_USED, HEADER_FLUSHES, HEADER_TURN, HEADER_WORDS = 16 };

/* What can be armed on a slot, and the kind of the completion that answers. */
enum {
  READABLE = 1,      /* once: the socket can be read, or has ended or failed */
  WRITABLE = 2,      /* once: the socket can be written, or has failed */
  RECEIVE = 4,       /* until disarmed: bytes of a stream, or records of a seqpacket socket */
  ACCEPT = 8,        /* until disarmed: connections */
  RECEIVE_FROM = 16, /* until disarmed: datagrams with their senders */
  RECEIVE_ONCE = 32, /* once: as many bytes of a stream as are wanted */
};

/*
 * The flags of a slot are shared, so that waiting to read, which a program does for every message, takes no call: what
 * is armed (the kinds above), and with it what TypeScript has to know to arm by itself.
 */
enum {
  IS_UNSURE = 128,       /* it has hung up, or urgent data came: a short read does not mean that it is drained */
  IS_READABLE = 256,     /* it became readable while nobody waited */
  WATCHES_INPUT = 512,   /* registered for input: READABLE and RECEIVE_ONCE can be armed by setting their flag */
  WANTED_SHIFT = 10,     /* above that: the most bytes that RECEIVE_ONCE, or connections that ACCEPT takes (0: any) */
};

/* The words of a completion, and of a settlement. */
enum { C_SLOT, C_GENERATION, C_KIND, C_RESULT, C_OFFSET, C_FLAGS, C_ADDRESS, C_ADDRESS_LENGTH, COMPLETION_WORDS };

/* The words of an operation. `next` links what one socket sends in one turn; 0 ends the list. */
enum { O_SLOT, O_GENERATION, O_KIND, O_OFFSET, O_LENGTH, O_NEXT, O_ADDRESS, O_ADDRESS_LENGTH, OPERATION_WORDS };

/* The kinds of operations. SEND_MORE is reached through its list, never by itself. */
enum { SEND = 1, SEND_MORE = 2, SEND_TO = 3, SHUTDOWN_WRITE = 4, CLOSE = 5 };

/* A slot's traits. */
enum { KEEPS_MESSAGES = 1, BRINGS_DESCRIPTORS = 2 /* a Unix stream */ };

struct slot {
  int fd; /* -1: free */
  uint32_t generation;
  uint32_t mask; /* as registered with epoll; 0: not registered */
  uint32_t settled_flush; /* the flush in which something of this slot did not go through */
  uint32_t message_bytes; /* RECEIVE_FROM: the longest datagram that is not truncated */
  uint8_t traits;
  uint8_t accept_budget;
};

/* Where the regions lie, and the limits of a turn; given by TypeScript, checked against the memory's size. */
struct engine_layout {
  int32_t completions, completion_capacity;
  int32_t settlements, operations, operation_capacity;
  int32_t receive, receive_length;
  int32_t send, send_length;
  int32_t flags, slot_capacity;
  int32_t chunk_bytes;       /* what one receive asks for at the most */
  int32_t share_bytes;       /* what each ready socket is sure of in a turn */
  int32_t socket_turn_bytes; /* what one socket may take in a turn */
};

struct engine_statistics {
  double collects, events, completions, receives, received_bytes, accepts, flushes, sends, sent_bytes, settlements,
      stale_events, rearms;
};

struct engine {
  enum external_kind kind;
  struct addon *addon;
  int epoll_fd;
  napi_ref memory;
  size_t memory_length;
  struct engine_layout layout;
  struct slot *slots;
  uint32_t slot_count;
  struct engine_statistics statistics;
  struct epoll_event events[MAXIMUM_EVENTS];
};

/* The shared memory as one call sees it. */
struct memory {
  uint8_t *bytes;
  int32_t *header, *completions, *settlements, *operations, *flags;
};

bool engine_memory(napi_env env, struct engine *engine, struct memory *memory);
/* The slot, if it is still of this generation. */
struct slot *engine_slot(struct engine *engine, uint32_t index, uint32_t generation);

/* Registers `mask` for the slot (0: removes it). Returns 0, or the errno negated. */
int engine_watch(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot, uint32_t mask);
/* Makes the kernel look again at an edge-triggered registration. */
void engine_rearm(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot);
void engine_close_slot(struct engine *engine, struct memory *memory, uint32_t index, struct slot *slot);

/* Take a turn's readiness and receive; perform the queued operations. Both return a count, or the errno negated. */
int engine_collect(struct engine *engine, struct memory *memory);
int engine_flush(struct engine *engine, struct memory *memory);

#endif
