/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What a program printed, sorted by what its lines look like: lines of one shape differ in their numbers only.
 */

/* A number in the lines of a shape, or what looks like a date, a time of day or a version. */
typedef struct
{
  gboolean is_number; /* for what is none, the rest but the place is not set */
  guint    start;     /* in the newest line */
  guint    length;

  double   first; /* the value in the first line of the shape */
  double   last;  /* in the newest */
  double   step;  /* between the first two */
  gboolean varies;
  gboolean increases;   /* always */
  guint64  n_odd_steps; /* that differ from the first one */
} LockstepPrintedNumber;

typedef struct
{
  char   *shape;
  char   *line;   /* the newest */
  char   *before; /* the line with anything in it before the first one; or NULL */
  GArray *numbers;
  guint64 n_lines;
  guint64 first_line; /* from 1, as an editor counts */
  guint64 last_line;
} LockstepPrintedShape;

/* What stands for a number in a shape, and for a date or the like. */
#define LOCKSTEP_PRINTED_NUMBER '\001'
#define LOCKSTEP_PRINTED_OTHER  '\002'

/* The shapes of the lines of the file @path in the order of their first lines, an array of LockstepPrintedShape. Lines that
 * are too long for a person, and shapes beyond the first few hundred, are left out; of a very long file the middle is. */
GPtrArray *lockstep_printed_load (const char *path);

/* A number of the lines, and what stands for it in the newest. */
const LockstepPrintedNumber *lockstep_printed_get_number (const LockstepPrintedShape *shape,
                                                          guint                       index);
char                        *lockstep_printed_dup_number (const LockstepPrintedShape *shape,
                                                          guint                       index);

G_END_DECLS
