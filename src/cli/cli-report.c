/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-report.h"

#include "lockstep-journal-reader.h"
#include "lockstep-json-writer.h"

/* A task that failed for good. */
typedef struct
{
  gint64 task;
  char  *text; /* a JSON object */
} Failure;

struct _CliReport
{
  LockstepRun *run;      /* owned */
  GArray      *failures; /* of Failure, in the order in which they happened */
  gint64       sweep;    /* first task of the last step of tasks that began; -1 before */
  gulong       event_handler;
};

static void
failure_clear (gpointer data)
{
  Failure *failure = data;

  g_free (failure->text);
}

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

/* Whether @again, "again" of STEP_STARTED, names @task. */
static gboolean
is_again (LockstepJson again,
          gint64       task)
{
  LockstepJsonIter iter;
  LockstepJson     span;
  gint64           from, to;

  lockstep_json_iter_init (&iter, again);
  while (lockstep_json_iter_next (&iter, NULL, &span))
    if (lockstep_json_get_int (lockstep_json_get_path (span, "0"), &from) &&
        lockstep_json_get_int (lockstep_json_get_path (span, "1"), &to) && task >= from && task <= to)
      return TRUE;

  return FALSE;
}

/* A run that is resumed takes back failures: those from the first task of the step on, but of a step of tasks that
 * goes on only the ones that are done again and those after the step. */
static void
take_step_started (CliReport           *self,
                   const LockstepEvent *event,
                   LockstepJson         payload)
{
  LockstepStep *step = lockstep_plan_get_step (lockstep_run_get_plan (self->run), (guint) event->step);
  LockstepJson  again = lockstep_json_get_member (payload, "again");
  gint64        first = -1, n_tasks = 0;
  gboolean      goes_on;

  lockstep_json_get_int (lockstep_json_get_member (payload, "first"), &first);
  lockstep_json_get_int (lockstep_json_get_member (payload, "tasks"), &n_tasks);
  goes_on = step != NULL && step->kind == LOCKSTEP_STEP_TASKS && first == self->sweep;
  for (guint i = self->failures->len; i > 0 && again.text != NULL; i--)
    {
      const gint64 task = g_array_index (self->failures, Failure, i - 1).task;

      if (task >= first && (!goes_on || task >= first + n_tasks || is_again (again, task)))
        g_array_remove_index (self->failures, i - 1);
    }
  if (step != NULL && step->kind == LOCKSTEP_STEP_TASKS)
    self->sweep = first;
}

/* A run that is resumed goes back to a loop that it had left. */
static void
take_loop_iterated (CliReport   *self,
                    LockstepJson payload)
{
  gint64 back;

  if (!lockstep_json_get_int (lockstep_json_get_member (payload, "back"), &back))
    return;

  for (guint i = self->failures->len; i > 0; i--)
    if (g_array_index (self->failures, Failure, i - 1).task >= back)
      g_array_remove_index (self->failures, i - 1);
}

static void
take_event (CliReport           *self,
            const LockstepEvent *event)
{
  LockstepRun        *run = self->run;
  g_autoptr (GString) out = NULL;
  LockstepStep       *step;
  LockstepJson        failure;
  gboolean            final = FALSE;
  const char         *text;
  gsize               length;

  if ((event->type != LOCKSTEP_EVENT_TASK_FAILED && event->type != LOCKSTEP_EVENT_STEP_STARTED &&
       event->type != LOCKSTEP_EVENT_LOOP_ITERATED) ||
      event->payload == NULL)
    return;

  text = g_bytes_get_data (event->payload, &length);
  if (!lockstep_json_scan (text, length, &failure, NULL))
    return;

  if (event->type == LOCKSTEP_EVENT_STEP_STARTED)
    {
      take_step_started (self, event, failure);
      return;
    }
  if (event->type == LOCKSTEP_EVENT_LOOP_ITERATED)
    {
      take_loop_iterated (self, failure);
      return;
    }
  if ((lockstep_json_get_boolean (lockstep_json_get_member (failure, "final"), &final) && !final))
    return;

  out = g_string_new ("{");
  step = event->step >= 0 ? lockstep_plan_get_step (lockstep_run_get_plan (run), event->step) : NULL;
  if (step != NULL)
    lockstep_json_append_string_member (out, "step", step->title);
  append_number_member (out, "iteration", event->iteration);
  append_number_member (out, "task", event->task);
  append_number_member (out, "attempt", event->attempt);
  append_number_member (out, "solver", event->solver);
  append_cause (out, failure);
  g_string_append_c (out, '}');

  g_array_append_val (self->failures, ((Failure){ .task = event->task, .text = g_strdup (out->str) }));
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          gpointer             user_data)
{
  take_event (user_data, event);
}

CliReport *
cli_report_new (LockstepRun *run)
{
  CliReport *self = g_new0 (CliReport, 1);

  self->run = g_object_ref (run);
  self->failures = g_array_new (FALSE, FALSE, sizeof (Failure));
  g_array_set_clear_func (self->failures, failure_clear);
  self->sweep = -1;
  self->event_handler = g_signal_connect (run, "event", G_CALLBACK (event_cb), self);

  return self;
}

void
cli_report_free (CliReport *self)
{
  g_clear_signal_handler (&self->event_handler, self->run);
  g_clear_object (&self->run);
  g_array_unref (self->failures);
  g_free (self);
}

void
cli_report_read_past (CliReport *self)
{
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (lockstep_run_get_directory (self->run), NULL);
  LockstepEvent                     event;

  while (reader != NULL && lockstep_journal_reader_next (reader, &event, NULL))
    {
      take_event (self, &event);
      lockstep_event_clear (&event);
    }
}

gboolean
cli_report_can_retry (CliReport *self)
{
  for (guint i = 0; i < self->failures->len; i++)
    if (self->sweep >= 0 && g_array_index (self->failures, Failure, i).task >= self->sweep)
      return TRUE;

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
  for (guint i = 0; i < self->failures->len; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "," : "", g_array_index (self->failures, Failure, i).text);
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
                               "\"result\":null,\"failures\":[],\"reached\":false");

  lockstep_json_append_string_member (out, "error", error->message);
  g_string_append (out, "}\n");

  return g_string_free (out, FALSE);
}
