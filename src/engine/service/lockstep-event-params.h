/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-event.h"

G_BEGIN_DECLS

/* An event as a subscriber is told of it: {"number": n, "event": {…}}, where the latter is its line in the journal
 * with the result in it. A sample that the journal leaves out has no number, which is 0 here. */

#define LOCKSTEP_EVENT_METHOD "event"

/* The same bytes may go to any number of subscribers. */
GBytes *lockstep_event_params_new (const LockstepEvent *event,
                                   guint64              number);

/* Sets @event, which is to be cleared, and @number. FALSE with an error when @params are not what they should be. */
gboolean lockstep_event_params_read (GBytes        *params,
                                     LockstepEvent *event,
                                     guint64       *number,
                                     GError       **error);

G_END_DECLS
