/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-chronicle.h"

G_BEGIN_DECLS

/**
 * The spans of all solvers as a list (GListModel of LockstepSpanItem), solver by solver: an item is only made where one is
 * looked at.
 */
#define LOCKSTEP_TYPE_SPAN_LIST (lockstep_span_list_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSpanList, lockstep_span_list, LOCKSTEP, SPAN_LIST, GObject)

LockstepSpanList *lockstep_span_list_new (void);

/* May be NULL. */
void lockstep_span_list_set_chronicle (LockstepSpanList  *self,
                                       LockstepChronicle *chronicle);

/* Takes in what happened since. */
void lockstep_span_list_update (LockstepSpanList *self);

#define LOCKSTEP_TYPE_SPAN_ITEM (lockstep_span_item_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSpanItem, lockstep_span_item, LOCKSTEP, SPAN_ITEM, GObject)

typedef enum
{
  LOCKSTEP_SPAN_SOLVER,
  LOCKSTEP_SPAN_STEP,
  LOCKSTEP_SPAN_ITERATION,
  LOCKSTEP_SPAN_TASK,
  LOCKSTEP_SPAN_ATTEMPT,
  LOCKSTEP_SPAN_START,
  LOCKSTEP_SPAN_LENGTH,
  LOCKSTEP_SPAN_OUTCOME,
  LOCKSTEP_SPAN_N_COLUMNS
} LockstepSpanColumn;

/* What the cell of that column says. */
char *lockstep_span_item_dup_text (LockstepSpanItem  *self,
                                   LockstepSpanColumn column);

/* When it began: UTC in µs. */
gint64 lockstep_span_item_get_start (LockstepSpanItem *self);

G_END_DECLS
