/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-preflight.h"

G_BEGIN_DECLS

/* Preflight is written in three files: lockstep-preflight.c decides how many solvers there are, lockstep-preflight-machine.c
 * compares that with the machine, lockstep-preflight-plan.c looks for what the plan needs. All of it runs on a thread. */

struct _LockstepPreflight
{
  GObject parent_instance;

  LockstepPlan        *plan; /* owned */
  GListStore          *findings;
  LockstepCpus         cpus;
  guint64              memory;    /* bytes that are available */
  LockstepHeld         held;      /* by other runs */
  GError              *unknown;   /* why that is not known; else NULL */
  guint               *n_solvers; /* by host */
  guint                n_all;     /* of them all */
  LockstepReservation *reservation;
};

/* Adds a finding; @text and @advice are taken over. */
void lockstep_preflight_add (LockstepPreflight   *self,
                             LockstepFindingLevel level,
                             const char          *topic,
                             char                *text,
                             char                *advice);

/* CPUs that are allowed, and not held by others. */
guint lockstep_preflight_get_free_cpus (LockstepPreflight *self);

void lockstep_preflight_check_cpus (LockstepPreflight *self);
void lockstep_preflight_check_solvers (LockstepPreflight *self);
void lockstep_preflight_check_memory (LockstepPreflight *self);
void lockstep_preflight_check_descriptors (LockstepPreflight *self);
void lockstep_preflight_check_processes (LockstepPreflight *self);

void lockstep_preflight_check_programs (LockstepPreflight *self);
void lockstep_preflight_check_disk (LockstepPreflight *self,
                                    const char        *runs_directory);
void lockstep_preflight_check_steps (LockstepPreflight *self);

G_END_DECLS
