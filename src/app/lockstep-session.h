/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-chronicle.h"
#include "lockstep-controller.h"
#include "lockstep-moment.h"

G_BEGIN_DECLS

/**
 * What a window is about: one plan and its latest run.
 *
 * Properties, all read-only: file (GFile), plan (LockstepPlan), run (LockstepRun: idle until it is started; NULL without
 * a plan), live (boolean: a run was started and has not ended), loading (boolean: the plan is being read), problem (string: why the
 * plan cannot be used; NULL when it can), chronicle (LockstepChronicle: of the run; NULL without one), moment (LockstepMoment: the
 * one that views show; always the same).
 */
#define LOCKSTEP_TYPE_SESSION (lockstep_session_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSession, lockstep_session, LOCKSTEP, SESSION, GObject)

LockstepSession *lockstep_session_new (void);

/* Reads @file, and then starts it if @start. Not while a run is live. */
void lockstep_session_open (LockstepSession *self,
                            GFile           *file,
                            gboolean         start);

/* Reads the plan's file again. */
void lockstep_session_reload (LockstepSession *self);

/* Reads the plan's file again, so that edits count, and starts a new run. */
void lockstep_session_start (LockstepSession *self);

/* Ends the live run as terminated. */
void lockstep_session_terminate (LockstepSession *self,
                                 LockstepStop     how);

GFile        *lockstep_session_get_file (LockstepSession *self);
LockstepPlan *lockstep_session_get_plan (LockstepSession *self);
LockstepRun  *lockstep_session_get_run (LockstepSession *self);
gboolean      lockstep_session_get_live (LockstepSession *self);
gboolean      lockstep_session_get_loading (LockstepSession *self);
const char   *lockstep_session_get_problem (LockstepSession *self);

LockstepChronicle *lockstep_session_get_chronicle (LockstepSession *self);
LockstepMoment    *lockstep_session_get_moment (LockstepSession *self);

G_END_DECLS
