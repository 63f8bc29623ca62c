#include "descriptors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int own_descriptor(struct descriptor_set *set, int fd) {
  size_t word = (size_t)fd / 64;
  if (word >= set->word_count) {
    size_t count = set->word_count == 0 ? 16 : set->word_count;
    while (count <= word) count *= 2;
    uint64_t *words = realloc(set->words, count * sizeof *words);
    if (words == NULL) return -ENOMEM;
    memset(words + set->word_count, 0, (count - set->word_count) * sizeof *words);
    set->words = words;
    set->word_count = count;
  }
  set->words[word] |= UINT64_C(1) << (fd % 64);
  return 0;
}

void disown_descriptor(struct descriptor_set *set, int fd) {
  size_t word = (size_t)fd / 64;
  if (fd >= 0 && word < set->word_count) set->words[word] &= ~(UINT64_C(1) << (fd % 64));
}

bool owns_descriptor(const struct descriptor_set *set, int fd) {
  if (fd < 0 || (size_t)fd / 64 >= set->word_count) return false;
  return (set->words[fd / 64] & (UINT64_C(1) << (fd % 64))) != 0;
}

void close_owned_descriptors(struct descriptor_set *set) {
  for (size_t word = 0; word < set->word_count; word++) {
    for (int bit = 0; bit < 64; bit++) {
      if (set->words[word] & (UINT64_C(1) << bit)) close((int)(word * 64) + bit);
    }
  }
  free(set->words);
  set->words = NULL;
  set->word_count = 0;
}
