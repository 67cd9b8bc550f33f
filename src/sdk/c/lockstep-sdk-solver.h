/* SPDX-License-Identifier: MIT */

#pragma once

#include "lockstep-call-private.h"

G_BEGIN_DECLS

/**
 * What this process can do, and what it has been told: its methods, and what initialize got.
 */
typedef struct
{
  const char           *name;
  const LockstepMethod *methods; /* ended by one without a name */
  gpointer              user_data;

  /* Written by the thread that computes only. */
  gboolean    initialized;
  GRefString *plan; /* "params" of initialize, or NULL */
  guint       index;
} LockstepSdkSolver;

/* Checks the names of the methods. */
gboolean lockstep_sdk_solver_check (const LockstepSdkSolver *self,
                                    GError                 **error);

/* The method of this name, a JSON string, or NULL. There is always an initialize. */
const LockstepMethod *lockstep_sdk_solver_find (const LockstepSdkSolver *self,
                                                LockstepJson             name);

/* "a, b and c": the names of the steps. Free with g_free(). */
char *lockstep_sdk_solver_list_steps (const LockstepSdkSolver *self);

/* Forgets what initialize got: another controller has come. */
void lockstep_sdk_solver_reset (LockstepSdkSolver *self);

/* Computes the call, which then has its answer, or sets @code (of JSON-RPC) and @error. */
gboolean lockstep_sdk_solver_compute (LockstepSdkSolver *self,
                                      LockstepCall      *call,
                                      int               *code,
                                      GError           **error);

G_END_DECLS
