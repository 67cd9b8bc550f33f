/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * Times, sizes and shares as a person writes them in a plan.
 *
 * Errors are LOCKSTEP_PLAN_ERROR_MEMBER, say what was expected and what was found, and leave the member's path
 * to the caller.
 */

/* The longest time that can be given, in seconds (more than 31 years). */
#define LOCKSTEP_QUANTITY_MAX_DURATION 1e9

/* A number of seconds, or "90 s", "8 min", "24 h", "2 d"; not negative. */
gboolean lockstep_quantity_read_duration (LockstepJson json,
                                          double      *seconds,
                                          GError     **error);

/* A number of bytes, or "512 MB" (decimal: B, kB, MB, GB, TB) or "3 GiB" (binary: KiB, MiB, GiB, TiB); more
 * than nothing. The case of the unit does not matter. */
gboolean lockstep_quantity_read_size (LockstepJson json,
                                      guint64     *bytes,
                                      GError     **error);

/* "20 %" sets @share (0…1) and @count to -1; a whole number sets @count and @share to -1. */
gboolean lockstep_quantity_read_share (LockstepJson json,
                                       double      *share,
                                       gint64      *count,
                                       GError     **error);

G_END_DECLS
