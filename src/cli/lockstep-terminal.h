/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Where lockstep-cli writes what a person reads: lines that stay, and, on a terminal, below them a block that
 * is redrawn in place.
 *
 * Each redraw is one write that leaves the cursor shown, at the start of the line below the block, and the
 * terminal's modes as they were: however the program ends, there is nothing to be restored. Where the file is
 * not a terminal there is no block and nothing but text is written.
 */
typedef struct _LockstepTerminal LockstepTerminal;

typedef enum
{
  LOCKSTEP_STYLE_PLAIN,
  LOCKSTEP_STYLE_BOLD,
  LOCKSTEP_STYLE_DIM,
  LOCKSTEP_STYLE_GOOD,
  LOCKSTEP_STYLE_WARNING,
  LOCKSTEP_STYLE_BAD,
} LockstepStyle;

/* Writes to @fd, which stays the caller's. */
LockstepTerminal *lockstep_terminal_new (int fd);

/* Takes the block away, writes out what waits, and goes. */
void lockstep_terminal_free (LockstepTerminal *self);

/* Whether a block can be shown. */
gboolean lockstep_terminal_is_live (LockstepTerminal *self);

/* Whether it can show more than ASCII. */
gboolean lockstep_terminal_is_utf8 (LockstepTerminal *self);

guint lockstep_terminal_get_columns (LockstepTerminal *self);
guint lockstep_terminal_get_rows (LockstepTerminal *self);

/* Reads the size of the terminal again, after SIGWINCH. */
void lockstep_terminal_resize (LockstepTerminal *self);

/* Appends @text in @style, where there are styles; text alone where not (NO_COLOR, or not a terminal). */
void lockstep_terminal_append (LockstepTerminal *self,
                               GString          *line,
                               LockstepStyle     style,
                               const char       *text);

/* How many milliseconds a write waits for a reader that takes nothing, before it and all others are given up; negative,
 * as at first: however long it takes. With 0 nothing waits and nothing is given up: what is written is taken in, and reaches the
 * reader when it reads. */
void lockstep_terminal_set_patience (LockstepTerminal *self,
                                     int               milliseconds);

/* Writes a line above the block: at once where there is none, with the next redraw where there is. */
void lockstep_terminal_print (LockstepTerminal *self,
                              const char       *line);

/* The same for a line that the run's journal has as well: when 1 MiB waits for the reader, it is left out, and it is told
 * how many were. */
void lockstep_terminal_print_log (LockstepTerminal *self,
                                  const char       *line);

/* Makes @lines (of char *, without newlines; cut at the width) the block. Writes nothing when nothing changed, or when
 * the reader is behind. */
void lockstep_terminal_show (LockstepTerminal *self,
                             GPtrArray        *lines);

/* Columns that @text takes; escapes of lockstep_terminal_append() take none. */
guint lockstep_text_get_width (const char *text);

/* @text cut so that it takes at most @columns, with an ellipsis where it was cut. */
char *lockstep_text_cut (const char *text,
                         guint       columns);

/* @text with everything replaced that would do something to a terminal; newlines stay. */
char *lockstep_text_make_safe (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepTerminal, lockstep_terminal_free)

G_END_DECLS
