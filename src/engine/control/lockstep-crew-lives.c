/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-crew-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "lockstep-call-text.h"
#include "lockstep-json-writer.h"
#include "lockstep-memory.h"

/* initialize may fail so often in a row. */
#define MAX_FAILED_INITIALIZE 3

/* The longest pause before a solver is started again (s). */
#define LONGEST_PAUSE 60

static void
append_report (GString              *payload,
               const LockstepReport *report)
{
  static const char *const names[] = {
    [LOCKSTEP_EXIT_CODE] = "exit",
    [LOCKSTEP_EXIT_SIGNAL] = "signal",
    [LOCKSTEP_EXIT_NOT_STARTED] = "not-started",
    [LOCKSTEP_EXIT_UNKNOWN] = "unknown",
  };

  lockstep_json_append_name (payload, names[report->kind]);
  g_string_append_printf (payload, "%d,\"peak\":%" G_GUINT64_FORMAT ",\"killed\":%u,\"seconds\":",
                          report->number, report->peak_memory, report->killed);
  lockstep_json_append_double (payload, report->seconds);
  lockstep_json_append_name (payload, "cpu");
  lockstep_json_append_double (payload, report->cpu_seconds);
}

/* How far its log goes: what is in it behind that was printed by the next process, if there is one. */
static void
append_output (GString      *payload,
               LockstepCrew *self,
               guint         solver)
{
  g_autofree char *log = lockstep_crew_dup_log (self, solver);
  GStatBuf         status;

  if (g_stat (log, &status) == 0 && S_ISREG (status.st_mode))
    g_string_append_printf (payload, ",\"output\":%" G_GINT64_FORMAT, (gint64) status.st_size);
}

/* Whether the kernel has killed a process for want of memory since @member was launched. Each of its kills stands for one
 * death: it does not tell whom it killed, and a kill elsewhere on the machine must not explain the end of every solver. */
static gboolean
ran_out_of_memory (LockstepCrew   *self,
                   LockstepMember *member)
{
  const guint64 before = MAX (member->oom_kills, self->oom_kills);

  if (lockstep_memory_read_oom_kills () <= before)
    return FALSE;

  self->oom_kills = before + 1;
  return TRUE;
}

/* What a solver ended of, and the words for it. */
static LockstepDeath
judge (LockstepCrew         *self,
       LockstepMember       *member,
       const LockstepReport *report,
       const char           *why,
       char                **reason)
{
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (lockstep_run_get_plan (lockstep_record_get_run (self->record)));
  g_autofree char          *text = lockstep_report_dup_text (report);

  if (report->kind == LOCKSTEP_EXIT_NOT_STARTED)
    {
      *reason = g_strdup_printf (_ ("“%s” %s. Is its name right, is it executable, and is it in a folder of PATH?"),
                                 spec->command[0], text);
      return LOCKSTEP_DEATH_CRASH;
    }
  if (why != NULL)
    {
      *reason = g_strdup_printf ("%s (%s)", why, text);
      return member->ordered ? LOCKSTEP_DEATH_ORDERED : LOCKSTEP_DEATH_CRASH;
    }
  if (report->kind == LOCKSTEP_EXIT_SIGNAL && report->number == SIGKILL && ran_out_of_memory (self, member))
    {
      g_autofree char *peak = g_format_size_full (report->peak_memory, G_FORMAT_SIZE_DEFAULT);

      *reason = g_strdup_printf (_ ("%s, probably because memory had run out; it had used %s"), text, peak);
      return LOCKSTEP_DEATH_MEMORY;
    }

  *reason = g_steal_pointer (&text);
  return LOCKSTEP_DEATH_CRASH;
}

void
lockstep_crew_check_gone (LockstepCrew *self)
{
  if (self->n_alive == 0 && (self->stopping || lockstep_crew_get_n_members (self) == 0))
    g_signal_emit (self, lockstep_crew_signals[LOCKSTEP_CREW_GONE], 0);
}

void
lockstep_crew_put_out (LockstepCrew   *self,
                       LockstepMember *member,
                       const char     *reason)
{
  if (member->out)
    return;

  lockstep_crew_set_ready (self, member, FALSE);
  member->out = TRUE;
  self->n_members--;
  self->n_members_on[member->host]--;
  g_clear_handle_id (&member->restart_source, g_source_remove);
  g_signal_emit (self, lockstep_crew_signals[LOCKSTEP_CREW_OUT], 0, member->solver, reason);
}

static void
tell_launched (LockstepCrew         *self,
               LockstepMember       *member,
               const LockstepLaunch *launch)
{
  LockstepEvent event = lockstep_crew_event (LOCKSTEP_EVENT_SOLVER_LAUNCHED, member->solver);
  GString      *payload = g_string_new ("{");

  lockstep_json_append_string_member (payload, "host",
                                      lockstep_host_get_name (lockstep_crew_get_host (self, member->host)));
  lockstep_json_append_string_member (payload, "log", launch->output);
  lockstep_json_append_name (payload, "command");
  for (guint i = 0; launch->command[i] != NULL; i++)
    {
      g_string_append_c (payload, i == 0 ? '[' : ',');
      lockstep_json_append_string (payload, launch->command[i], -1);
    }
  g_string_append_c (payload, ']');
  lockstep_record_tell_payload (self->record, &event, payload);
}

void
lockstep_crew_launch_member (LockstepCrew   *self,
                             LockstepMember *member)
{
  LockstepRun              *run = lockstep_record_get_run (self->record);
  LockstepPlan             *plan = lockstep_run_get_plan (run);
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (plan);
  const char               *directory = lockstep_run_get_directory (run);
  const guint               index = lockstep_solver_get_index (member->solver);
  g_autofree char          *log = lockstep_crew_dup_log (self, index);
  g_autofree char          *name = directory != NULL ? g_path_get_basename (directory) : g_strdup ("");
  g_autoptr (GBytes)        params = NULL;
  g_autoptr (GError)        error = NULL;
  const LockstepLaunch      launch = {
         .command = (const char *const *) spec->command,
         .env = (const char *const *) spec->env,
         .directory = spec->directory,
         .output = log,
         .threads = spec->threads,
         .nice = lockstep_plan_get_nice (plan),
         .grace = self->grace,
  };

  tell_launched (self, member, &launch);
  /* Until it is ready, it is one that failed to. */
  member->n_failed_initialize++;
  member->oom_kills = lockstep_memory_read_oom_kills ();
  params = lockstep_call_text_new_initialize (plan, index, name, directory != NULL ? directory : spec->directory);
  if (lockstep_solver_launch (member->solver, lockstep_crew_get_host (self, member->host), &launch, params,
                              lockstep_plan_get_initialize_timeout (plan), &error))
    self->n_alive++;
  else
    lockstep_crew_put_out (self, member, error->message);
}

static gboolean
launch_again (gpointer data)
{
  LockstepMember *member = data;

  member->restart_source = 0;
  if (member->crew->paused || member->crew->n_holds > 0)
    member->launch_due = TRUE;
  else
    lockstep_crew_launch_member (member->crew, member);
  return G_SOURCE_REMOVE;
}

/* Starts a solver that has ended again: at once, then after 1, 2, 4… seconds. */
static void
schedule_launch (LockstepMember *member)
{
  const guint pause = member->n_crashes <= 1 ? 0 : MIN (1u << MIN (member->n_crashes - 2, 10), LONGEST_PAUSE);

  member->restart_source = g_timeout_add (pause * 1000, launch_again, member);
}

gboolean
lockstep_crew_renew (LockstepCrew   *self,
                     LockstepSolver *solver,
                     const char     *why,
                     GError        **error)
{
  LockstepMember *member = lockstep_crew_get_member (self, solver);
  const guint     index = lockstep_solver_get_index (solver);

  if (member->out)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _ ("Solver %u stays out of this run: the log says why."), index);
      return FALSE;
    }
  if (lockstep_solver_get_state (solver) == LOCKSTEP_SOLVER_TERMINATING)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("Solver %u is being stopped already."), index);
      return FALSE;
    }

  member->n_crashes = 0;
  if (lockstep_solver_get_state (solver) != LOCKSTEP_SOLVER_DEAD)
    {
      lockstep_crew_restart (self, solver, LOCKSTEP_STOP_TERMINATE, why);
    }
  else if (member->restart_source != 0)
    {
      g_clear_handle_id (&member->restart_source, g_source_remove);
      launch_again (member);
    }

  return TRUE;
}

void
lockstep_crew_ended_cb (LockstepSolver       *solver,
                        const LockstepReport *report,
                        const char           *why,
                        gpointer              user_data)
{
  g_autoptr (LockstepCrew) self = g_object_ref (user_data);
  LockstepMember          *member = lockstep_crew_get_member (self, solver);
  const gboolean           was_ready = member->n_failed_initialize == 0;
  g_autofree char         *reason = NULL;
  const LockstepDeath      death = judge (self, member, report, why, &reason);
  LockstepEvent            event = lockstep_crew_event (LOCKSTEP_EVENT_SOLVER_ENDED, solver);
  GString                 *payload = g_string_new ("{");

  lockstep_crew_set_ready (self, member, FALSE);
  append_report (payload, report);
  append_output (payload, self, (guint) event.solver);
  lockstep_json_append_string_member (payload, "why", reason);
  lockstep_sampler_remove (self->sampler, (guint) event.solver);
  lockstep_record_tell_payload (self->record, &event, payload);

  self->n_alive--;
  if (death == LOCKSTEP_DEATH_ORDERED)
    {
      /* What it is started for has not failed. */
      member->n_failed_initialize = 0;
    }
  else
    {
      member->n_crashes++;
    }
  member->ordered = FALSE;
  g_signal_emit (self, lockstep_crew_signals[LOCKSTEP_CREW_ENDED], 0, solver, death,
                 report->kind == LOCKSTEP_EXIT_SIGNAL && why == NULL ? report->number : 0, reason);

  if (!self->stopping && !member->out)
    {
      if (report->kind == LOCKSTEP_EXIT_NOT_STARTED || (!was_ready && member->n_failed_initialize >= MAX_FAILED_INITIALIZE))
        lockstep_crew_put_out (self, member, reason);
      else
        schedule_launch (member);
    }
  lockstep_crew_check_gone (self);
}
