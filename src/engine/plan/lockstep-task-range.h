/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"

G_BEGIN_DECLS

/**
 * {"from", "to", …}: where the values of one name lie. Both ends are in it.
 *
 * Values are made for people to read: those of a list end where a decimal is as good as what arithmetic gives (0.6,
 * not 0.6000000000000001), and logarithmic ones, for which the mathematical library may give another last digit on
 * another machine, have 15 significant digits.
 */
typedef struct
{
  double   from;
  double   to;
  gboolean whole;      /* both ends are written as whole numbers of 63 bits */
  gint64   whole_from; /* exact, where a double may not be */
  gint64   whole_to;
  gboolean log; /* spaced by ratio instead of difference; both ends are positive */
} LockstepTaskRange;

/* Reads from, to and log. */
gboolean lockstep_task_range_read (LockstepTaskRange        *range,
                                   const LockstepPlanObject *object,
                                   GError                  **error);

/* Appends value @index of @count that are evenly spaced; the first is from, the last is to. */
void lockstep_task_range_append (const LockstepTaskRange *range,
                                 guint64                  index,
                                 guint64                  count,
                                 GString                 *out);

/* Appends the value that @share (0…1) of the range lies below. */
void lockstep_task_range_append_share (const LockstepTaskRange *range,
                                       double                   share,
                                       GString                 *out);

/* The same as a whole number: each from from to to has the same share (or, with log, its share by ratio). The range
 * is whole. */
void lockstep_task_range_append_whole_share (const LockstepTaskRange *range,
                                             double                   share,
                                             GString                 *out);

G_END_DECLS
