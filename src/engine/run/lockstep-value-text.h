/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"

G_BEGIN_DECLS

/* @value for a person, on one line: the members of an object as "design 1 · seed 1", numbers as they were written, strings
 * without their quotes, what is nested as JSON without white space. What is long ends in “…”, and then @cut is set to TRUE,
 * else to FALSE. Empty for an object without members. Free with g_free(). */
char *lockstep_value_dup_text (LockstepJson value,
                               gboolean    *cut);

G_END_DECLS
