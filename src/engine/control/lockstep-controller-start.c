/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "lockstep-json-writer.h"
#include "lockstep-limits.h"

/* How often clocks are looked at (ms), and below drawing. */
#define CHECK_INTERVAL 100
#define CHECK_PRIORITY 150

static gboolean
check (gpointer data)
{
  LockstepController *self = data;

  lockstep_stepper_check (self->stepper);
  return G_SOURCE_CONTINUE;
}

static void
state_cb (LockstepController *self)
{
  if (lockstep_run_has_ended (self->run))
    g_object_unref (self);
}

static void
tell_run_started (LockstepController *self,
                  guint               n_solvers)
{
  LockstepEvent event;
  GString      *payload = g_string_new ("{");

  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_STARTED);
  lockstep_json_append_string_member (payload, "name", lockstep_plan_get_name (self->plan));
  if (lockstep_plan_get_note (self->plan) != NULL)
    lockstep_json_append_string_member (payload, "note", lockstep_plan_get_note (self->plan));
  lockstep_json_append_string_member (payload, "folder", lockstep_plan_get_directory (self->plan));
  if (lockstep_run_get_directory (self->run) != NULL)
    lockstep_json_append_string_member (payload, "directory", lockstep_run_get_directory (self->run));
  if (self->complaints != NULL)
    g_string_append (payload, ",\"resumed\":true");
  g_string_append_printf (payload, ",\"solvers\":%u,\"cpus\":%u,\"memory\":%" G_GUINT64_FORMAT ",\"pid\":%d", n_solvers,
                          lockstep_preflight_get_cpus (self->preflight)->allowed, lockstep_preflight_get_memory (self->preflight),
                          (int) getpid ());
  lockstep_record_tell_payload (self->record, &event, payload);
}

/* What preflight found stands in the log of the run, where it was not as it should be. */
static void
tell_warnings (LockstepController *self)
{
  GListModel *findings = lockstep_preflight_get_findings (self->preflight);
  const guint n_findings = g_list_model_get_n_items (findings);

  for (guint i = 0; i < n_findings; i++)
    {
      g_autoptr (LockstepFinding) finding = g_list_model_get_item (findings, i);
      g_autofree char            *sentence = lockstep_finding_dup_sentence (finding);

      if (lockstep_finding_get_level (finding) == LOCKSTEP_FINDING_WARNING)
        lockstep_record_log (self->record, -1, "warning", sentence);
    }
}

/* A run that is resumed says what of it could not be read, and stands where it goes on. */
static gboolean
resume (LockstepController *self)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < self->complaints->len; i++)
    lockstep_record_log (self->record, -1, "warning", g_ptr_array_index (self->complaints, i));
  if (lockstep_resumption_place (self->resumption, self->sequence, lockstep_controller_tell_looped, self, &error))
    return TRUE;

  lockstep_controller_fail (self, error->message);
  return FALSE;
}

static void
launch (LockstepController *self)
{
  const guint *n_solvers = lockstep_preflight_get_n_solvers (self->preflight);
  const guint  n_hosts = lockstep_plan_get_hosts (self->plan)->len;
  guint        n_all = 0;

  for (guint i = 0; i < n_hosts; i++)
    n_all += n_solvers[i];

  tell_run_started (self, n_all);
  tell_warnings (self);
  if (self->towards != LOCKSTEP_RUN_IDLE || (self->resumption != NULL && !resume (self)))
    return;

  lockstep_limits_raise_descriptors (n_all);
  self->check_source = g_timeout_add_full (CHECK_PRIORITY, CHECK_INTERVAL, check, self, NULL);
  lockstep_crew_launch (self->crew, n_solvers);
}

/* All is prepared, or @problem keeps the run from starting. */
static void
begin (LockstepController *self,
       const char         *problem)
{
  self->preparing = FALSE;
  if (problem == NULL && !self->terminated_early)
    {
      launch (self);
      return;
    }

  tell_run_started (self, 0);
  if (self->terminated_early)
    lockstep_controller_end (self, LOCKSTEP_RUN_TERMINATED, LOCKSTEP_STOP_ASK, _ ("Terminated."));
  else
    lockstep_controller_fail (self, problem);
}

static void
opened_cb (GObject      *record,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LockstepController) self = user_data;
  g_autoptr (GError)             error = NULL;

  lockstep_record_open_finish (LOCKSTEP_RECORD (record), result, &error);
  begin (self, error != NULL ? error->message : NULL);
}

static void
reopened_cb (GObject      *record,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (LockstepController) self = user_data;
  g_autoptr (GError)             error = NULL;

  lockstep_record_reopen_finish (LOCKSTEP_RECORD (record), result, &error);
  begin (self, error != NULL ? error->message : NULL);
}

static void
preflight_cb (GObject      *plan,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (LockstepController) self = user_data;
  g_autofree char               *problem = NULL;

  self->preflight = lockstep_preflight_run_finish (result);
  self->reservation = lockstep_preflight_take_reservation (self->preflight);
  problem = lockstep_preflight_dup_problem (self->preflight);

  if (problem != NULL || self->terminated_early || self->no_record)
    begin (self, problem);
  else if (self->lock != NULL)
    lockstep_record_reopen_async (self->record, g_steal_pointer (&self->lock), self->journal_end, self->n_past,
                                  reopened_cb, g_object_ref (self));
  else
    lockstep_record_open_async (self->record, self->runs_directory, opened_cb, g_object_ref (self));
}

void
lockstep_controller_start (LockstepController *self)
{
  LockstepPreflightFlags flags = self->elsewhere ? LOCKSTEP_PREFLIGHT_ELSEWHERE : LOCKSTEP_PREFLIGHT_RESERVE;

  g_return_if_fail (!self->started);

  if (self->no_record)
    flags |= LOCKSTEP_PREFLIGHT_NO_RECORD;

  self->started = TRUE;
  self->preparing = TRUE;
  g_signal_connect_object (self->run, "notify::state", G_CALLBACK (state_cb), g_object_ref (self), G_CONNECT_SWAPPED);
  lockstep_preflight_run_async (self->plan, self->runs_directory, flags, preflight_cb, g_object_ref (self));
}
