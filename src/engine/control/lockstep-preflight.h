/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-cpus.h"
#include "lockstep-finding.h"
#include "lockstep-plan.h"
#include "lockstep-reservation.h"

G_BEGIN_DECLS

/**
 * What is to be known of a plan before it starts: whether it can, with how many solvers, and what stands in its way.
 */
#define LOCKSTEP_TYPE_PREFLIGHT (lockstep_preflight_get_type ())
G_DECLARE_FINAL_TYPE (LockstepPreflight, lockstep_preflight, LOCKSTEP, PREFLIGHT, GObject)

typedef enum
{
  LOCKSTEP_PREFLIGHT_LOOK = 0,           /* nothing is changed */
  LOCKSTEP_PREFLIGHT_RESERVE = 1 << 0,   /* the solvers' CPUs are reserved, until what holds that is freed */
  LOCKSTEP_PREFLIGHT_NO_RECORD = 1 << 1, /* nothing will be kept on disk */
  LOCKSTEP_PREFLIGHT_ELSEWHERE = 1 << 2, /* solvers run elsewhere: this machine's programs, CPUs and memory do not matter */
} LockstepPreflightFlags;

/* Looks at @plan on a thread. @runs_directory is where the run would be kept, NULL for the usual place. */
void lockstep_preflight_run_async (LockstepPlan          *plan,
                                   const char            *runs_directory,
                                   LockstepPreflightFlags flags,
                                   GAsyncReadyCallback    callback,
                                   gpointer               user_data);

/* Always a preflight: what is wrong is a finding. */
LockstepPreflight *lockstep_preflight_run_finish (GAsyncResult *result);

/* Of LockstepFinding, in the order for people. */
GListModel *lockstep_preflight_get_findings (LockstepPreflight *self);

gboolean lockstep_preflight_has_problem (LockstepPreflight *self);

/* The first problem, as a sentence with what to do; NULL where there is none. */
char *lockstep_preflight_dup_problem (LockstepPreflight *self);

/* How many solvers each host of the plan gets. */
const guint *lockstep_preflight_get_n_solvers (LockstepPreflight *self);

const LockstepCpus *lockstep_preflight_get_cpus (LockstepPreflight *self);

/* The bytes of memory that could be had on this machine. */
guint64 lockstep_preflight_get_memory (LockstepPreflight *self);

/* How many solvers all hosts get together. */
guint lockstep_preflight_get_n_all (LockstepPreflight *self);

/* Hands over what was reserved; NULL where nothing was. */
LockstepReservation *lockstep_preflight_take_reservation (LockstepPreflight *self);

G_END_DECLS
