/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-chronicle.h"
#include "lockstep-helm.h"
#include "lockstep-moment.h"

G_BEGIN_DECLS

/**
 * What a window is about: one plan, and a run that is shown: one that the session makes, or one that is kept in a folder,
 * whoever made it.
 *
 * Properties, all read-only: file (GFile: the plan's), run (LockstepRun: the one that is shown; idle for the plan itself; NULL
 * without either), plan (LockstepPlan: of that run), live (boolean: it has not ended, and the session can pause and end it), busy
 * (boolean: the session makes a run, shown or not), loading (boolean: a plan or a run is being read), problem (string: why
 * the file cannot be used; NULL when it can), chronicle (LockstepChronicle: of the run; NULL without one), moment
 * (LockstepMoment: the one that views show; always the same).
 *
 * Signal refused (const char *why): a run could not be opened, resumed or started; a sentence for a person.
 */
#define LOCKSTEP_TYPE_SESSION (lockstep_session_get_type ())
G_DECLARE_FINAL_TYPE (LockstepSession, lockstep_session, LOCKSTEP, SESSION, GObject)

LockstepSession *lockstep_session_new (void);

/* Reads @file, and then starts it if @start. Not while it is busy. */
void lockstep_session_open (LockstepSession *self,
                            GFile           *file,
                            gboolean         start);

/* Reads the plan's file again, and shows it. */
void lockstep_session_reload (LockstepSession *self);

/* Shows the plan that was read last, its own run, or the run in the folder @directory. */
void lockstep_session_show_plan (LockstepSession *self);
void lockstep_session_show_own_run (LockstepSession *self);
void lockstep_session_show_run (LockstepSession *self,
                                const char      *directory);

/* Makes a new run of the plan that is shown: its file is read again, so that edits count; a kept run's plan is as it was. */
void lockstep_session_start (LockstepSession *self);

/* Has a process of its own make a run of the plan's file, and follows it. */
void lockstep_session_start_in_background (LockstepSession *self);

/* Goes on with the run that is shown, with @n_solvers (0 for as many as its plan says), and does again what @what (may be NULL)
 * says. */
void lockstep_session_resume (LockstepSession             *self,
                              const LockstepResumeOptions *what,
                              guint                        n_solvers);

gboolean lockstep_session_can_start (LockstepSession *self);
gboolean lockstep_session_can_resume (LockstepSession *self);

/* Whether what is shown came of the file as it is known: starting it anew reads the file. */
gboolean lockstep_session_shows_file (LockstepSession *self);

/* Ends the run that is shown, while it is live. */
void lockstep_session_terminate (LockstepSession *self,
                                 LockstepStop     how);

/* What steers the run that is shown; NULL where nothing does. */
LockstepHelm *lockstep_session_get_helm (LockstepSession *self);

GFile *lockstep_session_get_file (LockstepSession *self);

/* The plan that was read from the file last. */
LockstepPlan *lockstep_session_get_file_plan (LockstepSession *self);

LockstepPlan *lockstep_session_get_plan (LockstepSession *self);
LockstepRun  *lockstep_session_get_run (LockstepSession *self);
gboolean      lockstep_session_get_live (LockstepSession *self);
gboolean      lockstep_session_get_busy (LockstepSession *self);
gboolean      lockstep_session_get_loading (LockstepSession *self);
const char   *lockstep_session_get_problem (LockstepSession *self);

LockstepChronicle *lockstep_session_get_chronicle (LockstepSession *self);
LockstepMoment    *lockstep_session_get_moment (LockstepSession *self);

G_END_DECLS
