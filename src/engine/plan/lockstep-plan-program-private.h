/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan-program.h"

G_BEGIN_DECLS

/* The program member is read in three files: lockstep-plan-program.c is the whole of it, -files.c the files that a
 * task finds in its folder, -results.c what is read of what the program prints and writes. Each makes the arrays
 * that it fills. */

/* Text with placeholders at @path, owned by @self. Takes over @text. */
LockstepProgramText *lockstep_plan_program_add_text (LockstepProgram *self,
                                                     char            *text,
                                                     const char      *path);

/* Reads the text member @name of @object, where it is there. */
gboolean lockstep_plan_program_read_text (LockstepProgram          *self,
                                          const LockstepPlanObject *object,
                                          const char               *name,
                                          LockstepProgramText     **text,
                                          GError                  **error);

/* Whether the member @name of @object is an object, or absent; then @iter walks its members. */
gboolean lockstep_plan_program_begin_members (const LockstepPlanObject *object,
                                              const char               *name,
                                              const char               *expected,
                                              LockstepJsonIter         *iter,
                                              GError                  **error);

gboolean lockstep_plan_program_read_files (LockstepProgram          *self,
                                           const LockstepPlanObject *object,
                                           GError                  **error);

gboolean lockstep_plan_program_read_progress (LockstepProgram          *self,
                                              const LockstepPlanObject *object,
                                              GError                  **error);

gboolean lockstep_plan_program_read_values (LockstepProgram          *self,
                                            const LockstepPlanObject *object,
                                            GError                  **error);

gboolean lockstep_plan_program_read_results (LockstepProgram          *self,
                                             const LockstepPlanObject *object,
                                             GError                  **error);

gboolean lockstep_plan_program_read_fails_if (LockstepProgram          *self,
                                              const LockstepPlanObject *object,
                                              GError                  **error);

G_END_DECLS
