/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-stepper-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-json-writer.h"
#include "lockstep-peer.h"
#include "lockstep-run-folder.h"
#include "lockstep-tail.h"

/* Lines of a dead solver's output that a failure shows. */
#define LAST_LINES 10

/* A turn whose solver died, while its last lines are read, and whether its disk is full. */
typedef struct
{
  LockstepStepper *self;
  LockstepSolver  *solver;
  guint            serial;     /* of the batch that the turn is of */
  guint            n_troubles; /* before the turn came to nothing */
  LockstepTurn     turn;
  const char      *cause;
  int              number; /* of the signal that killed it; 0 for none */
  gboolean         charged;
  char            *reason;
  char            *lines;     /* the last ones; NULL for none */
  char            *directory; /* of the run; NULL where nothing is kept */
} Death;

/* "step assign, part 3 of 4, iteration 112": where @turn stands, for people. */
static char *
dup_where (LockstepStepper    *self,
           const LockstepTurn *turn)
{
  LockstepStep *step = lockstep_batch_get_step (self->batch);
  GString      *out = g_string_new (NULL);

  g_string_printf (out, _ ("step %s"), step->title);
  if (step->kind == LOCKSTEP_STEP_ALL)
    g_string_append_printf (out, _ (", part %u of %u"), turn->index + 1, lockstep_batch_get_n_tasks (self->batch));
  if (step->kind == LOCKSTEP_STEP_TASKS)
    g_string_append_printf (out, _ (", task %u"), turn->index);
  if (lockstep_sequence_get_iteration (self->sequence) > 1)
    g_string_append_printf (out, _ (", iteration %u"), lockstep_sequence_get_iteration (self->sequence));

  return g_string_free (out, FALSE);
}

/* Whether more tasks have failed than the step puts up with. */
static gboolean
is_given_up (LockstepStepper *self)
{
  const LockstepPolicy *policy = &lockstep_batch_get_step (self->batch)->policy;
  const guint           n_failed = lockstep_batch_get_n_failed (self->batch);

  return (policy->give_up_count >= 0 && n_failed > policy->give_up_count) || (policy->give_up_share >= 0 && n_failed > policy->give_up_share * lockstep_batch_get_n_tasks (self->batch));
}

/* Stops the solvers of @host for good. */
static void
set_aside (LockstepStepper *self,
           guint            host)
{
  const guint      n_solvers = lockstep_crew_get_n_solvers (self->crew);
  const char      *name = lockstep_host_get_name (lockstep_crew_get_host (self->crew, host));
  g_autofree char *text = NULL;
  g_autofree char *why = NULL;

  text = g_strdup_printf (_ ("The host %s is set aside: its first %u tasks all failed, while tasks on other hosts did not. "
                             "The last one: %s"),
                          name, LOCKSTEP_HOST_SCORE_TRIALS, lockstep_host_score_get_reason (self->scores, host));
  lockstep_record_log (self->record, -1, "warning", text);

  why = g_strdup_printf (_ ("The host %s was set aside."), name);
  lockstep_stepper_count_waiting (self, g_get_monotonic_time ());
  for (guint i = 0; i < n_solvers; i++)
    if (lockstep_crew_get_host_of (self->crew, i) == host)
      lockstep_crew_dismiss (self->crew, lockstep_crew_get_solver (self->crew, i), why);
}

void
lockstep_stepper_score_host (LockstepStepper *self,
                             LockstepSolver  *solver,
                             const char      *reason)
{
  const guint n_hosts = lockstep_crew_get_n_hosts (self->crew);
  const guint own = lockstep_crew_get_host_of (self->crew, lockstep_solver_get_index (solver));

  if (n_hosts == 1)
    return;

  if (reason == NULL)
    lockstep_host_score_succeed (self->scores, own);
  else
    lockstep_host_score_fail (self->scores, own, reason);

  for (guint host = 0; host < n_hosts; host++)
    {
      const guint n_members = lockstep_crew_get_n_members_on (self->crew, host);

      if (n_members > 0 && n_members < lockstep_crew_get_n_members (self->crew) &&
          lockstep_host_score_is_bad (self->scores, host))
        set_aside (self, host);
    }
}

void
lockstep_stepper_handle_failure (LockstepStepper    *self,
                                 LockstepSolver     *solver,
                                 const LockstepTurn *turn,
                                 const char         *cause,
                                 int                 number,
                                 const char         *reason,
                                 const char         *lines,
                                 gboolean            charged)
{
  const guint      index = lockstep_solver_get_index (solver);
  g_autofree char *where = dup_where (self, turn);
  g_autofree char *why = NULL;
  LockstepEvent    event = lockstep_stepper_new_turn_event (self, LOCKSTEP_EVENT_TASK_FAILED, index, turn);
  GString         *payload = g_string_new (NULL);
  LockstepFailed   failed;
  const char      *last_line = NULL;

  lockstep_stepper_count_waiting (self, g_get_monotonic_time ());
  failed = lockstep_batch_fail (self->batch, turn, g_str_equal (cause, LOCKSTEP_CAUSE_ASKED) ? LOCKSTEP_BATCH_NOBODY : index,
                                charged, g_str_equal (cause, "skipped"));
  g_string_printf (payload, "{\"final\":%s", failed == LOCKSTEP_FAILED_FINAL ? "true" : "false");
  lockstep_json_append_string_member (payload, "cause", cause);
  if (number != 0)
    lockstep_json_append_int_member (payload, "signal", number);
  lockstep_json_append_string_member (payload, "reason", reason);
  if (lines != NULL)
    {
      last_line = strrchr (lines, '\n');
      lockstep_json_append_string_member (payload, "line", last_line != NULL ? last_line + 1 : lines);
    }
  lockstep_record_tell_payload (self->record, &event, payload);

  if (charged && failed != LOCKSTEP_FAILED_RIVAL && !g_str_equal (cause, "skipped"))
    lockstep_stepper_score_host (self, solver, reason);

  if (failed == LOCKSTEP_FAILED_FINAL)
    lockstep_stepper_cancel_rival (self, turn->task, index);

  if (failed == LOCKSTEP_FAILED_FINAL && lockstep_batch_get_step (self->batch)->policy.stop_on_failure)
    {
      why = g_strdup_printf (_ ("Solver %u failed in %s: %s"), index, where, reason);
      if (lines != NULL)
        {
          g_autofree char *short_why = g_steal_pointer (&why);

          why = g_strdup_printf (_ ("%s\nThe last lines it printed:\n%s"), short_why, lines);
        }
      lockstep_stepper_fail (self, solver, why);
    }
  else if (failed == LOCKSTEP_FAILED_FINAL && is_given_up (self))
    {
      why = g_strdup_printf (_ ("%u of %u tasks of step %s have failed, more than the plan's “give-up” allows. "
                                "The last one: %s"),
                             lockstep_batch_get_n_failed (self->batch), lockstep_batch_get_n_tasks (self->batch),
                             lockstep_batch_get_step (self->batch)->title, reason);
      lockstep_stepper_fail (self, solver, why);
    }
  else if (failed == LOCKSTEP_FAILED_RETRY)
    {
      lockstep_stepper_give_all (self);
    }
}

/* Whether the disk failed the run while @solver was at its turn. */
static gboolean
is_excused (LockstepStepper *self,
            LockstepSolver  *solver)
{
  return g_hash_table_contains (self->excused, GUINT_TO_POINTER (lockstep_solver_get_index (solver) + 1));
}

/* A program that could not write may well fail for that. Our own adapter is believed that the disk is full; any other solver
 * could keep a run busy for ever with it. */
void
lockstep_stepper_handle_error (LockstepStepper    *self,
                               LockstepSolver     *solver,
                               const LockstepTurn *turn,
                               const GError       *error)
{
  LockstepPlan  *plan = lockstep_run_get_plan (lockstep_record_get_run (self->record));
  const gboolean charged = !is_excused (self, solver) &&
                           (lockstep_plan_get_program (plan) == NULL ||
                            !g_error_matches (error, LOCKSTEP_PEER_ERROR, LOCKSTEP_PEER_ERROR_NO_ROOM));
  g_autofree char *reason = NULL;

  if (!charged)
    {
      reason = g_strdup_printf (_ ("%s\nIts disk is full, so this attempt does not count."), error->message);
      lockstep_record_retry (self->record);
    }
  lockstep_stepper_handle_failure (self, solver, turn, "step-error", 0, charged ? error->message : reason, NULL, charged);
}

static void
death_free (Death *death)
{
  g_object_unref (death->self);
  g_object_unref (death->solver);
  g_free (death->reason);
  g_free (death->lines);
  g_free (death->directory);
  g_free (death);
}

static void
settle_death (Death *death)
{
  LockstepStepper *self = death->self;

  self->n_reading--;
  /* A rival may have passed the barrier meanwhile. */
  if (!self->stopped && self->batch != NULL && self->serial == death->serial)
    {
      lockstep_stepper_handle_failure (self, death->solver, &death->turn, death->cause, death->number, death->reason, death->lines,
                                       death->charged);
      lockstep_stepper_check_over (self);
    }
  lockstep_crew_release (self->crew);
  death_free (death);
}

/* A program that could not print may well end for that; the journal is told to look, so that the run waits for room. */
static void
room_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Death           *death = user_data;
  g_autofree char *reason = NULL;

  if (!lockstep_run_folder_look_for_room_finish (result) || death->self->n_troubles != death->n_troubles)
    {
      reason = g_steal_pointer (&death->reason);
      death->reason = g_strdup_printf (_ ("%s Its disk is full, so this attempt does not count."), reason);
      death->charged = FALSE;
      lockstep_record_retry (death->self->record);
    }
  settle_death (death);
}

static void
last_lines_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Death           *death = user_data;
  g_autofree char *lines = lockstep_tail_read_last_finish (result, NULL);

  if (lines != NULL && *g_strchomp (lines) != '\0')
    death->lines = g_steal_pointer (&lines);
  if (death->charged && death->directory != NULL)
    lockstep_run_folder_look_for_room_async (death->directory, room_cb, death);
  else
    settle_death (death);
}

/* A solver that memory ran out for is one too many, unless it is the last: its task failed through no fault of its own. */
static gboolean
lower_number (LockstepStepper *self,
              LockstepSolver  *solver)
{
  const guint      n_members = lockstep_crew_get_n_members (self->crew);
  g_autofree char *text = NULL;

  if (n_members <= 1)
    return FALSE;

  text = g_strdup_printf (ngettext ("Memory ran out with %u solver at work.", "Memory ran out with %u solvers at work.", n_members),
                          n_members);
  lockstep_record_log (self->record, (int) lockstep_solver_get_index (solver), "warning", text);
  lockstep_crew_dismiss (self->crew, solver, text);
  return TRUE;
}

void
lockstep_stepper_handle_death (LockstepStepper *self,
                               LockstepSolver  *solver,
                               LockstepDeath    how,
                               int              number,
                               const char      *reason)
{
  const guint                   index = lockstep_solver_get_index (solver);
  g_autoptr (LockstepRunSolver) row = NULL;
  Death                        *death;
  LockstepTurn                  turn;

  if (!lockstep_batch_get_turn (self->batch, index, &turn))
    return;

  lockstep_stepper_count_waiting (self, g_get_monotonic_time ());
  lockstep_batch_pop (self->batch, index, &turn);
  lockstep_batch_give_back (self->batch, index);

  death = g_new0 (Death, 1);
  death->self = g_object_ref (self);
  death->solver = g_object_ref (solver);
  death->serial = self->serial;
  death->n_troubles = self->n_troubles - (is_excused (self, solver) ? 1 : 0);
  death->turn = turn;
  death->cause = how == LOCKSTEP_DEATH_MEMORY ? "memory" : "crash";
  death->number = number;
  death->charged = how == LOCKSTEP_DEATH_CRASH || (how == LOCKSTEP_DEATH_MEMORY && !lower_number (self, solver));
  death->reason = g_strdup (reason);
  death->directory = g_strdup (lockstep_run_get_directory (lockstep_record_get_run (self->record)));
  self->n_reading++;
  lockstep_crew_hold (self->crew);

  row = g_list_model_get_item (lockstep_run_get_solvers (lockstep_record_get_run (self->record)), index);
  lockstep_tail_read_last_async (lockstep_run_solver_get_log (row), LAST_LINES, NULL, last_lines_cb, death);
}
