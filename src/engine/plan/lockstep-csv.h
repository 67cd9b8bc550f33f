/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Comma-separated values as in RFC 4180, cell by cell, in memory that stays where it is. Blanks around a cell are no part of
 * it unless it is quoted.
 */
typedef struct
{
  const char *at;
  const char *end;
  guint64     line; /* from 1; after a failure, the one that it is about */
} LockstepCsv;

/* How a cell ended. */
typedef enum
{
  LOCKSTEP_CSV_FAILED,
  LOCKSTEP_CSV_COMMA,
  LOCKSTEP_CSV_LINE, /* it was the last of its line */
} LockstepCsvEnd;

/* Begins at @text (@length bytes), after a byte order mark where it has one. */
void lockstep_csv_init (LockstepCsv *self,
                        const char  *text,
                        gsize        length);

/* Over lines with nothing in them; FALSE at the end of the text. */
gboolean lockstep_csv_skip_empty_lines (LockstepCsv *self);

/* Sets @cell to the next one. Where it fails, @wrong is set to what is wrong with the line, for people. */
LockstepCsvEnd lockstep_csv_read_cell (LockstepCsv *self,
                                       GString     *cell,
                                       const char **wrong);

G_END_DECLS
