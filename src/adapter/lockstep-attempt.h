/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-output-reader.h"
#include "lockstep-program-process.h"
#include "lockstep-task-folder.h"

G_BEGIN_DECLS

/**
 * One run of a program for one task: its folder, the process, what it prints while it runs, and what it comes to.
 *
 * Blocks until the program and all that it started have gone; so it belongs on a thread where that hurts nobody.
 */
typedef struct _LockstepAttempt LockstepAttempt;

/* Who wants to know while it runs; functions may be NULL. They are called on the thread that runs it, at most ten
 * times a second. */
typedef struct
{
  /* Whether it is to be given up. */
  gboolean (*is_cancelled) (gpointer data);

  /* @fraction is negative where it is not known; @message is the newest line. Called when something was printed. */
  void (*progress) (gpointer    data,
                    double      fraction,
                    const char *message);

  void (*value) (gpointer    data,
                 const char *name,
                 double      value);

  gpointer data;
} LockstepAttemptWatcher;

/* @program and what @placeholders holds stay the caller's and stay as they are. */
LockstepAttempt *lockstep_attempt_new (const LockstepProgram      *program,
                                       const LockstepPlaceholders *placeholders);

void lockstep_attempt_free (LockstepAttempt *self);

/* Runs it. The result, an object, as JSON text, or NULL with LOCKSTEP_PROGRAM_ERROR (or LOCKSTEP_PLAN_ERROR of a
 * placeholder): the message is the reason for people, and ends with the last lines that were printed. The folder is
 * there afterwards; whoever ran it calls lockstep_attempt_tidy() when it has been looked at. */
char *lockstep_attempt_run (LockstepAttempt              *self,
                            const LockstepAttemptWatcher *watcher,
                            GError                      **error);

/* Keeps or deletes the folder, as the program's keep says. */
void lockstep_attempt_tidy (LockstepAttempt *self);

/* Its folder and the working folder of the program; NULL before it was made. */
const char *lockstep_attempt_get_folder (const LockstepAttempt *self);
const char *lockstep_attempt_get_working_folder (const LockstepAttempt *self);

/* What was looked for, of LockstepProbe: progress, values, results, failures. */
GPtrArray *lockstep_attempt_get_probes (const LockstepAttempt *self);

/* Wall time of the program in seconds, and what it used; NULL unless it ran to its end. */
double               lockstep_attempt_get_seconds (const LockstepAttempt *self);
const struct rusage *lockstep_attempt_get_usage (const LockstepAttempt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LockstepAttempt, lockstep_attempt_free)

G_END_DECLS
