/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What a person may have meant: the one of the NULL-terminated list @known that is nearest to @name, counted in
 * letters that were left out, added, exchanged or swapped with their neighbour (case and `_` for `-` are free).
 * NULL when none is near enough to be worth saying: more than a third of the letters would have to change.
 */
const char *lockstep_nearest (const char        *name,
                              const char *const *known);

G_END_DECLS
