/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-picture.h"

G_BEGIN_DECLS

/**
 * Points of two numbers each, one of which may be selected: by a click, or with the arrow keys, Home and End.
 *
 * Properties: selected (int: the number of a point, -1 for none).
 *
 * Signal activate (int): that point was clicked twice, or Enter pressed on it.
 */
#define LOCKSTEP_TYPE_SCATTER (lockstep_scatter_get_type ())
G_DECLARE_FINAL_TYPE (LockstepScatter, lockstep_scatter, LOCKSTEP, SCATTER, LockstepPicture)

/* What a tip says of a point (its name), which is new; free with g_free(). */
typedef char *(*LockstepScatterNameFunc) (guint    point,
                                          gpointer user_data);

LockstepScatter *lockstep_scatter_new (void);

/* Shows @n_points points, whose numbers are copied; NaN is left out. What is selected stays where there is such a point. All can be
 * reached. */
void lockstep_scatter_set_points (LockstepScatter *self,
                                  const double    *x,
                                  const double    *y,
                                  guint            n_points,
                                  const char      *x_name,
                                  const char      *y_name);

/* Says which points can be reached, by number; the others become a shadow that no key or click selects. NULL for all. */
void lockstep_scatter_take_shown (LockstepScatter *self,
                                  guint8          *shown);

guint lockstep_scatter_get_n_points (LockstepScatter *self);

/* @func may be NULL. */
void lockstep_scatter_set_name_func (LockstepScatter        *self,
                                     LockstepScatterNameFunc func,
                                     gpointer                user_data,
                                     GDestroyNotify          destroy);

int  lockstep_scatter_get_selected (LockstepScatter *self);
void lockstep_scatter_set_selected (LockstepScatter *self,
                                    int              point);

/* The point nearest to @x, @y in the widget that can be reached, when it is near; -1 for none. */
int lockstep_scatter_find_point (LockstepScatter *self,
                                 double           x,
                                 double           y);

/* Where a point is in the widget. FALSE where it is not shown. */
gboolean lockstep_scatter_get_position (LockstepScatter *self,
                                        guint            point,
                                        double          *x,
                                        double          *y);

G_END_DECLS
