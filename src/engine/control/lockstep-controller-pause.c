/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-json-writer.h"

static void
tell_paused (LockstepController *self)
{
  LockstepEvent event;
  GString      *payload = g_string_new (NULL);
  const char   *why = self->trouble;

  if (why == NULL)
    why = self->trees_paused ? _ ("Paused; the solvers' processes stand still.") : _ ("Paused; tasks at work are finished.");
  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_PAUSED);
  g_string_printf (payload, "{\"now\":%s", self->trees_paused ? "true" : "false");
  if (self->trouble != NULL)
    g_string_append (payload, ",\"trouble\":true");
  lockstep_json_append_string_member (payload, "why", why);
  lockstep_record_tell_payload (self->record, &event, payload);
}

/* Pauses or goes on, as a person and the disk want it: the only place that writes paused and trees_paused. While the
 * disk is full the solvers stand still, since they print there. */
static void
apply_pause (LockstepController *self)
{
  const gboolean was_paused = self->paused;
  const gboolean trees_were_paused = self->trees_paused;
  LockstepEvent  event;

  self->paused = self->pause_wanted || self->trouble != NULL;
  self->trees_paused = (self->pause_wanted && self->pause_now) || self->trouble != NULL;
  if (self->trees_paused != trees_were_paused)
    lockstep_crew_set_paused (self->crew, self->trees_paused);

  if (self->paused)
    {
      lockstep_stepper_set_paused (self->stepper, TRUE, self->trees_paused);
      tell_paused (self);
    }
  else if (was_paused)
    {
      lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_CONTINUED);
      lockstep_record_tell (self->record, &event);
      lockstep_stepper_set_paused (self->stepper, FALSE, FALSE);
      lockstep_controller_go_on (self);
    }
}

/* The journal cannot be written: the run waits, so that its record has no hole. */
static void
record_failed_cb (LockstepRecord *record,
                  const GError   *error,
                  gpointer        user_data)
{
  LockstepController *self = user_data;
  g_autofree char    *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    text = g_strdup_printf (_ ("%s. The run waits, and what happened is kept: make room on that disk, and it goes on by "
                               "itself."),
                            error->message);
  else
    text = g_strdup_printf (_ ("%s. The run waits, and what happened is kept: it goes on by itself when that can be written "
                               "again."),
                            error->message);

  if (self->towards != LOCKSTEP_RUN_IDLE)
    {
      lockstep_record_log (self->record, -1, "error", text);
      return;
    }

  g_free (self->trouble);
  self->trouble = g_steal_pointer (&text);
  lockstep_stepper_excuse_attempts (self->stepper);
  apply_pause (self);
}

static void
record_recovered_cb (LockstepRecord *record,
                     gpointer        user_data)
{
  LockstepController *self = user_data;

  if (self->trouble == NULL || self->towards != LOCKSTEP_RUN_IDLE)
    return;

  g_clear_pointer (&self->trouble, g_free);
  lockstep_record_log (self->record, -1, "info", _ ("The run can be written down again."));
  apply_pause (self);
}

void
lockstep_controller_heed_record (LockstepController *self)
{
  g_signal_connect (self->record, "failed", G_CALLBACK (record_failed_cb), self);
  g_signal_connect (self->record, "recovered", G_CALLBACK (record_recovered_cb), self);
}

void
lockstep_controller_pause (LockstepController *self,
                           gboolean            now)
{
  if (!self->started || self->towards != LOCKSTEP_RUN_IDLE || (self->pause_wanted && (self->pause_now || !now)))
    return;

  self->pause_wanted = TRUE;
  self->pause_now |= now;
  apply_pause (self);
}

void
lockstep_controller_continue (LockstepController *self)
{
  if (!self->paused || self->towards != LOCKSTEP_RUN_IDLE)
    return;

  self->pause_wanted = FALSE;
  self->pause_now = FALSE;
  if (self->trouble != NULL)
    lockstep_record_retry (self->record);
  else
    apply_pause (self);
}
