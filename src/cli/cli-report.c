/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-report.h"

#include "lockstep-inquest.h"
#include "lockstep-journal-reader.h"
#include "lockstep-json-writer.h"

struct _CliReport
{
  LockstepRun     *run; /* owned */
  LockstepInquest *inquest;
  gulong           event_handler;
};

/* What the object of --json has, in this order, null where it is not known. */
static const char *const members[] = {
  "state", "run", "directory", "seconds", "solvers", "result", "failures", "reached", "error"
};

static void
append_number_member (GString    *out,
                      const char *name,
                      gint64      number)
{
  if (number < 0)
    return;

  lockstep_json_append_name (out, name);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
}

/* Copies the members of the failure as they were written, but for “final”, which all of these are. */
static void
append_cause (GString     *out,
              LockstepJson failure)
{
  LockstepJsonIter iter;
  LockstepJson     name;
  LockstepJson     value;

  lockstep_json_iter_init (&iter, failure);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *text = lockstep_json_dup_string (name, NULL);

      if (g_str_equal (text, "final"))
        continue;

      lockstep_json_append_name (out, text);
      g_string_append_len (out, value.text, value.length);
    }
}

static void
append_failure (CliReport          *self,
                GString            *out,
                const LockstepCase *failure)
{
  LockstepPlan *plan = lockstep_run_get_plan (self->run);
  LockstepStep *step = failure->step >= 0 ? lockstep_plan_get_step (plan, (guint) failure->step) : NULL;
  LockstepJson  payload;

  g_string_append_c (out, '{');
  if (step != NULL)
    lockstep_json_append_string_member (out, "step", step->title);
  append_number_member (out, "iteration", failure->iteration);
  append_number_member (out, "task", failure->task);
  append_number_member (out, "attempt", failure->attempt);
  append_number_member (out, "solver", failure->solver);
  payload.text = g_bytes_get_data (failure->failure, &payload.length);
  append_cause (out, payload);
  g_string_append_c (out, '}');
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          gpointer             user_data)
{
  CliReport *self = user_data;

  lockstep_inquest_take (self->inquest, lockstep_run_get_plan (run), event);
}

CliReport *
cli_report_new (LockstepRun *run)
{
  CliReport *self = g_new0 (CliReport, 1);

  self->run = g_object_ref (run);
  self->inquest = lockstep_inquest_new ();
  self->event_handler = g_signal_connect (run, "event", G_CALLBACK (event_cb), self);

  return self;
}

void
cli_report_free (CliReport *self)
{
  g_clear_signal_handler (&self->event_handler, self->run);
  g_clear_object (&self->run);
  lockstep_inquest_free (self->inquest);
  g_free (self);
}

void
cli_report_read_past (CliReport *self)
{
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (lockstep_run_get_directory (self->run), NULL);
  LockstepEvent                     event;

  while (reader != NULL && lockstep_journal_reader_next (reader, &event, NULL))
    {
      lockstep_inquest_take (self->inquest, lockstep_run_get_plan (self->run), &event);
      lockstep_event_clear (&event);
    }
}

gboolean
cli_report_can_retry (CliReport *self)
{
  const gint64 sweep = lockstep_inquest_get_sweep (self->inquest);

  for (guint i = 0; i < lockstep_inquest_get_n_failures (self->inquest); i++)
    {
      const LockstepCase *failure = lockstep_inquest_get_failure (self->inquest, i);

      if (sweep >= 0 && failure->task >= sweep && lockstep_case_is_final (failure))
        return TRUE;
    }

  return FALSE;
}

CliExit
cli_report_get_exit (CliReport *self)
{
  switch (lockstep_run_get_state (self->run))
    {
    case LOCKSTEP_RUN_FINISHED:
      return lockstep_run_get_n_failures (self->run) > 0 || !lockstep_run_get_reached (self->run)
               ? CLI_EXIT_INCOMPLETE
               : CLI_EXIT_FINISHED;

    case LOCKSTEP_RUN_TERMINATED:
      return CLI_EXIT_TERMINATED;

    default:
      return CLI_EXIT_FAILED;
    }
}

static void
append_failures (CliReport *self,
                 GString   *out)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < lockstep_inquest_get_n_failures (self->inquest); i++)
    {
      const LockstepCase *failure = lockstep_inquest_get_failure (self->inquest, i);

      if (!lockstep_case_is_final (failure))
        continue;
      if (out->str[out->len - 1] != '[')
        g_string_append_c (out, ',');
      append_failure (self, out, failure);
    }
  g_string_append_c (out, ']');
}

char *
cli_report_dup_json (CliReport *self,
                     GBytes    *summary)
{
  GString     *out = g_string_new ("{");
  LockstepJson object;
  gsize        length;
  const char  *text = g_bytes_get_data (summary, &length);

  if (!lockstep_json_scan (text, length, &object, NULL))
    g_assert_not_reached ();

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      LockstepJson value = lockstep_json_get_member (object, members[i]);

      lockstep_json_append_name (out, members[i]);
      if (g_str_equal (members[i], "failures"))
        append_failures (self, out);
      else if (value.text != NULL)
        g_string_append_len (out, value.text, value.length);
      else
        g_string_append (out, "null");
    }
  g_string_append (out, "}\n");

  return g_string_free (out, FALSE);
}

char *
cli_report_dup_error_json (const GError *error)
{
  GString *out = g_string_new ("{\"state\":\"failed\",\"run\":null,\"directory\":null,\"seconds\":0,\"solvers\":0,"
                               "\"result\":null,\"failures\":[],\"reached\":null");

  lockstep_json_append_string_member (out, "error", error->message);
  g_string_append (out, "}\n");

  return g_string_free (out, FALSE);
}
