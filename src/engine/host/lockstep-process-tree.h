/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What whole trees of processes use, all of them measured by one walk through /proc.
 */
typedef struct
{
  gint64   root;   /* process id of the tree's root */
  gboolean found;  /* the root was there */
  double   cpu;    /* seconds used so far by the tree, and by those of it that have ended and were waited for */
  guint64  memory; /* resident bytes now */
} LockstepProcessTree;

/* Fills in all but the root of each of @trees. No tree may hold another's root. */
void lockstep_process_trees_measure (LockstepProcessTree *trees,
                                     guint                n_trees);

G_END_DECLS
