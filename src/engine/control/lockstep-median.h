/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The median of numbers that come one by one. Adding costs nothing; asking sorts what came since.
 */
typedef struct _LockstepMedian LockstepMedian;

LockstepMedian *lockstep_median_new (void);

void lockstep_median_free (LockstepMedian *self);

void lockstep_median_add (LockstepMedian *self,
                          double          number);

/* The lower one where there are two in the middle; 0 where there is no number. */
double lockstep_median_get (LockstepMedian *self);

guint lockstep_median_get_count (LockstepMedian *self);

void lockstep_median_clear (LockstepMedian *self);

G_END_DECLS
