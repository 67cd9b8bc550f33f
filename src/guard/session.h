/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/**
 * What the guard makes of itself before it starts anything.
 */

/* A session of its own (so that ^C in a terminal reaches the controller alone), the parent of every orphan below
 * it, no descriptor above @last_descriptor, all signals as a fresh process has them, and then blocked where the
 * guard reads them. Returns the signalfd(2) for SIGCHLD and for the signals that ask the guard to stop, or -1
 * with errno. */
int session_enter (int last_descriptor);

/* The signal mask that a program expects to be started with. */
void session_unblock_signals (void);

/* Gives the whole session, not each process of it, the weight of @nice against other sessions: that is what the
 * scheduler goes by where it groups by session. Returns 0, or EAGAIN: the kernel takes few such writes a second
 * from all unprivileged processes together, so try again later. Where there is no such grouping, or no right to it,
 * that is 0 too: there is nothing more to be done. */
int session_set_nice (int nice);
