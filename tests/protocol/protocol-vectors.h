/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"

/**
 * The vectors of the protocol, which every end replays: the files beside this one.
 */

/* The whole of the file @name, whose text is @text's until that is freed. */
LockstepJson vectors_load (const char *name,
                           char      **text);

/* The string member @name of @entry; free it. */
char *vectors_dup (LockstepJson entry,
                   const char  *name);

/* The bytes that an entry of values.json stands for. */
GString *vectors_make_text (LockstepJson entry);

/* Whether two values are equal: members in any order, numbers as doubles. */
gboolean vectors_are_equal (LockstepJson one,
                            LockstepJson other);
