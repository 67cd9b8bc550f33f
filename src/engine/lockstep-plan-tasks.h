/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"

G_BEGIN_DECLS

/* Reads the tasks member @json, that stands at @path in @document, of the plan of the folder @directory (absolute).
 * NULL with an error. */
LockstepTaskList *lockstep_plan_read_tasks (LockstepJson json,
                                            const char  *path,
                                            GBytes      *document,
                                            const char  *directory,
                                            GError     **error);

/* The plan @text with a seed, drawn now, in every tasks that has a sample and no seed: so the text of a run says what
 * the run did, and gives the same samples when it is read again. NULL with an error. */
GBytes *lockstep_plan_draw_seeds (GBytes  *text,
                                  GError **error);

G_END_DECLS
