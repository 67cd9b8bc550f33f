/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lockstep-run.h"

G_BEGIN_DECLS

/*
 * What the rows of a list of runs say. They take the properties of a LockstepHistoryEntry (@object is the list item), and
 * return a new string.
 */

/* "Today 09:14", "Mon 19:02", "3 Nov 19:02", "3 Nov 2025". @started is UTC in µs. */
char *lockstep_history_words_dup_time (gpointer object,
                                       gint64   started);

/* What became of it: "120 of 120", "37 of 2,000 failed", "Terminated · 15 of 72 failed", "gap 9.9e-05", "Interrupted"; the numbers only
 * of a list of tasks, which is @listed; before that @name, where that is not
 * @plan, which is the one at hand. Of a run that is followed it is @headline. */
char *lockstep_history_words_dup_result (gpointer    object,
                                         guint       state,
                                         gint64      n_done,
                                         gint64      n_tasks,
                                         gboolean    listed,
                                         gint64      n_failures,
                                         gboolean    reached,
                                         const char *until,
                                         double      value,
                                         const char *name,
                                         const char *plan,
                                         const char *headline);

/* The state in a word. */
char *lockstep_history_words_dup_state (gpointer object,
                                        guint    state,
                                        gint64   n_failures,
                                        gboolean reached);

/* The name of a symbolic icon that says the same. */
char *lockstep_history_words_dup_icon (gpointer object,
                                       guint    state,
                                       gint64   n_failures,
                                       gboolean reached);

G_END_DECLS
