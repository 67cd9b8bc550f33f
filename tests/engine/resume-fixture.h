/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-controller.h"
#include "run-fixture.h"

G_BEGIN_DECLS

/* Runs that ended or were interrupted, and go on; all in a folder of their own. */
typedef struct
{
  char *folder;
} ResumeFixture;

void resume_fixture_set_up (ResumeFixture *fixture,
                            gconstpointer  data);

void resume_fixture_tear_down (ResumeFixture *fixture,
                               gconstpointer  data);

/* The numbers of the tasks that fail; NULL for none. */
void set_list (ResumeFixture *fixture,
               const char    *numbers);

/* A plan of the fake solver with @steps, a format, on @n_solvers solvers. */
LockstepPlan *make_tally (ResumeFixture *fixture,
                          guint          n_solvers,
                          const char    *members,
                          const char    *steps);

/* A loop that goes on from what it came to until its gap is below @target, and a step after it. */
LockstepPlan *make_loop (ResumeFixture *fixture,
                         guint          n_solvers,
                         int            repeat,
                         const char    *target);

/* Tasks, and a step that adds up what they brought. */
LockstepPlan *make_sweep (ResumeFixture *fixture,
                          guint          n_solvers,
                          int            n_tasks);

LockstepPastRun *load_past (const char *directory,
                            gboolean    to_resume);

/* Goes on with the run in @directory and waits for its end. */
LockstepRun *resume_run (const char                  *directory,
                         LockstepPlan                *plan,
                         const LockstepResumeOptions *what);

/* The error that keeps the run in @directory from going on. */
GError *refuse_to_resume (const char                  *directory,
                          LockstepPlan                *plan,
                          const LockstepResumeOptions *what);

char *read_file (const char *directory,
                 const char *name);

void write_file (const char *directory,
                 const char *name,
                 const char *text,
                 gssize      length);

/* How often @words stands in the journal of the run in @directory. */
guint count_in_journal (const char *directory,
                        const char *words);

/* The run as its controller would have left it when it died after @length bytes of the journal. */
char *make_interrupted (ResumeFixture *fixture,
                        const char    *directory,
                        const char    *journal,
                        gsize          length);

/* @run finished, with the results of @undisturbed. */
void assert_same_results (LockstepRun *run,
                          LockstepRun *undisturbed);

G_END_DECLS
