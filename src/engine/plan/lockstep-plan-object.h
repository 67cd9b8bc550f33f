/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-value.h"

G_BEGIN_DECLS

/**
 * One object of a plan's text while it is read. It knows where it stands, so that every error names the member,
 * and it has looked at all its members before the first is read, so that a slip of the pen is told first.
 *
 * A reader of a member that is absent leaves the value as it is and returns TRUE: set the default before.
 * Errors are LOCKSTEP_PLAN_ERROR and begin with the member's path.
 */
typedef struct
{
  LockstepJson json; /* of kind object */
  char        *path; /* "steps[1].tasks"; "" is the whole plan */
} LockstepPlanObject;

/* FALSE when @json is not an object, or has a member that is not in the NULL-terminated list @known; then the
 * error names the nearest one. Clear it either way. */
gboolean lockstep_plan_object_init (LockstepPlanObject *self,
                                    LockstepJson        json,
                                    const char         *path,
                                    const char *const  *known,
                                    GError            **error);

void lockstep_plan_object_clear (LockstepPlanObject *self);

gboolean lockstep_plan_object_has (const LockstepPlanObject *self,
                                   const char               *name);

LockstepJson lockstep_plan_object_get (const LockstepPlanObject *self,
                                       const char               *name);

/* "steps[1].tasks" and "seed" are "steps[1].tasks.seed". */
char *lockstep_plan_object_dup_path (const LockstepPlanObject *self,
                                     const char               *name);

/* An error when the member is absent; @what tells what it is for. */
gboolean lockstep_plan_object_require (const LockstepPlanObject *self,
                                       const char               *name,
                                       const char               *what,
                                       GError                  **error);

/* A string of any characters but U+0000. */
gboolean lockstep_plan_object_read_text (const LockstepPlanObject *self,
                                         const char               *name,
                                         char                    **value,
                                         GError                  **error);

/* A string of one line: something to see, and no control character. */
gboolean lockstep_plan_object_read_line (const LockstepPlanObject *self,
                                         const char               *name,
                                         char                    **value,
                                         GError                  **error);

/* A whole number from @minimum to @maximum. */
gboolean lockstep_plan_object_read_int (const LockstepPlanObject *self,
                                        const char               *name,
                                        gint64                    minimum,
                                        gint64                    maximum,
                                        gint64                   *value,
                                        GError                  **error);

gboolean lockstep_plan_object_read_boolean (const LockstepPlanObject *self,
                                            const char               *name,
                                            gboolean                 *value,
                                            GError                  **error);

/* Sets @choice to the index in the NULL-terminated list @choices; the error names them all. */
gboolean lockstep_plan_object_read_choice (const LockstepPlanObject *self,
                                           const char               *name,
                                           const char *const        *choices,
                                           guint                    *choice,
                                           GError                  **error);

gboolean lockstep_plan_object_read_duration (const LockstepPlanObject *self,
                                             const char               *name,
                                             double                   *seconds,
                                             GError                  **error);

gboolean lockstep_plan_object_read_size (const LockstepPlanObject *self,
                                         const char               *name,
                                         guint64                  *bytes,
                                         GError                  **error);

/* An object whose members are anybody's: sets @value to its text, as it was written in @document. */
gboolean lockstep_plan_object_read_object (const LockstepPlanObject *self,
                                           const char               *name,
                                           GBytes                   *document,
                                           GBytes                  **value,
                                           GError                  **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LockstepPlanObject, lockstep_plan_object_clear)

G_END_DECLS
