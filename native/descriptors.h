/*
 * The descriptors that one environment opened and has not closed: when a worker ends, whatever it still held is
 * closed, accepted connections that JavaScript has not yet seen among them.
 */
#ifndef BERKELEY_DESCRIPTORS_H
#define BERKELEY_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bit for each descriptor number. Used by the environment's own thread only. */
struct descriptor_set {
  uint64_t *words;
  size_t word_count;
};

/* Returns 0, or -ENOMEM; then the descriptor is not in the set. */
int own_descriptor(struct descriptor_set *set, int fd);
void disown_descriptor(struct descriptor_set *set, int fd);
bool owns_descriptor(const struct descriptor_set *set, int fd);
void close_owned_descriptors(struct descriptor_set *set);

#endif
