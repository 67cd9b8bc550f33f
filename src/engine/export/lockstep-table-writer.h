/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-export-file.h"
#include "lockstep-export.h"
#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * Writes rows of one table, as CSV, as an array of JSON objects, or as an object a line. A cell that is not set is empty, or
 * a member that is missing.
 *
 * CSV is that of RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stand as
 * they are.
 */
typedef struct _LockstepTableWriter LockstepTableWriter;

/* The longest cell of a CSV file (bytes); Python's csv module takes no cell over 131,072 characters. */
#define LOCKSTEP_TABLE_MAX_CELL 100000

/* @file is borrowed. @format is CSV, JSON or JSONL. */
LockstepTableWriter *lockstep_table_writer_new (LockstepExportFile  *file,
                                                LockstepExportFormat format);

void lockstep_table_writer_free (LockstepTableWriter *self);

/* The next column, before the first row; returns its number. */
guint lockstep_table_writer_add_column (LockstepTableWriter *self,
                                        const char          *name);

/* A text of @length bytes (-1: ends in NUL); NULL for none. */
void lockstep_table_writer_set_text (LockstepTableWriter *self,
                                     guint                column,
                                     const char          *text,
                                     gssize               length);

/* A JSON value, as it was written; null is none. Strings are texts. */
void lockstep_table_writer_set_json (LockstepTableWriter *self,
                                     guint                column,
                                     LockstepJson         value);

/* Negative for none. */
void lockstep_table_writer_set_int (LockstepTableWriter *self,
                                    guint                column,
                                    gint64               number);

/* @microseconds as seconds. */
void lockstep_table_writer_set_seconds (LockstepTableWriter *self,
                                        guint                column,
                                        gint64               microseconds);

/* A time, UTC in µs, as "2026-11-22T13:58:36.123456Z"; 0 or less for none. */
void lockstep_table_writer_set_time (LockstepTableWriter *self,
                                     guint                column,
                                     gint64               time);

gboolean lockstep_table_writer_end_row (LockstepTableWriter *self,
                                        GError             **error);

/* After the last row. */
gboolean lockstep_table_writer_finish (LockstepTableWriter *self,
                                       GError             **error);

/* How many cells were too long for CSV; they say how long they would have been. */
guint64 lockstep_table_writer_get_n_left_out (LockstepTableWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepTableWriter, lockstep_table_writer_free)

G_END_DECLS
