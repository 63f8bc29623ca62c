/* The first half of a turn: take what is ready, and receive it. See engine.h for the rules. */
#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine.h"

#define MINIMUM(a, b) ((a) < (b) ? (a) : (b))
/* Completions point at their bytes by offset; an aligned start lets TypeScript lay other typed arrays over them. */
#define ALIGN(n) (((n) + 7) & ~7)

struct turn {
  struct engine *engine;
  struct memory *memory;
  int32_t cursor;    /* the next free byte of the receive region */
  int32_t end;       /* its end */
  int32_t count;     /* completions so far */
  int32_t remaining; /* ready sockets after this one, which keep room for two completions each */
  int32_t reserved;  /* bytes that are kept for them: the sum of their shares */
};

static int32_t *push(struct turn *turn, uint32_t index, const struct slot *slot, int kind, int64_t result) {
  int32_t *c = turn->memory->completions + turn->count++ * COMPLETION_WORDS;
  c[C_SLOT] = (int32_t)index;
  c[C_GENERATION] = (int32_t)slot->generation;
  c[C_KIND] = kind;
  c[C_RESULT] = (int32_t)result;
  c[C_OFFSET] = turn->cursor;
  c[C_FLAGS] = 0;
  c[C_ADDRESS] = 0;
  c[C_ADDRESS_LENGTH] = 0;
  return c;
}

static int32_t *flags_of(const struct turn *turn, uint32_t index) {
  return turn->memory->flags + index;
}

/* Completions that a turn may still write; each other ready socket keeps room for two. */
static int32_t completion_room(const struct turn *turn) {
  return turn->engine->layout.completion_capacity - turn->count - 2 * turn->remaining - 2;
}

static int32_t byte_room(const struct turn *turn) {
  return turn->end - turn->cursor - turn->reserved;
}

/* From the start of one datagram's place to the next: its sender's address, and the longest that its socket takes. */
static int32_t datagram_stride(const struct slot *slot) {
  /* Not a multiple of a page: else the first lines of all datagrams would fall into the same set of the cache. */
  return ALIGN((int32_t)slot->message_bytes) + ADDRESS_BYTES + 64;
}

/* What a ready socket is sure of in a turn: a datagram that is received needs its place whole. */
static int32_t share_of(const struct engine *engine, const struct slot *slot, int32_t flags) {
  const int32_t share = engine->layout.share_bytes;
  if ((flags & RECEIVE_FROM) == 0) return share;
  return datagram_stride(slot) > share ? datagram_stride(slot) : share;
}

/* A seqpacket socket returns 0 for an empty record and for the end alike: it is the end when nothing more is queued. */
static bool record_is_end(const struct slot *slot, uint32_t mask) {
  int queued = 0;
  return (mask & (EPOLLRDHUP | EPOLLHUP)) != 0 && (ioctl(slot->fd, SIOCINQ, &queued) == -1 || queued == 0);
}

/*
 * Receives from a stream, without waiting. Descriptors that came with the bytes are let go of (there is no room for
 * them, MSG_CTRUNC), but the kernel ends the read there: more may be behind it, however short it was.
 */
static ssize_t receive_bytes(const struct slot *slot, uint8_t *bytes, int32_t length, bool *is_drained) {
  ssize_t n;
  int flags = 0;
  do {
    if (slot->traits & BRINGS_DESCRIPTORS) {
      struct iovec vector = {bytes, (size_t)length};
      struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
      n = recvmsg(slot->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      flags = message.msg_flags;
    } else n = recv(slot->fd, bytes, (size_t)length, MSG_DONTWAIT);
  } while (n == -1 && errno == EINTR);
  *is_drained = n < length && (n == -1 || (flags & MSG_CTRUNC) == 0);
  return n;
}

static void receive_stream(struct turn *turn, uint32_t index, struct slot *slot, uint32_t mask) {
  const struct engine_layout *layout = &turn->engine->layout;
  const bool has_messages = (slot->traits & KEEPS_MESSAGES) != 0;
  int32_t taken = 0;
  for (;;) {
    int32_t room = MINIMUM(byte_room(turn), layout->chunk_bytes);
    if (room < layout->share_bytes || completion_room(turn) < 1 || taken >= layout->socket_turn_bytes) {
      engine_rearm(turn->engine, turn->memory, index, slot);
      return;
    }
    bool is_drained = false;
    struct iovec vector = {turn->memory->bytes + turn->cursor, (size_t)room};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    ssize_t n = has_messages ? recvmsg(slot->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)
                             : receive_bytes(slot, vector.iov_base, room, &is_drained);
    turn->engine->statistics.receives++;
    if (n == -1 && errno == EINTR) continue;
    if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n == -1 || (n == 0 && (!has_messages || record_is_end(slot, mask)))) {
      push(turn, index, slot, RECEIVE, n == -1 ? -errno : 0);
      *flags_of(turn, index) &= ~RECEIVE;
      return;
    }
    int32_t *c = push(turn, index, slot, RECEIVE, n);
    c[C_FLAGS] = has_messages ? message.msg_flags | MSG_EOR : 0;
    turn->cursor += ALIGN((int32_t)n);
    taken += (int32_t)n;
    turn->engine->statistics.received_bytes += (double)n;
    if (is_drained && (*flags_of(turn, index) & IS_UNSURE) == 0) return;
  }
}

/* Each datagram has room for the longest its socket takes; after each its sender's address. */
static void receive_datagrams(struct turn *turn, uint32_t index, struct slot *slot, uint32_t mask) {
  const struct engine_layout *layout = &turn->engine->layout;
  const int32_t stride = datagram_stride(slot);
  struct mmsghdr messages[MAXIMUM_BATCH];
  struct iovec vectors[MAXIMUM_BATCH];
  int32_t taken = 0;
  for (;;) {
    int32_t batch = MINIMUM(MINIMUM(byte_room(turn) / stride, MAXIMUM_BATCH), completion_room(turn));
    if (batch < 1 || taken >= layout->socket_turn_bytes) {
      engine_rearm(turn->engine, turn->memory, index, slot);
      return;
    }
    for (int32_t i = 0; i < batch; i++) {
      uint8_t *start = turn->memory->bytes + turn->cursor + i * stride;
      vectors[i] = (struct iovec){start + ADDRESS_BYTES, slot->message_bytes};
      memset(&messages[i], 0, sizeof messages[i]);
      messages[i].msg_hdr.msg_name = start;
      messages[i].msg_hdr.msg_namelen = ADDRESS_BYTES;
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    int n = recvmmsg(slot->fd, messages, (unsigned)batch, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, NULL);
    turn->engine->statistics.receives++;
    if (n == -1 && errno == EINTR) continue;
    if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n == -1) {
      /* An error of a datagram socket (an ICMP message) is read once and does not end the socket. */
      push(turn, index, slot, RECEIVE_FROM, -errno);
      taken += stride;
      continue;
    }
    for (int i = 0; i < n; i++) {
      int32_t *c = push(turn, index, slot, RECEIVE_FROM, messages[i].msg_len);
      c[C_ADDRESS] = turn->cursor;
      c[C_ADDRESS_LENGTH] = (int32_t)messages[i].msg_hdr.msg_namelen;
      c[C_OFFSET] = turn->cursor + ADDRESS_BYTES;
      c[C_FLAGS] = messages[i].msg_hdr.msg_flags;
      turn->cursor += stride;
      taken += (int32_t)messages[i].msg_len + 1;
      turn->engine->statistics.received_bytes += messages[i].msg_len;
    }
    /*
     * Fewer than asked for: recvmmsg(2) met EAGAIN, or an error that it keeps for the next call. An error that is
     * younger than the mask brings an event of its own.
     */
    if (n < batch && (mask & EPOLLERR) == 0) return;
  }
}

/* Errors of one connection that was lost before it was accepted (accept(2)): the listener is as good as before. */
static bool concerns_one_connection(int error) {
  switch (error) {
    case ECONNABORTED: case EPROTO: case ENOPROTOOPT: case ENETDOWN: case ENETUNREACH: case EHOSTDOWN:
    case EHOSTUNREACH: case ENONET: case EPERM: case EINTR: case ETIMEDOUT:
      return true;
    default:
      return false;
  }
}

/*
 * The budget adapts, so that a lone connection costs one accept4(2) and a storm few turns; level-triggered, the
 * listener reports again what was left.
 */
static void accept_connections(struct turn *turn, uint32_t index, struct slot *slot) {
  const uint32_t wanted = (uint32_t)*flags_of(turn, index) >> WANTED_SHIFT;
  const uint32_t most = wanted == 0 ? slot->accept_budget : MINIMUM(wanted, slot->accept_budget);
  uint32_t accepted = 0;
  while (accepted < most) {
    if (byte_room(turn) < ADDRESS_BYTES || completion_room(turn) < 1) return;
    uint8_t *address = turn->memory->bytes + turn->cursor;
    socklen_t length = ADDRESS_BYTES;
    int fd = accept4(slot->fd, (struct sockaddr *)(void *)address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd == -1 && concerns_one_connection(errno)) {
      accepted++;
      continue;
    }
    if (fd == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      slot->accept_budget = (uint8_t)(accepted < 1 ? 1 : accepted);
      return;
    }
    int result = fd == -1 ? -errno : own_descriptor(&turn->engine->addon->owned, fd);
    if (result < 0) {
      /* Out of descriptors or memory: waiting on would spin. TypeScript arms again after a while. */
      if (fd != -1) close(fd);
      push(turn, index, slot, ACCEPT, result);
      *flags_of(turn, index) &= ~ACCEPT;
      engine_watch(turn->engine, turn->memory, index, slot, 0);
      return;
    }
    int32_t *c = push(turn, index, slot, ACCEPT, fd);
    c[C_ADDRESS] = turn->cursor;
    c[C_ADDRESS_LENGTH] = (int32_t)length;
    turn->cursor += ADDRESS_BYTES;
    turn->engine->statistics.accepts++;
    accepted++;
  }
  if (slot->accept_budget < 64) slot->accept_budget *= 2;
}

/* For one that waits, as much as it wants. What a full read or a hang-up leaves behind is noted for the next. */
static void receive_once(struct turn *turn, uint32_t index, struct slot *slot) {
  int32_t *flags = flags_of(turn, index);
  const int32_t wanted = (int32_t)((uint32_t)*flags >> WANTED_SHIFT);
  const int32_t length = MINIMUM(wanted, MINIMUM(byte_room(turn), turn->engine->layout.chunk_bytes));
  if (length < 1) {
    engine_rearm(turn->engine, turn->memory, index, slot);
    return;
  }
  bool is_drained;
  ssize_t n = receive_bytes(slot, turn->memory->bytes + turn->cursor, length, &is_drained);
  turn->engine->statistics.receives++;
  if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
  push(turn, index, slot, RECEIVE_ONCE, n == -1 ? -errno : n);
  *flags &= ~RECEIVE_ONCE;
  if (n < 1 || !is_drained || (*flags & IS_UNSURE)) *flags |= IS_READABLE;
  if (n > 0) {
    turn->cursor += ALIGN((int32_t)n);
    turn->engine->statistics.received_bytes += (double)n;
  }
}

static void serve(struct turn *turn, uint32_t index, struct slot *slot, uint32_t mask) {
  const uint32_t input = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI;
  const uint32_t output = EPOLLOUT | EPOLLHUP | EPOLLERR;
  int32_t *flags = flags_of(turn, index);
  if (mask & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)) *flags |= IS_UNSURE;
  if (mask & input) {
    if (*flags & RECEIVE) receive_stream(turn, index, slot, mask);
    else if (*flags & RECEIVE_ONCE) receive_once(turn, index, slot);
    else if (*flags & RECEIVE_FROM) receive_datagrams(turn, index, slot, mask);
    else if (*flags & ACCEPT) accept_connections(turn, index, slot);
    else if (*flags & READABLE) {
      push(turn, index, slot, READABLE, 0);
      *flags &= ~READABLE;
    } else *flags |= IS_READABLE;
  }
  if (mask & output) {
    if (*flags & WRITABLE) {
      push(turn, index, slot, WRITABLE, 0);
      *flags &= ~WRITABLE;
    } else if ((mask & ~(uint32_t)EPOLLOUT) == 0) {
      /* Woken for nothing: datagram and Unix sockets report every message that left. */
      engine_watch(turn->engine, turn->memory, index, slot, slot->mask & ~(uint32_t)EPOLLOUT);
    }
  }
}

/*
 * Of the ready sockets, how many this turn serves: those whose shares fit the receive region together. The others line
 * up anew, now, before anything else is received: so they come first next time.
 */
static int admit(struct turn *turn, int ready) {
  struct engine *engine = turn->engine;
  for (int i = 0; i < ready; i++) {
    uint32_t index = (uint32_t)engine->events[i].data.u64;
    struct slot *slot = engine_slot(engine, index, (uint32_t)(engine->events[i].data.u64 >> 32));
    int32_t share = slot == NULL ? 0 : share_of(engine, slot, *flags_of(turn, index));
    if (share <= byte_room(turn)) {
      turn->reserved += share;
      continue;
    }
    for (int late = i; late < ready; late++) {
      index = (uint32_t)engine->events[late].data.u64;
      slot = engine_slot(engine, index, (uint32_t)(engine->events[late].data.u64 >> 32));
      if (slot != NULL) engine_rearm(engine, turn->memory, index, slot);
    }
    return i;
  }
  return ready;
}

int engine_collect(struct engine *engine, struct memory *memory) {
  const struct engine_layout *layout = &engine->layout;
  /* No more events than there are shares for: the kernel keeps the rest, and rotates. */
  int maximum = MINIMUM(MAXIMUM_EVENTS, layout->receive_length / layout->share_bytes - 1);
  int n;
  do n = epoll_wait(engine->epoll_fd, engine->events, maximum, 0);
  while (n == -1 && errno == EINTR);
  if (n == -1) return -errno;
  engine->statistics.collects++;
  engine->statistics.events += n;
  struct turn turn = {engine, memory, layout->receive, layout->receive + layout->receive_length, 0, 0, 0};
  n = admit(&turn, n);
  for (int i = 0; i < n; i++) {
    uint32_t index = (uint32_t)engine->events[i].data.u64;
    struct slot *slot = engine_slot(engine, index, (uint32_t)(engine->events[i].data.u64 >> 32));
    turn.remaining = n - i - 1;
    if (slot == NULL) {
      engine->statistics.stale_events++;
      continue;
    }
    turn.reserved -= share_of(engine, slot, *flags_of(&turn, index));
    serve(&turn, index, slot, engine->events[i].events);
  }
  engine->statistics.completions += turn.count;
  return turn.count;
}
