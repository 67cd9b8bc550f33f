/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-object.h"
#include "lockstep-task-axis.h"

G_BEGIN_DECLS

/**
 * A table in a file: comma-separated values as in RFC 4180, in UTF-8, with or without a byte order mark. The
 * first line has the names; a task for each line below. Empty lines are passed over.
 *
 * A cell that is a JSON number is that number, as it was written; any other is a string. Blanks around a cell are
 * no part of it unless it is quoted; quotes carry no type.
 */

/* Reads @file (absolute), and sets @contents to what is in it. Errors are LOCKSTEP_PLAN_ERROR_FILE, begin with @path, and
 * name the file and the line. */
LockstepTaskAxis *lockstep_task_csv_read (const char *file,
                                          const char *path,
                                          GBytes    **contents,
                                          GError    **error);

G_END_DECLS
