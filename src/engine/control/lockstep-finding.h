/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * One thing that was found out, by preflight or about a solver. Properties, for views: level, topic, text, advice. Immutable.
 */
typedef enum
{
  LOCKSTEP_FINDING_OK,
  LOCKSTEP_FINDING_NOTE,    /* worth knowing */
  LOCKSTEP_FINDING_WARNING, /* it can start, but something will be worse than it need be */
  LOCKSTEP_FINDING_PROBLEM, /* it cannot start */
} LockstepFindingLevel;

#define LOCKSTEP_TYPE_FINDING (lockstep_finding_get_type ())
G_DECLARE_FINAL_TYPE (LockstepFinding, lockstep_finding, LOCKSTEP, FINDING, GObject)

/* @topic is a word or two ("Memory"), @text what was found, a sentence or a part of one, @advice a sentence that says what to do,
 * or NULL. All are translated; @text and @advice are taken over. */
LockstepFinding *lockstep_finding_new (LockstepFindingLevel level,
                                       const char          *topic,
                                       char                *text,
                                       char                *advice);

LockstepFindingLevel lockstep_finding_get_level (LockstepFinding *self);
const char          *lockstep_finding_get_topic (LockstepFinding *self);
const char          *lockstep_finding_get_text (LockstepFinding *self);
const char          *lockstep_finding_get_advice (LockstepFinding *self);

/* Text and advice together. */
char *lockstep_finding_dup_sentence (LockstepFinding *self);

G_END_DECLS
