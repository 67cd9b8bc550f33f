/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-cause.h"

G_BEGIN_DECLS

/* Only LockstepCauses writes a LockstepCause. */

/* A task that failed for good. */
typedef struct
{
  GList          link;  /* in its group; data is the failure */
  LockstepCause *cause; /* its group */
  gint64         task;
  int            solver;
  int            attempt;
} LockstepFailure;

/* @serial says which of two groups came first; the last of all numbers keeps a group behind all others. */
LockstepCause *lockstep_cause_new (const char *cause,
                                   const char *text,
                                   guint       serial);

/* @failure, which is in no group, belongs to @self from now on. */
void lockstep_cause_add (LockstepCause   *self,
                         LockstepFailure *failure);

/* @failure belongs to no group any more. */
void lockstep_cause_remove (LockstepFailure *failure);

/* The larger group first, the older of two that are alike, and the one for all others last. */
int lockstep_cause_compare (LockstepCause *self,
                            LockstepCause *other);

/* Emits the notifications that are due. */
void lockstep_cause_flush (LockstepCause *self);

G_END_DECLS
