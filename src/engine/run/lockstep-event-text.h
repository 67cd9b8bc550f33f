/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event.h"
#include "lockstep-run.h"

G_BEGIN_DECLS

/**
 * An event in words, for a log: in the window and in the terminal alike.
 */

/* How much an event matters to a person who reads a log. */
typedef enum
{
  LOCKSTEP_LEVEL_DEBUG,
  LOCKSTEP_LEVEL_INFO,
  LOCKSTEP_LEVEL_WARNING,
  LOCKSTEP_LEVEL_ERROR,
} LockstepLevel;

/* @state is that of the event's run, once it has folded it. */
LockstepLevel lockstep_event_get_level (const LockstepEvent *event,
                                        LockstepRunState     state);

/* Whom the event is about: "run" or "solver 2". Translated. */
char *lockstep_event_dup_who (const LockstepEvent *event);

/* What happened, a translated sentence; NULL for events that a log does not show. @plan names the steps and may
 * be NULL. What a solver sent is in it as it came: it may have more lines than one. Warnings and errors that a
 * solver logged begin with that word. */
char *lockstep_event_dup_text (const LockstepEvent *event,
                               LockstepPlan        *plan);

G_END_DECLS
