/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The until of a loop: `NAME < NUMBER`, NAME a dotted path into the last `one` result.
 */
typedef struct _LockstepCondition LockstepCondition;

/* NULL with an error (LOCKSTEP_PLAN_ERROR_MEMBER) that says what was expected. */
LockstepCondition *lockstep_condition_new (const char *text,
                                           GError    **error);

void lockstep_condition_free (LockstepCondition *self);

/* As it was written. */
const char *lockstep_condition_get_text (LockstepCondition *self);

/* The path ("gap"), the number to reach (1e-6), and the operator ("<"). */
const char *lockstep_condition_get_name (LockstepCondition *self);
double      lockstep_condition_get_target (LockstepCondition *self);
const char *lockstep_condition_get_operator (LockstepCondition *self);

/* The number as it was written: what a view shows. */
const char *lockstep_condition_get_target_text (LockstepCondition *self);

/* Looks at @result (JSON text; NULL is null). Sets @value to what NAME is there and @reached. FALSE with an
 * error that names the members there are, when there is no such number. */
gboolean lockstep_condition_test (LockstepCondition *self,
                                  GBytes            *result,
                                  double            *value,
                                  gboolean          *reached,
                                  GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepCondition, lockstep_condition_free)

G_END_DECLS
