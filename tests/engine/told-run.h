/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "run-fixture.h"

/* Any time (UTC in µs). */
#define TOLD_START (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

/* Tells @run what happened @seconds after TOLD_START; what is negative does not apply. @payload has ' for ". */
static inline void
tell_run (LockstepRun      *run,
          LockstepEventType type,
          gint64            seconds,
          int               step,
          int               iteration,
          int               solver,
          int               task,
          const char       *payload)
{
  LockstepEvent    event;
  g_autofree char *text = g_strdelimit (g_strdup (payload), "'", '"');

  lockstep_event_init (&event, type);
  event.time = TOLD_START + seconds * G_USEC_PER_SEC;
  event.step = step;
  event.iteration = iteration;
  event.solver = solver;
  event.task = task;
  event.attempt = task >= 0 ? 3 : -1;
  event.payload = g_bytes_new (text, strlen (text));
  lockstep_run_fold (run, &event);
  lockstep_event_clear (&event);
}
