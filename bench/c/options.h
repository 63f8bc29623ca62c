/* Options of the form `--name value`, in any order, after the positional arguments. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>

/* The number given for an option, or `otherwise` where it is not given. Ends the program on anything but a number. */
double option_number(int count, char **arguments, const char *name, double otherwise);

/* Whether an option that takes no value is given. */
bool option_given(int count, char **arguments, const char *name);

#endif
