/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-event-text.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-duration.h"
#include "lockstep-json.h"

/* The string member @name, or NULL where it is absent or empty. */
static char *
dup_member (LockstepJson payload,
            const char  *name)
{
  char *string = lockstep_json_dup_string (lockstep_json_get_member (payload, name), NULL);

  if (string != NULL && *string == '\0')
    g_clear_pointer (&string, g_free);

  return string;
}

static double
get_double (LockstepJson payload,
            const char  *name)
{
  double number = 0;

  lockstep_json_get_double (lockstep_json_get_member (payload, name), &number);

  return number;
}

static gint64
get_int (LockstepJson payload,
         const char  *name,
         gint64       otherwise)
{
  gint64 number = otherwise;

  lockstep_json_get_int (lockstep_json_get_member (payload, name), &number);

  return number;
}

static gboolean
get_boolean (LockstepJson payload,
             const char  *name,
             gboolean     otherwise)
{
  gboolean boolean = otherwise;

  lockstep_json_get_boolean (lockstep_json_get_member (payload, name), &boolean);

  return boolean;
}

/* Ends a sentence with the reason for it, where there is one. */
static char *
with_reason (char        *sentence,
             LockstepJson payload,
             const char  *member)
{
  g_autofree char *reason = dup_member (payload, member);
  g_autofree char *start = sentence;

  if (reason == NULL)
    return g_steal_pointer (&start);

  return g_strdup_printf (_ ("%s: %s"), start, reason);
}

/* What a person calls the event's step. */
static char *
dup_step (const LockstepEvent *event,
          LockstepPlan        *plan,
          LockstepJson         payload)
{
  LockstepStep *step = plan != NULL && event->step >= 0 ? lockstep_plan_get_step (plan, event->step) : NULL;
  char         *title;

  if (step != NULL && step->title != NULL)
    return g_strdup (step->title);
  if ((title = dup_member (payload, "title")) != NULL)
    return title;

  return g_strdup_printf ("%d", event->step);
}

static char *
dup_run_started (LockstepJson payload)
{
  gint64           n_solvers = get_int (payload, "solvers", 0);
  gint64           n_cpus = get_int (payload, "cpus", 0);
  g_autofree char *directory = dup_member (payload, "directory");
  g_autofree char *solvers = NULL;
  g_autofree char *cpus = NULL;

  solvers = g_strdup_printf (ngettext ("%d solver", "%d solvers", (gulong) n_solvers), (int) n_solvers);
  cpus = g_strdup_printf (ngettext ("%d CPU allowed", "%d CPUs allowed", (gulong) n_cpus), (int) n_cpus);

  if (get_boolean (payload, "resumed", FALSE))
    return g_strdup_printf (_ ("Resumed: %s, %s"), solvers, cpus);
  if (directory == NULL)
    return g_strdup_printf (_ ("Started: %s, %s"), solvers, cpus);

  return g_strdup_printf (_ ("Started: %s, %s, kept in %s"), solvers, cpus, directory);
}

static char *
dup_run_stopping (LockstepJson payload)
{
  LockstepJson towards = lockstep_json_get_member (payload, "towards");

  if (lockstep_json_is_string (towards, "terminated"))
    return with_reason (g_strdup (_ ("Terminating")), payload, "why");
  if (lockstep_json_is_string (towards, "failed"))
    return with_reason (g_strdup (_ ("Failed, stopping the solvers")), payload, "why");

  return g_strdup (_ ("All steps are done, stopping the solvers"));
}

static char *
dup_run_ended (LockstepJson payload)
{
  LockstepJson state = lockstep_json_get_member (payload, "state");

  if (lockstep_json_is_string (state, "terminated"))
    return g_strdup (_ ("Terminated: no process of the run is left"));
  if (lockstep_json_is_string (state, "failed"))
    return with_reason (g_strdup (_ ("Failed")), payload, "error");
  if (get_boolean (payload, "early", FALSE))
    return g_strdup (_ ("Finished; a loop was left by hand before its condition was reached"));
  if (!get_boolean (payload, "reached", TRUE))
    return g_strdup (_ ("Finished, but a loop was used up before its condition was reached"));

  return g_strdup (_ ("Finished"));
}

static char *
dup_command (LockstepJson command)
{
  g_autoptr (GString) line = g_string_new (NULL);
  LockstepJsonIter    iter;
  LockstepJson        value;

  lockstep_json_iter_init (&iter, command);
  while (lockstep_json_iter_next (&iter, NULL, &value))
    {
      g_autofree char *argument = lockstep_json_dup_string (value, NULL);

      if (line->len > 0)
        g_string_append_c (line, ' ');
      if (argument != NULL)
        g_string_append (line, argument);
    }

  return g_string_free (g_steal_pointer (&line), FALSE);
}

static char *
dup_solver_launched (LockstepJson payload)
{
  g_autofree char *host = dup_member (payload, "host");
  g_autofree char *command = dup_command (lockstep_json_get_member (payload, "command"));
  gint64           pid = get_int (payload, "pid", 0);

  if (pid > 0 && host != NULL)
    return g_strdup_printf (_ ("Launched on %s as process %d: %s"), host, (int) pid, command);
  if (host != NULL)
    return g_strdup_printf (_ ("Launched on %s: %s"), host, command);

  return g_strdup_printf (_ ("Launched: %s"), command);
}

static char *
dup_solver_ready (LockstepJson payload)
{
  g_autofree char *name = dup_member (payload, "name");

  if (name == NULL)
    return g_strdup (_ ("Ready"));

  return g_strdup_printf (_ ("Ready: %s"), name);
}

/* The reason says how it ended, and what it was stopped for. */
static char *
dup_solver_ended (LockstepJson payload)
{
  g_autofree char *duration = lockstep_duration_dup_text (get_double (payload, "seconds"));
  g_autofree char *sentence = NULL;
  gint64           killed = get_int (payload, "killed", 0);

  if (lockstep_json_get_kind (lockstep_json_get_member (payload, "not-started")) != LOCKSTEP_JSON_ABSENT)
    return with_reason (g_strdup (_ ("Could not be started")), payload, "why");

  sentence = with_reason (g_strdup_printf (_ ("Ended after %s"), duration), payload, "why");
  if (killed < 1)
    return g_steal_pointer (&sentence);

  return g_strdup_printf (ngettext ("%s; %d process had to be killed", "%s; %d processes had to be killed", (gulong) killed),
                          sentence, (int) killed);
}

static char *
dup_step_started (const LockstepEvent *event,
                  LockstepPlan        *plan,
                  LockstepJson         payload)
{
  g_autofree char *step = dup_step (event, plan, payload);
  gint64           n_tasks = get_int (payload, "tasks", 1);

  if (lockstep_json_count (lockstep_json_get_member (payload, "iterations")) > 0)
    return g_strdup_printf (ngettext ("Iteration %d: step “%s” started, %d task", "Iteration %d: step “%s” started, %d tasks", (gulong) n_tasks),
                            event->iteration, step, (int) n_tasks);

  return g_strdup_printf (ngettext ("Step “%s” started, %d task", "Step “%s” started, %d tasks", (gulong) n_tasks), step, (int) n_tasks);
}

static char *
dup_step_ended (const LockstepEvent *event,
                LockstepPlan        *plan,
                LockstepJson         payload)
{
  g_autofree char *step = dup_step (event, plan, payload);
  g_autofree char *duration = lockstep_duration_dup_text (get_double (payload, "seconds"));
  g_autofree char *waited = lockstep_duration_dup_text (get_double (payload, "waited"));

  return g_strdup_printf (_ ("Step “%s” done in %s; solvers waited %s at its barrier"), step, duration, waited);
}

static char *
dup_task_failed (const LockstepEvent *event,
                 LockstepPlan        *plan,
                 LockstepJson         payload)
{
  g_autofree char *step = dup_step (event, plan, payload);
  g_autofree char *line = dup_member (payload, "line");
  g_autofree char *sentence = NULL;

  sentence = with_reason (g_strdup_printf (_ ("Task %lld of step “%s” failed in attempt %d"), (long long) event->task, step, event->attempt),
                          payload, "reason");
  if (line == NULL || strstr (sentence, line) != NULL)
    return g_steal_pointer (&sentence);

  return g_strdup_printf (_ ("%s; its last line: %s"), sentence, line);
}

/* A barrier waits for a task. */
static char *
dup_task_late (const LockstepEvent *event,
               LockstepPlan        *plan,
               LockstepJson         payload)
{
  g_autofree char *step = dup_step (event, plan, payload);
  g_autofree char *elapsed = lockstep_duration_dup_text (get_double (payload, "elapsed"));
  g_autofree char *median = lockstep_duration_dup_text (get_double (payload, "median"));
  const gint64     n_idle = get_int (payload, "idle", 0);

  return g_strdup_printf (ngettext ("Late with task %lld of step “%s”: at it for %s, others took %s; %lld solver waits",
                                    "Late with task %lld of step “%s”: at it for %s, others took %s; %lld solvers wait",
                                    (gulong) n_idle),
                          (long long) event->task, step, elapsed, median, (long long) n_idle);
}

static char *
dup_loop_iterated (const LockstepEvent *event,
                   LockstepPlan        *plan,
                   LockstepJson         payload)
{
  g_autofree char *name = dup_member (payload, "name");
  LockstepStep    *loop = plan != NULL && event->step >= 0 ? lockstep_plan_get_step (plan, event->step) : NULL;
  const char      *until = loop != NULL && loop->until != NULL ? lockstep_condition_get_text (loop->until) : NULL;
  double           value;

  if (name == NULL || !lockstep_json_get_double (lockstep_json_get_member (payload, "value"), &value))
    return g_strdup_printf (_ ("Iteration %d done"), event->iteration);
  if (get_boolean (payload, "reached", FALSE))
    return g_strdup_printf (_ ("Iteration %d: %s is %.4g, which is what the loop ran for"), event->iteration, name, value);
  if (until != NULL)
    return g_strdup_printf (_ ("Iteration %d: %s is %.4g, until %s"), event->iteration, name, value, until);

  return g_strdup_printf (_ ("Iteration %d: %s is %.4g"), event->iteration, name, value);
}

static LockstepLevel
read_log_level (LockstepJson payload)
{
  LockstepJson level = lockstep_json_get_member (payload, "level");

  if (lockstep_json_is_string (level, "error"))
    return LOCKSTEP_LEVEL_ERROR;
  if (lockstep_json_is_string (level, "warning"))
    return LOCKSTEP_LEVEL_WARNING;
  if (lockstep_json_is_string (level, "debug"))
    return LOCKSTEP_LEVEL_DEBUG;

  return LOCKSTEP_LEVEL_INFO;
}

static char *
dup_log (LockstepJson payload)
{
  g_autofree char *text = lockstep_json_dup_string (lockstep_json_get_member (payload, "text"), NULL);

  if (text == NULL)
    return NULL;

  switch (read_log_level (payload))
    {
    case LOCKSTEP_LEVEL_ERROR:
      return g_strdup_printf (_ ("error: %s"), text);
    case LOCKSTEP_LEVEL_WARNING:
      return g_strdup_printf (_ ("warning: %s"), text);
    case LOCKSTEP_LEVEL_DEBUG:
    case LOCKSTEP_LEVEL_INFO:
    default:
      return g_steal_pointer (&text);
    }
}

LockstepLevel
lockstep_event_get_level (const LockstepEvent *event,
                          LockstepRunState     state)
{
  LockstepJson payload = lockstep_event_get_payload (event);

  switch (event->type)
    {
    case LOCKSTEP_EVENT_LOG:
      return read_log_level (payload);

    case LOCKSTEP_EVENT_TASK_LATE:
      return LOCKSTEP_LEVEL_WARNING;
    case LOCKSTEP_EVENT_TASK_FAILED:
      return get_boolean (payload, "final", TRUE) ? LOCKSTEP_LEVEL_ERROR : LOCKSTEP_LEVEL_WARNING;

    case LOCKSTEP_EVENT_RUN_STOPPING:
      return lockstep_json_is_string (lockstep_json_get_member (payload, "towards"), "failed") ? LOCKSTEP_LEVEL_ERROR : LOCKSTEP_LEVEL_INFO;

    case LOCKSTEP_EVENT_RUN_ENDED:
      if (lockstep_json_is_string (lockstep_json_get_member (payload, "state"), "failed"))
        return LOCKSTEP_LEVEL_ERROR;
      return get_boolean (payload, "reached", TRUE) || get_boolean (payload, "early", FALSE) ? LOCKSTEP_LEVEL_INFO : LOCKSTEP_LEVEL_WARNING;

    case LOCKSTEP_EVENT_RUN_PAUSED:
      return get_boolean (payload, "trouble", FALSE) ? LOCKSTEP_LEVEL_ERROR : LOCKSTEP_LEVEL_WARNING;

    case LOCKSTEP_EVENT_SOLVER_ENDED:
      /* In a run that is stopping they are told to end, and how they do it is their own affair. */
      return state == LOCKSTEP_RUN_STOPPING || get_int (payload, "exit", -1) == 0 ? LOCKSTEP_LEVEL_INFO : LOCKSTEP_LEVEL_WARNING;

    default:
      return LOCKSTEP_LEVEL_INFO;
    }
}

char *
lockstep_event_dup_who (const LockstepEvent *event)
{
  if (event->solver < 0)
    return g_strdup (_ ("run"));

  return g_strdup_printf (_ ("solver %d"), event->solver);
}

char *
lockstep_event_dup_text (const LockstepEvent *event,
                         LockstepPlan        *plan)
{
  LockstepJson payload;

  if (!lockstep_event_type_is_fact (event->type))
    return NULL;

  payload = lockstep_event_get_payload (event);

  switch (event->type)
    {
    case LOCKSTEP_EVENT_RUN_STARTED:
      return dup_run_started (payload);
    case LOCKSTEP_EVENT_RUN_STOPPING:
      return dup_run_stopping (payload);
    case LOCKSTEP_EVENT_RUN_PAUSED:
      return with_reason (g_strdup (_ ("Paused")), payload, "why");
    case LOCKSTEP_EVENT_RUN_CONTINUED:
      return g_strdup (_ ("Continued"));
    case LOCKSTEP_EVENT_RUN_FINISHING:
      return g_strdup (_ ("The tasks at work are finished, then the run stops, as wanted"));
    case LOCKSTEP_EVENT_RUN_ENDED:
      return dup_run_ended (payload);
    case LOCKSTEP_EVENT_SOLVER_LAUNCHED:
      return dup_solver_launched (payload);
    case LOCKSTEP_EVENT_SOLVER_STARTED:
      return g_strdup_printf (_ ("Started as process %d"), (int) get_int (payload, "pid", 0));
    case LOCKSTEP_EVENT_SOLVER_READY:
      return dup_solver_ready (payload);
    case LOCKSTEP_EVENT_SOLVER_STOPPING:
      return with_reason (g_strdup (_ ("Asked to stop")), payload, "why");
    case LOCKSTEP_EVENT_SOLVER_ENDED:
      return dup_solver_ended (payload);
    case LOCKSTEP_EVENT_STEP_STARTED:
      return dup_step_started (event, plan, payload);
    case LOCKSTEP_EVENT_STEP_ENDED:
      return dup_step_ended (event, plan, payload);
    case LOCKSTEP_EVENT_TASK_FAILED:
      return dup_task_failed (event, plan, payload);
    case LOCKSTEP_EVENT_TASK_LATE:
      return dup_task_late (event, plan, payload);
    case LOCKSTEP_EVENT_LOOP_ITERATED:
      return dup_loop_iterated (event, plan, payload);
    case LOCKSTEP_EVENT_LOOP_LEAVING:
      return g_strdup_printf (_ ("The loop is left after iteration %d, as wanted"), event->iteration);
    case LOCKSTEP_EVENT_LOG:
      return dup_log (payload);

    /* One for each part of each step: the steps' own sentences and the views tell it. */
    case LOCKSTEP_EVENT_TASK_STARTED:
    case LOCKSTEP_EVENT_TASK_ENDED:
    case LOCKSTEP_EVENT_PROGRESS:
    case LOCKSTEP_EVENT_USAGE:
    case LOCKSTEP_EVENT_OUTPUT:
    case LOCKSTEP_N_EVENTS:
    default:
      return NULL;
    }
}
