/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * Values of a plan's text: where they stand, what they are called in a message, and the errors about them,
 * which are LOCKSTEP_PLAN_ERROR and begin with the path of the value.
 */

/* The string @json that stands at @path, of any characters but U+0000; NULL with an error. */
char *lockstep_plan_dup_string (LockstepJson json,
                                const char  *path,
                                GError     **error);

/* The path of the member with that name as it stands in the text, and of an element. */
char *lockstep_plan_dup_member_path (const char  *path,
                                     LockstepJson name);
char *lockstep_plan_dup_element_path (const char *path,
                                      guint       index);

/* "the string \"5\"", "an array": what a message says was found. */
char *lockstep_plan_describe (LockstepJson json);

/* Refuses an object anywhere in @json, which stands at @path, that has a member twice. */
gboolean lockstep_plan_check_unique (LockstepJson json,
                                     const char  *path,
                                     GError     **error);

/* Sets an error that begins with @path. */
void lockstep_plan_set_error (GError          **error,
                              LockstepPlanError code,
                              const char       *path,
                              const char       *format,
                              ...) G_GNUC_PRINTF (4, 5);

/* "PATH: expected EXPECTED, found …". */
void lockstep_plan_set_type_error (GError     **error,
                                   const char  *path,
                                   const char  *expected,
                                   LockstepJson found);

G_END_DECLS
