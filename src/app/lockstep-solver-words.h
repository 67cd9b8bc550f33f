/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-run-solver.h"

G_BEGIN_DECLS

/*
 * What the cells of a solver's row say. The closures of templates: they take the properties of a LockstepRunSolver (@object is
 * the list item), and return a new string or a number.
 */

/* The LockstepDoing of a solver, to sort by. */
guint lockstep_solver_words_get_doing (gpointer object,
                                       guint    state,
                                       gboolean waiting);

/* "computing", "waiting", "late", … */
char *lockstep_solver_words_dup_state (gpointer object,
                                       guint    state,
                                       gboolean waiting,
                                       gboolean late);

/* The name of a symbolic icon that says the same. */
char *lockstep_solver_words_dup_icon (gpointer object,
                                      guint    state,
                                      gboolean waiting,
                                      gboolean late);

/* @text, or empty where there is none: to sort by. */
char *lockstep_solver_words_dup_text (gpointer    object,
                                      const char *text);

/* "assign · 2 of 4", "Runs · task 53" */
char *lockstep_solver_words_dup_step (gpointer    object,
                                      const char *step,
                                      int         part,
                                      int         parts,
                                      gint64      task,
                                      gboolean    listed);

/* "2 of 4", or "task 53" of a list of tasks; empty for what is neither. */
char *lockstep_solver_words_dup_part (gpointer object,
                                      int      part,
                                      int      parts,
                                      gint64   task,
                                      gboolean listed);

/* "81 %", "done"; empty where there is nothing to tell. */
char *lockstep_solver_words_dup_progress (gpointer object,
                                          double   fraction,
                                          guint    state,
                                          gboolean waiting);

/* 0…1, for a progress bar. */
double lockstep_solver_words_get_progress (gpointer object,
                                           double   fraction,
                                           guint    state,
                                           gboolean waiting);

/* What it says itself, or why it ended; on one line. */
char *lockstep_solver_words_dup_message (gpointer    object,
                                         const char *message,
                                         const char *reason,
                                         guint       state);

/* "99 %", of one core; empty for a solver that is gone. */
char *lockstep_solver_words_dup_cpu (gpointer object,
                                     double   cpu,
                                     guint    state);

/* "1.1 GB"; empty where it is not known. */
char *lockstep_solver_words_dup_memory (gpointer object,
                                        guint64  memory,
                                        guint    state);

/* "now", "12 s", "9 min": how long ago @sign was. Both are UTC in µs. */
char *lockstep_solver_words_dup_age (gpointer object,
                                     gint64   sign,
                                     gint64   now,
                                     guint    state,
                                     gboolean waiting);

/* "12 s", "3 min 5 s": how long it has waited at the barrier; empty for one that does not. */
char *lockstep_solver_words_dup_waiting (gpointer object,
                                         gint64   since,
                                         gint64   now,
                                         guint    state,
                                         gboolean waiting);

/* The same: how long it has been doing what it does. */
char *lockstep_solver_words_dup_elapsed (gpointer object,
                                         gint64   since,
                                         gint64   now,
                                         guint    state,
                                         gboolean waiting);

/* What all of @solvers do: "4 solvers · 3 computing · 1 waiting · CPU 296 % · 4.5 GB". */
char *lockstep_solver_words_dup_total (gpointer    object,
                                       GListModel *solvers);

G_END_DECLS
