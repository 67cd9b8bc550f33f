/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/types.h>

/* One process that answers many streams. */

/* Starts it; it goes when *@control is closed. */
pid_t echo_many_start (int *control);

/* Hands over a stream to answer; the caller closes its own @descriptor. 0, or -1 with errno. */
int echo_many_add (int control,
                   int descriptor);
