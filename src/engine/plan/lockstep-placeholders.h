/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * What fills the placeholders of a program: {name} from the task, then from the plan's params; {name:%10.4f} with a printf
 * format of one conversion; {plan} {run} {task} {attempt} {solver} {threads}; {{ for a brace.
 *
 * A number appears with the digits it has in the plan. A brace that begins neither a name that is known nor anything that
 * looks like one (a letter or `_`, then letters, digits, `_`, `-`, `.`, up to the closing brace or the format) is a brace, so
 * that a template may be JSON or C.
 */
typedef struct
{
  const char  *folder; /* {plan}: the plan's folder */
  const char  *run;    /* the run's folder */
  guint64      task;
  guint        attempt;
  guint        solver;
  guint        threads;
  LockstepJson params[3]; /* objects: of the task, of its step, of the plan, the first that has a name counts; may be absent */
} LockstepPlaceholders;

/* Whether @name is one of those that are always there. */
gboolean lockstep_placeholders_is_reserved (const char *name);

/* Appends @text with its placeholders filled. FALSE with LOCKSTEP_PLAN_ERROR_MEMBER; @offset (may be NULL) is set to
 * where in @text. */
gboolean lockstep_placeholders_fill (const LockstepPlaceholders *self,
                                     const char                 *text,
                                     gsize                       length,
                                     GString                    *out,
                                     gsize                      *offset,
                                     GError                    **error);

G_END_DECLS
