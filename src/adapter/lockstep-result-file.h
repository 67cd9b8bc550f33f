/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-probe.h"

G_BEGIN_DECLS

/* Looks in the file @path for what @probe, of a result with a file, is after: a pattern in its lines, a column of a
 * table in CSV, a member of a JSON document. Not to find it is no error. FALSE with LOCKSTEP_PROGRAM_ERROR_RESULT
 * when the file cannot be read, is something else, or has no such column. */
gboolean lockstep_result_file_read (LockstepProbe *probe,
                                    const char    *path,
                                    GError       **error);

G_END_DECLS
