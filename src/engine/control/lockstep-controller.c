/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "lockstep-json-writer.h"
#include "lockstep-local-host.h"
#include "lockstep-plan-changes.h"
#include "lockstep-run-private.h"
#include "lockstep-tail.h"

/* Seconds that solvers have to go, unless the options say otherwise. */
#define DEFAULT_GRACE 5.0

/* Lines of a dead solver's output that the run's error shows. */
#define LAST_LINES 10

G_DEFINE_FINAL_TYPE (LockstepController, lockstep_controller, G_TYPE_OBJECT)

/* Ends the run when nothing of it is left. */
static void
close_run (LockstepController *self)
{
  LockstepEvent event;
  GString      *payload;

  if (self->closed || self->n_reading > 0 || lockstep_crew_get_n_alive (self->crew) > 0)
    return;

  self->closed = TRUE;
  g_clear_object (&self->reservation);
  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_ENDED);
  payload = g_string_new ("{");
  lockstep_json_append_string_member (payload, "state", lockstep_run_state_to_name (self->towards));
  if (self->error != NULL)
    lockstep_json_append_string_member (payload, "error", self->error->str);
  if (self->towards == LOCKSTEP_RUN_FINISHED)
    g_string_append_printf (payload, ",\"reached\":%s", lockstep_run_get_reached (self->run) ? "true" : "false");
  if (self->towards == LOCKSTEP_RUN_FINISHED && lockstep_run_get_left_early (self->run))
    g_string_append (payload, ",\"early\":true");
  g_string_append_c (payload, '}');
  event.payload = g_string_free_to_bytes (payload);
  lockstep_record_close (self->record, &event);
}

void
lockstep_controller_end (LockstepController *self,
                         LockstepRunState    towards,
                         LockstepStop        how,
                         const char         *why)
{
  LockstepEvent event;
  GString      *payload;

  if (self->preparing)
    {
      self->terminated_early = TRUE;
      return;
    }
  if (self->towards != LOCKSTEP_RUN_IDLE)
    return;

  self->towards = towards;
  if (towards == LOCKSTEP_RUN_FAILED)
    self->error = g_string_new (why);

  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_STOPPING);
  payload = g_string_new ("{");
  lockstep_json_append_string_member (payload, "towards", lockstep_run_state_to_name (towards));
  lockstep_json_append_string_member (payload, "why", why);
  lockstep_json_append_name (payload, "grace");
  lockstep_json_append_double (payload, how == LOCKSTEP_STOP_KILL ? 0 : self->grace);
  lockstep_record_tell_payload (self->record, &event, payload);

  g_clear_handle_id (&self->check_source, g_source_remove);
  lockstep_stepper_stop (self->stepper);
  if (self->trees_paused)
    lockstep_crew_set_paused (self->crew, FALSE);
  lockstep_crew_stop (self->crew, how, why);
  close_run (self);
}

void
lockstep_controller_fail (LockstepController *self,
                          const char         *why)
{
  lockstep_controller_end (self, LOCKSTEP_RUN_FAILED, LOCKSTEP_STOP_ASK, why);
}

void
lockstep_controller_tell_looped (const LockstepLooped *looped,
                                 gpointer              user_data)
{
  LockstepController *self = user_data;
  LockstepEvent       event;
  GString            *payload = g_string_new ("{");
  gint64              back;

  back = self->resumption != NULL ? lockstep_resumption_take_back (self->resumption) : -1;
  lockstep_event_init (&event, LOCKSTEP_EVENT_LOOP_ITERATED);
  event.step = (int) looped->loop->index;
  event.iteration = (int) looped->iteration;
  lockstep_json_append_int_member (payload, "repeat", looped->loop->repeat);
  lockstep_json_append_boolean_member (payload, "reached", looped->reached);
  lockstep_json_append_boolean_member (payload, "left", looped->left);
  if (back >= 0)
    lockstep_json_append_int_member (payload, "back", back);
  if (!isnan (looped->value))
    {
      lockstep_json_append_string_member (payload, "name", lockstep_condition_get_name (looped->loop->until));
      lockstep_json_append_name (payload, "value");
      lockstep_json_append_double (payload, looped->value);
    }
  lockstep_record_tell_payload (self->record, &event, payload);
}

/* Begins the step that the sequence stands at, or goes on with it where the run is resumed in it. */
static void
begin_step (LockstepController *self)
{
  g_autoptr (LockstepResumption) resumption = g_steal_pointer (&self->resumption);
  GArray                        *again = NULL;
  const gint64                   first = resumption != NULL ? lockstep_resumption_get_first (resumption, &again) : -1;

  self->stepping = TRUE;
  if (first >= 0)
    lockstep_stepper_begin_again (self->stepper, self->sequence, first, again);
  else
    lockstep_stepper_begin (self->stepper, self->sequence);
}

/* Begins the step that the sequence stands at when it can be, or ends the run that has done them all. An `all` step has
 * a part for each solver, so that it waits until it is known how many there are. */
void
lockstep_controller_go_on (LockstepController *self)
{
  LockstepStep *step = lockstep_sequence_get_step (self->sequence);

  if (self->stepping || self->paused || self->towards != LOCKSTEP_RUN_IDLE)
    return;

  if (step == NULL)
    {
      lockstep_controller_end (self, LOCKSTEP_RUN_FINISHED, LOCKSTEP_STOP_ASK, _ ("The run is over."));
    }
  else if (self->finishing)
    {
      lockstep_controller_end (self, LOCKSTEP_RUN_TERMINATED, LOCKSTEP_STOP_ASK,
                               _ ("Its tasks were finished first, as wanted."));
    }
  else if (lockstep_crew_get_n_members (self->crew) > 0 && (step->kind != LOCKSTEP_STEP_ALL || lockstep_crew_is_settled (self->crew)))
    {
      begin_step (self);
    }
}

/* The barrier was passed, or the tasks at work were the last to be done. */
static void
over_cb (LockstepStepper *stepper,
         gpointer         user_data)
{
  LockstepController *self = user_data;
  g_autoptr (GError)  error = NULL;

  self->stepping = FALSE;
  if (!lockstep_stepper_has_step (stepper) &&
      !lockstep_sequence_advance (self->sequence, lockstep_run_get_last_one (self->run), lockstep_controller_tell_looped,
                                  self, &error))
    lockstep_controller_fail (self, error->message);
  else
    lockstep_controller_go_on (self);
}

static void
failed_cb (LockstepStepper *stepper,
           LockstepSolver  *solver,
           const char      *why,
           gpointer         user_data)
{
  lockstep_controller_fail (user_data, why);
}

static void
ready_cb (LockstepCrew   *crew,
          LockstepSolver *solver,
          gpointer        user_data)
{
  lockstep_controller_go_on (user_data);
}

/* A solver that is out, while what it printed last is read. */
typedef struct
{
  LockstepController *self;
  char               *reason; /* with the solver's number */
} Out;

/* With no solver left, the run fails with all their reasons. */
static void
last_lines_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Out                           *out = user_data;
  g_autoptr (LockstepController) self = out->self;
  g_autofree char               *lines = lockstep_tail_read_last_finish (result, NULL);

  if (self->outs->len > 0)
    g_string_append_c (self->outs, '\n');
  g_string_append (self->outs, out->reason);
  if (lines != NULL && *g_strchomp (lines) != '\0')
    g_string_append_printf (self->outs, _ ("\nThe last lines it printed:\n%s"), lines);
  g_free (out->reason);
  g_free (out);

  if (--self->n_reading == 0 && lockstep_crew_get_n_members (self->crew) == 0)
    {
      lockstep_controller_fail (self, self->outs->str);
      close_run (self);
    }
  else
    {
      lockstep_controller_go_on (self);
    }
}

static void
out_cb (LockstepCrew   *crew,
        LockstepSolver *solver,
        const char     *reason,
        gpointer        user_data)
{
  LockstepController           *self = user_data;
  const guint                   index = lockstep_solver_get_index (solver);
  g_autoptr (LockstepRunSolver) row = g_list_model_get_item (lockstep_run_get_solvers (self->run), index);
  g_autofree char              *text = NULL;
  Out                          *out;

  if (self->towards != LOCKSTEP_RUN_IDLE)
    return;

  text = g_strdup_printf (_ ("It stays out: %s"), reason);
  lockstep_record_log (self->record, (int) index, "warning", text);

  out = g_new0 (Out, 1);
  out->self = g_object_ref (self);
  out->reason = g_strdup_printf (_ ("Solver %u: %s"), index, reason);
  self->n_reading++;
  lockstep_tail_read_last_async (lockstep_run_solver_get_log (row), LAST_LINES, NULL, last_lines_cb, out);
}

static void
gone_cb (LockstepCrew *crew,
         gpointer      user_data)
{
  LockstepController *self = user_data;

  if (self->towards != LOCKSTEP_RUN_IDLE)
    close_run (self);
}

static void
lockstep_controller_dispose (GObject *object)
{
  LockstepController *self = LOCKSTEP_CONTROLLER (object);

  g_clear_handle_id (&self->check_source, g_source_remove);
  if (self->stepper != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->stepper, self);
      g_signal_handlers_disconnect_by_data (self->crew, self);
      g_signal_handlers_disconnect_by_data (self->record, self);
    }
  g_clear_object (&self->stepper);
  g_clear_object (&self->crew);
  g_clear_object (&self->record);
  g_clear_object (&self->reservation);
  g_clear_object (&self->preflight);
  g_clear_object (&self->run);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (lockstep_controller_parent_class)->dispose (object);
}

static void
lockstep_controller_finalize (GObject *object)
{
  LockstepController *self = LOCKSTEP_CONTROLLER (object);

  g_clear_pointer (&self->sequence, lockstep_sequence_free);
  g_clear_pointer (&self->resumption, lockstep_resumption_free);
  g_clear_pointer (&self->lock, lockstep_run_lock_free);
  g_clear_pointer (&self->complaints, g_ptr_array_unref);
  if (self->error != NULL)
    g_string_free (self->error, TRUE);
  g_string_free (self->outs, TRUE);
  g_free (self->trouble);
  g_free (self->runs_directory);

  G_OBJECT_CLASS (lockstep_controller_parent_class)->finalize (object);
}

static void
lockstep_controller_class_init (LockstepControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_controller_dispose;
  object_class->finalize = lockstep_controller_finalize;
}

static void
lockstep_controller_init (LockstepController *self)
{
  self->towards = LOCKSTEP_RUN_IDLE;
  self->outs = g_string_new (NULL);
}

static LockstepController *
new_for_run (LockstepRun                     *run,
             const LockstepControllerOptions *options)
{
  LockstepController   *self = g_object_new (LOCKSTEP_TYPE_CONTROLLER, NULL);
  LockstepPlan         *plan = lockstep_run_get_plan (run);
  GPtrArray            *specs = lockstep_plan_get_hosts (plan);
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_object_unref);
  self->grace = DEFAULT_GRACE;
  if (options != NULL)
    {
      self->runs_directory = g_strdup (options->runs_directory);
      self->no_record = options->no_record;
      self->elsewhere = options->host != NULL;
      if (options->grace > 0)
        self->grace = options->grace;
    }

  for (guint i = 0; i < specs->len; i++)
    {
      const LockstepHostSpec *spec = g_ptr_array_index (specs, i);

      g_ptr_array_add (hosts, self->elsewhere ? g_object_ref (options->host)
                                              : lockstep_local_host_new (spec->name, (const char *const *) spec->env));
    }

  self->plan = g_object_ref (plan);
  self->run = g_object_ref (run);
  self->record = lockstep_record_new (self->run);
  self->crew = lockstep_crew_new (self->record, hosts, self->grace);
  self->sequence = lockstep_sequence_new (plan);
  lockstep_controller_heed_record (self);
  self->stepper = lockstep_stepper_new (self->record, self->crew);
  g_signal_connect (self->crew, "ready", G_CALLBACK (ready_cb), self);
  g_signal_connect (self->crew, "out", G_CALLBACK (out_cb), self);
  g_signal_connect (self->crew, "gone", G_CALLBACK (gone_cb), self);
  g_signal_connect (self->stepper, "over", G_CALLBACK (over_cb), self);
  g_signal_connect (self->stepper, "failed", G_CALLBACK (failed_cb), self);

  return self;
}

LockstepController *
lockstep_controller_new (LockstepPlan                    *plan,
                         const LockstepControllerOptions *options)
{
  g_autoptr (LockstepRun) run = lockstep_run_new (plan);

  return new_for_run (run, options);
}

LockstepController *
lockstep_controller_new_resume (LockstepPastRun                 *past,
                                LockstepPlan                    *plan,
                                const LockstepResumeOptions     *what,
                                const LockstepControllerOptions *options,
                                GError                         **error)
{
  LockstepRun                   *run = lockstep_past_run_get_run (past);
  g_autoptr (LockstepPlan)       next = NULL;
  g_autoptr (LockstepResumption) resumption = NULL;
  LockstepController            *self;

  next = plan != NULL ? g_object_ref (plan) : lockstep_past_run_load_plan (past, NULL, NULL, error);
  if (next == NULL || !lockstep_plan_changes_check (lockstep_run_get_plan (run), next, error) ||
      !(resumption = lockstep_resumption_new (past, next, what, error)))
    return NULL;

  lockstep_run_set_plan (run, next);
  lockstep_run_reopen (run);
  self = new_for_run (run, options);
  g_free (self->runs_directory);
  self->runs_directory = g_path_get_dirname (lockstep_run_get_directory (run));
  self->lock = lockstep_past_run_steal_lock (past);
  self->journal_end = lockstep_past_run_get_end (past);
  self->n_past = lockstep_past_run_get_n_events (past);
  self->complaints = g_ptr_array_ref (lockstep_past_run_get_complaints (past));
  self->resumption = g_steal_pointer (&resumption);

  return self;
}

LockstepRun *
lockstep_controller_get_run (LockstepController *self)
{
  return self->run;
}

LockstepRecord *
lockstep_controller_get_record (LockstepController *self)
{
  return self->record;
}

void
lockstep_controller_terminate (LockstepController *self,
                               LockstepStop        how)
{
  g_return_if_fail (self->started);

  if (self->closed)
    lockstep_record_give_up (self->record);
  else if (self->towards == LOCKSTEP_RUN_IDLE)
    lockstep_controller_end (self, LOCKSTEP_RUN_TERMINATED, how, _ ("Terminated."));
  else
    lockstep_crew_stop (self->crew, how, _ ("Terminated."));
}

void
lockstep_controller_stop_iterating (LockstepController *self)
{
  LockstepStep *loop = lockstep_sequence_get_loop (self->sequence);
  LockstepEvent event;

  if (!self->started || self->preparing || self->towards != LOCKSTEP_RUN_IDLE || loop == NULL ||
      !lockstep_sequence_leave_loop (self->sequence, loop))
    return;

  lockstep_event_init (&event, LOCKSTEP_EVENT_LOOP_LEAVING);
  event.step = (int) loop->index;
  event.iteration = (int) lockstep_sequence_get_iteration (self->sequence);
  lockstep_record_tell (self->record, &event);
}

void
lockstep_controller_finish_tasks (LockstepController *self)
{
  LockstepEvent event;

  if (!self->started || self->towards != LOCKSTEP_RUN_IDLE)
    return;

  if (self->stepping && !self->finishing)
    {
      lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_FINISHING);
      lockstep_record_tell (self->record, &event);
    }
  self->finishing = TRUE;
  if (self->stepping)
    lockstep_stepper_finish (self->stepper);
  lockstep_controller_continue (self);
  lockstep_controller_go_on (self);
}

gboolean
lockstep_controller_act_on_late (LockstepController *self,
                                 gint64              task,
                                 LockstepLateAction  action,
                                 GError            **error)
{
  return lockstep_stepper_act_on_late (self->stepper, task, action, error);
}

gboolean
lockstep_controller_restart (LockstepController *self,
                             guint               solver,
                             GError            **error)
{
  if (!self->started || self->preparing)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The run is not at work yet."));
  else if (self->towards != LOCKSTEP_RUN_IDLE)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The run is stopping: nothing is begun any more."));
  else if (self->finishing)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The run finishes the tasks at work: nothing is begun any more."));
  else
    return lockstep_stepper_restart (self->stepper, solver, error);

  return FALSE;
}
