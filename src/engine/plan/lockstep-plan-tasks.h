/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-steps.h"

G_BEGIN_DECLS

/* Reads the tasks member @json, that stands at @path and belongs to the step with the index @step. @table is set to the
 * contents of the file that its csv names, where it has one. NULL with an error. */
LockstepTaskList *lockstep_plan_read_tasks (LockstepJson               json,
                                            const char                *path,
                                            guint                      step,
                                            const LockstepPlanContext *context,
                                            GBytes                   **table,
                                            GError                   **error);

/* The name of the file with the copy of the table of the step with that index, in a run's folder. */
char *lockstep_plan_dup_table_name (guint step);

/* The plan @text with a seed in every tasks that has a sample and no seed: so the text of a run says what the run did,
 * and gives the same samples when it is read again. It is the one that @like (the text of a plan, or NULL) has at the
 * same place, or is drawn now. NULL with an error. */
GBytes *lockstep_plan_draw_seeds (GBytes  *text,
                                  GBytes  *like,
                                  GError **error);

G_END_DECLS
