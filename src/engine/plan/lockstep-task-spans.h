/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Some tasks of a run, by their numbers: "17,33-40". An array of LockstepTaskSpan.
 */
typedef struct
{
  gint64 from;
  gint64 to; /* the last one */
} LockstepTaskSpan;

GArray *lockstep_task_spans_new (void);

/* Reads numbers and ranges with commas between; NULL with an error (G_IO_ERROR_INVALID_ARGUMENT). */
GArray *lockstep_task_spans_parse (const char *text,
                                   GError    **error);

/* Adds @task, which is greater than all that are in it. */
void lockstep_task_spans_add (GArray *spans,
                              gint64  task);

/* Appends "[[17,17],[33,40]]". */
void lockstep_task_spans_append_json (GArray  *spans,
                                      GString *out);

G_END_DECLS
