#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double option_number(int count, char **arguments, const char *name, double otherwise) {
  for (int index = 1; index + 1 < count; index++) {
    if (strcmp(arguments[index], name) != 0) continue;
    char *rest;
    double number = strtod(arguments[index + 1], &rest);
    if (rest == arguments[index + 1] || *rest != '\0' || number < 0) {
      fprintf(stderr, "%s takes a number, not '%s'\n", name, arguments[index + 1]);
      exit(2);
    }
    return number;
  }
  return otherwise;
}

bool option_given(int count, char **arguments, const char *name) {
  for (int index = 1; index < count; index++) {
    if (strcmp(arguments[index], name) == 0) return true;
  }
  return false;
}
