/* How long a limit server lives: until its standard input closes, as every server of the benches does. */
#ifndef BENCH_LIFETIME_H
#define BENCH_LIFETIME_H

/*
 * Asks for SIGIO, whose default action ends the process, when standard input has something to say. A thread that
 * waits would do it as well, but a process with two threads pays for a reference count at every use of a descriptor.
 */
void lifetime_ends_with_input(void);

#endif
