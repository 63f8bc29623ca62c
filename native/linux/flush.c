/* The second half of a turn: perform what was queued, in its order, gathered for each socket. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "engine.h"

enum { MAXIMUM_PARTS = 256 };

struct flush {
  struct engine *engine;
  struct memory *memory;
  int32_t count; /* settlements so far */
};

/* An operation that did not go through; what follows it is not affected. */
static void settle_alone(struct flush *flush, const int32_t *operation, int64_t result) {
  int32_t *s = flush->memory->settlements + flush->count++ * COMPLETION_WORDS;
  s[C_SLOT] = operation[O_SLOT];
  s[C_GENERATION] = operation[O_GENERATION];
  s[C_KIND] = operation[O_KIND];
  s[C_RESULT] = (int32_t)result;
  s[C_OFFSET] = (int32_t)((operation - flush->memory->operations) / OPERATION_WORDS);
}

/* Something of this slot did not go through: whatever of it follows in this flush is left for TypeScript to redo. */
static void settle(struct flush *flush, const int32_t *operation, int64_t result) {
  struct slot *slot = engine_slot(flush->engine, (uint32_t)operation[O_SLOT], (uint32_t)operation[O_GENERATION]);
  if (slot != NULL) slot->settled_flush = (uint32_t)flush->memory->header[HEADER_FLUSHES] + 1;
  settle_alone(flush, operation, result);
}

static bool has_settled(const struct flush *flush, const struct slot *slot) {
  return slot->settled_flush == (uint32_t)flush->memory->header[HEADER_FLUSHES] + 1;
}

/*
 * The operations lie in memory that handlers have views of: one that is scribbled over costs its socket, but nothing is
 * read from outside of the memory, and a list ends.
 */
static bool is_sound(const struct flush *flush, const int32_t *operation) {
  const int64_t length = (int64_t)flush->engine->memory_length;
  const int64_t bytes = operation[O_LENGTH], name = operation[O_ADDRESS_LENGTH];
  return operation[O_OFFSET] >= 0 && bytes >= 0 && operation[O_OFFSET] + bytes <= length &&
         (operation[O_KIND] != SEND_TO || (operation[O_ADDRESS] >= 0 && name >= 0 && operation[O_ADDRESS] + name <= length));
}

/* The next of the same socket's list, which always lies behind; NULL: there is none. */
static const int32_t *after(const struct flush *flush, const int32_t *operation) {
  const int32_t number = operation[O_NEXT];
  if (number > flush->engine->layout.operation_capacity) return NULL;
  const int32_t *next = flush->memory->operations + (number < 0 ? 0 : number) * OPERATION_WORDS;
  return next > operation ? next : NULL;
}

static ssize_t send_vector(int fd, struct iovec *vector, int count) {
  ssize_t n;
  struct msghdr message = {.msg_iov = vector, .msg_iovlen = (size_t)count};
  do {
    n = count == 1 ? send(fd, vector->iov_base, vector->iov_len, MSG_DONTWAIT | MSG_NOSIGNAL)
                   : sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (n == -1 && errno == EINTR);
  return n == -1 ? -errno : n;
}

/*
 * Sends the list of operations that starts at `operation`. A stream gathers as many as fit one call; a socket that
 * keeps messages sends each by itself. Settles with the number of bytes that went out, or the errno negated.
 */
static void send_list(struct flush *flush, uint32_t index, struct slot *slot, int32_t *operation) {
  struct engine_statistics *statistics = &flush->engine->statistics;
  struct iovec vector[MAXIMUM_PARTS];
  const int maximum = slot->traits & KEEPS_MESSAGES ? 1 : MAXIMUM_PARTS;
  int64_t sent = 0;
  const int32_t *next = operation;
  while (next != NULL) {
    int count = 0;
    int64_t wanted = 0;
    while (next != NULL && count < maximum) {
      if (!is_sound(flush, next)) {
        settle(flush, operation, -EFAULT);
        return;
      }
      vector[count++] = (struct iovec){flush->memory->bytes + next[O_OFFSET], (size_t)next[O_LENGTH]};
      wanted += next[O_LENGTH];
      next = after(flush, next);
    }
    ssize_t n = send_vector(slot->fd, vector, count);
    statistics->sends++;
    if (n >= 0) {
      sent += n;
      statistics->sent_bytes += (double)n;
    }
    if (n == wanted) continue;
    if (n < 0 && n != -EAGAIN && n != -EWOULDBLOCK) {
      settle(flush, operation, n);
      return;
    }
    /* Held back: TypeScript keeps the rest, and sends it when the socket can be written. */
    flush->memory->flags[index] |= WRITABLE;
    int error = engine_watch(flush->engine, flush->memory, index, slot, slot->mask | EPOLLOUT | EPOLLET);
    settle(flush, operation, error < 0 ? error : sent);
    return;
  }
}

/*
 * A Unix datagram socket answers EAGAIN for the one receiver that is full, while the others still have room, and no
 * event of the sender's tells when that one has room again (unless it is connected to it, and then no address is given).
 */
static bool names_unix_receiver(const struct msghdr *message) {
  sa_family_t family = AF_UNSPEC;
  if (message->msg_namelen >= sizeof family) memcpy(&family, message->msg_name, sizeof family);
  return family == AF_UNIX;
}

/* Sends the datagrams from `first` on that are the same socket's, many in a call. Returns how many it dealt with. */
static int32_t send_datagrams(struct flush *flush, uint32_t index, struct slot *slot, int32_t *first, int32_t left) {
  struct engine_statistics *statistics = &flush->engine->statistics;
  struct mmsghdr messages[MAXIMUM_BATCH];
  struct iovec vectors[MAXIMUM_BATCH];
  int count = 0;
  for (int32_t *o = first; count < left && count < MAXIMUM_BATCH; count++, o += OPERATION_WORDS) {
    if (o[O_KIND] != SEND_TO || o[O_SLOT] != first[O_SLOT] || o[O_GENERATION] != first[O_GENERATION]) break;
    if (!is_sound(flush, o)) break;
    vectors[count] = (struct iovec){flush->memory->bytes + o[O_OFFSET], (size_t)o[O_LENGTH]};
    memset(&messages[count], 0, sizeof messages[count]);
    messages[count].msg_hdr.msg_iov = &vectors[count];
    messages[count].msg_hdr.msg_iovlen = 1;
    if (o[O_ADDRESS_LENGTH] > 0) {
      messages[count].msg_hdr.msg_name = flush->memory->bytes + o[O_ADDRESS];
      messages[count].msg_hdr.msg_namelen = (socklen_t)o[O_ADDRESS_LENGTH];
    }
  }
  int done = 0;
  while (done < count) {
    int n = sendmmsg(slot->fd, messages + done, (unsigned)(count - done), MSG_DONTWAIT | MSG_NOSIGNAL);
    statistics->sends++;
    if (n == -1 && errno == EINTR) continue;
    if (n == -1) {
      int error = errno;
      bool is_full = error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
      if (!is_full || names_unix_receiver(&messages[done].msg_hdr)) {
        settle_alone(flush, first + done * OPERATION_WORDS, -error);
        done++;
        continue;
      }
      flush->memory->flags[index] |= WRITABLE;
      int watched = engine_watch(flush->engine, flush->memory, index, slot, slot->mask | EPOLLOUT | EPOLLET);
      for (; done < count; done++) settle(flush, first + done * OPERATION_WORDS, watched < 0 ? watched : -EAGAIN);
      return count;
    }
    for (int i = done; i < done + n; i++) statistics->sent_bytes += messages[i].msg_len;
    done += n;
  }
  return count;
}

int engine_flush(struct engine *engine, struct memory *memory) {
  int32_t left = memory->header[HEADER_OPERATIONS];
  struct flush flush = {engine, memory, 0};
  if (left == 0) return 0;
  if (left > engine->layout.operation_capacity) left = engine->layout.operation_capacity;
  int32_t *operation = memory->operations + OPERATION_WORDS; /* the first is number 1: 0 ends a list */
  while (left > 0) {
    uint32_t index = (uint32_t)operation[O_SLOT];
    struct slot *slot = engine_slot(engine, index, (uint32_t)operation[O_GENERATION]);
    int32_t done = 1;
    if (slot == NULL) {
      /* Closed meanwhile: what it had queued went with it, and TypeScript, which closed it, has told so. */
    } else if (operation[O_KIND] == SEND_TO) {
      if (!is_sound(&flush, operation)) settle_alone(&flush, operation, -EFAULT);
      else if (has_settled(&flush, slot)) settle(&flush, operation, -EAGAIN);
      else done = send_datagrams(&flush, index, slot, operation, left);
    } else if (operation[O_KIND] == SEND) {
      send_list(&flush, index, slot, operation);
    } else if (operation[O_KIND] != SEND_MORE && !has_settled(&flush, slot)) {
      if (operation[O_KIND] == CLOSE) {
        engine_close_slot(engine, memory, index, slot);
        settle(&flush, operation, 0);
      } else if (shutdown(slot->fd, SHUT_WR) == -1) settle(&flush, operation, -errno);
    }
    operation += done * OPERATION_WORDS;
    left -= done;
  }
  memory->header[HEADER_OPERATIONS] = 0;
  memory->header[HEADER_SEND_USED] = 0;
  /* -1 is no count of flushes, for TypeScript, and 0 no flush that a slot can have settled in: it is one more. */
  const uint32_t flushes = (uint32_t)memory->header[HEADER_FLUSHES] + 1;
  memory->header[HEADER_FLUSHES] = flushes == UINT32_MAX ? 0 : (int32_t)flushes;
  engine->statistics.flushes++;
  engine->statistics.settlements += flush.count;
  return flush.count;
}
