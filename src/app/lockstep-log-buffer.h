/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lockstep-event-text.h"

G_BEGIN_DECLS

/**
 * The newest lines of a log as a text buffer.
 *
 * Lines wait until lockstep_log_buffer_flush(), which a view calls once a frame: one insert, one delete. A
 * GtkTextBuffer takes hundreds of thousands of lines a second so, and stays small. Of what waits, too, only the
 * newest lines are kept. So many are also kept of what is not shown, so that it can be: see lockstep_log_buffer_set_filter().
 *
 * Signal waiting: there is something to flush.
 */
#define LOCKSTEP_LOG_BUFFER_MAX_LINES 10000

/* Columns that time and name take in front of a line's text. */
#define LOCKSTEP_LOG_BUFFER_PREFIX 22

#define LOCKSTEP_TYPE_LOG_BUFFER (lockstep_log_buffer_get_type ())
G_DECLARE_FINAL_TYPE (LockstepLogBuffer, lockstep_log_buffer, LOCKSTEP, LOG_BUFFER, GtkTextBuffer)

LockstepLogBuffer *lockstep_log_buffer_new (void);

/* Chooses colours that are read well on a dark or on a light background. */
void lockstep_log_buffer_set_dark (LockstepLogBuffer *self,
                                   gboolean           dark);

/* Shows the lines of @solver (-1: the run itself) or of ALL, that are of @level or worse. */
#define LOCKSTEP_LOG_BUFFER_ALL -2
void lockstep_log_buffer_set_filter (LockstepLogBuffer *self,
                                     int                solver,
                                     LockstepLevel      level);

/* Adds @text (any bytes), a line of the log for each of its lines. @time is UTC in µs, 0 where it is not
 * known; @solver did it, or the run (-1). */
void lockstep_log_buffer_add (LockstepLogBuffer *self,
                              gint64             time,
                              int                solver,
                              LockstepLevel      level,
                              const char        *text,
                              gsize              length);

/* Puts what waits into the buffer and trims it. */
void lockstep_log_buffer_flush (LockstepLogBuffer *self);

gboolean lockstep_log_buffer_is_waiting (LockstepLogBuffer *self);

/* Lines in the buffer, without those that wait. */
guint lockstep_log_buffer_get_n_lines (LockstepLogBuffer *self);

/* The last line in the buffer whose time is known and is @time or before; -1 for none. */
int lockstep_log_buffer_find (LockstepLogBuffer *self,
                              gint64             time);

/* Empties it, those that wait too. */
void lockstep_log_buffer_clear (LockstepLogBuffer *self);

G_END_DECLS
