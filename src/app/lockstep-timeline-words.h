/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-trace.h"

G_BEGIN_DECLS

/* What a timeline and its table say of a run, translated. */

/* "done", "failed", … */
const char *lockstep_span_outcome_to_text (LockstepSpanOutcome outcome);

/* "Load the shortest paths"; what the plan calls the step. */
const char *lockstep_timeline_words_get_step (LockstepTrace *trace,
                                              guint          step);

/* The iteration of the innermost loop that @span was in; 0 for none. */
int lockstep_timeline_words_get_iteration (LockstepTrace      *trace,
                                           const LockstepSpan *span);

/* The lines of a tip: a strv. */
char **lockstep_timeline_words_dup_span (LockstepTrace      *trace,
                                         guint               solver,
                                         const LockstepSpan *span,
                                         gint64              now);
char **lockstep_timeline_words_dup_rest (LockstepTrace *trace,
                                         guint          solver,
                                         gint64         time);

/* "12:24:07.5 · 3:12 min · iteration 12, Move the flows · 3 of 4 solvers computing": the moment @time. With @solver (-1 for
 * none) what it was at. */
char *lockstep_timeline_words_dup_moment (LockstepTrace *trace,
                                          gint64         time,
                                          gint64         resolution,
                                          int            solver);

/* The time of day, to a part of @resolution (µs). */
char *lockstep_timeline_words_dup_clock (LockstepTrace *trace,
                                         gint64         time,
                                         gint64         resolution);

G_END_DECLS
