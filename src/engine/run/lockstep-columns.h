/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * Objects as columns of a table: a column for each path, in the order in which paths appear first. Members of objects within
 * are columns, elements of arrays are not. {"a.b"} and {"a": {"b"}} are two columns, whose dotted paths read alike.
 */
typedef struct _LockstepColumns LockstepColumns;

/* What is told of the columns of @value: number and value, which is no object. */
typedef void (*LockstepColumnFunc) (guint        column,
                                    LockstepJson value,
                                    gpointer     user_data);

/* Spreadsheets take no more columns. */
#define LOCKSTEP_COLUMNS_MAX 16384

LockstepColumns *lockstep_columns_new (void);

/* The same columns, for another thread. */
LockstepColumns *lockstep_columns_copy (LockstepColumns *self);

void lockstep_columns_free (LockstepColumns *self);

/* Adds the columns of @value that are new. A value that is no object has one, whose path is empty. FALSE when there would be
 * more than LOCKSTEP_COLUMNS_MAX. */
gboolean lockstep_columns_add (LockstepColumns *self,
                               LockstepJson     value);

/* Calls @func for all columns of @value that were added. */
void lockstep_columns_walk (LockstepColumns   *self,
                            LockstepJson       value,
                            LockstepColumnFunc func,
                            gpointer           user_data);

guint lockstep_columns_get_count (LockstepColumns *self);

/* "network.los"; a member without a name is "" with its quotes there. */
const char *lockstep_columns_get_path (LockstepColumns *self,
                                       guint            column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepColumns, lockstep_columns_free)

G_END_DECLS
