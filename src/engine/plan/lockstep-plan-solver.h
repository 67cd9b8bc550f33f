/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"

G_BEGIN_DECLS

/* Reads the solver member @json of the plan of the folder @directory (absolute); NULL with an error. With @unchecked
 * what it names need not be there. */
LockstepSolverSpec *lockstep_plan_read_solver (LockstepJson json,
                                               const char  *directory,
                                               gboolean     unchecked,
                                               GError     **error);

/* The adapter, which runs a program in place of a solver of the plan of the folder @directory. */
LockstepSolverSpec *lockstep_solver_spec_new_adapter (const char *directory,
                                                      guint       threads,
                                                      guint64     memory);

/* Reads the env member of @object, from names to values, as "NAME=VALUE"…; @env is empty where there is none. */
gboolean lockstep_plan_read_env (const LockstepPlanObject *object,
                                 char                   ***env,
                                 GError                  **error);

void lockstep_solver_spec_free (LockstepSolverSpec *spec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepSolverSpec, lockstep_solver_spec_free)

G_END_DECLS
