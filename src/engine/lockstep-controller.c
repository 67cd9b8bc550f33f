/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

#include "lockstep-cpus.h"
#include "lockstep-crew.h"
#include "lockstep-json-writer.h"
#include "lockstep-local-host.h"
#include "lockstep-record.h"
#include "lockstep-sequence.h"
#include "lockstep-stepper.h"
#include "lockstep-tail.h"

/* Seconds that solvers have to go, unless the options say otherwise. */
#define DEFAULT_GRACE 5.0

/* Lines of a dead solver's output that the run's error shows. */
#define LAST_LINES 10

/* How often clocks are looked at (ms), and below drawing. */
#define CHECK_INTERVAL 100
#define CHECK_PRIORITY 150

struct _LockstepController
{
  GObject parent_instance;

  LockstepPlan     *plan;
  LockstepRun      *run;
  LockstepRecord   *record;
  LockstepCrew     *crew;
  LockstepStepper  *stepper;
  LockstepSequence *sequence;
  char             *runs_directory; /* where runs are kept; NULL for the usual place */
  gboolean          no_record;

  gboolean         started;
  gboolean         stepping; /* the stepper is at a step */
  gboolean         paused;
  gboolean         trees_paused; /* and the processes stand still */
  gboolean         finishing;    /* tasks at work are finished, then the run is terminated */
  guint            check_source;
  LockstepRunState towards;   /* FINISHED, FAILED or TERMINATED once the end has begun; IDLE before */
  GString         *error;     /* why it failed; NULL when it did not */
  GString         *outs;      /* why solvers are out, a line each */
  guint            n_reading; /* last lines that are being read for it */
  gboolean         closed;    /* the last event was told */
};

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
  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_ENDED);
  payload = g_string_new ("{");
  lockstep_json_append_string_member (payload, "state", lockstep_run_state_to_name (self->towards));
  if (self->error != NULL)
    lockstep_json_append_string_member (payload, "error", self->error->str);
  g_string_append_printf (payload, ",\"reached\":%s}", lockstep_run_get_reached (self->run) ? "true" : "false");
  event.payload = g_string_free_to_bytes (payload);
  lockstep_record_close (self->record, &event);
}

/* Begins the end: no new task, all solvers are stopped. The one path that every run ends on. */
static void
end_run (LockstepController *self,
         LockstepRunState    towards,
         LockstepStop        how,
         const char         *why)
{
  LockstepEvent event;
  GString      *payload;

  if (self->towards != LOCKSTEP_RUN_IDLE)
    return;

  self->towards = towards;
  if (towards == LOCKSTEP_RUN_FAILED)
    self->error = g_string_new (why);

  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_STOPPING);
  payload = g_string_new ("{");
  lockstep_json_append_string_member (payload, "towards", lockstep_run_state_to_name (towards));
  lockstep_json_append_string_member (payload, "why", why);
  lockstep_record_tell_payload (self->record, &event, payload);

  g_clear_handle_id (&self->check_source, g_source_remove);
  if (self->trees_paused)
    lockstep_crew_set_paused (self->crew, FALSE);
  lockstep_crew_stop (self->crew, how, why);
  close_run (self);
}

static void
fail_run (LockstepController *self,
          const char         *why)
{
  end_run (self, LOCKSTEP_RUN_FAILED, LOCKSTEP_STOP_ASK, why);
}

/* A loop came round. */
static void
looped_cb (const LockstepLooped *looped,
           gpointer              user_data)
{
  LockstepController *self = user_data;
  LockstepEvent       event;
  GString            *payload = g_string_new (NULL);

  lockstep_event_init (&event, LOCKSTEP_EVENT_LOOP_ITERATED);
  event.step = (int) looped->loop->index;
  event.iteration = (int) looped->iteration;
  g_string_printf (payload, "{\"repeat\":%u,\"reached\":%s,\"left\":%s", looped->loop->repeat,
                   looped->reached ? "true" : "false", looped->left ? "true" : "false");
  if (!isnan (looped->value))
    {
      lockstep_json_append_string_member (payload, "name", lockstep_condition_get_name (looped->loop->until));
      lockstep_json_append_name (payload, "value");
      lockstep_json_append_double (payload, looped->value);
    }
  lockstep_record_tell_payload (self->record, &event, payload);
}

/* Begins the step that the sequence stands at when it can be, or ends the run that has done them all. An `all` step has
 * a part for each solver, so that it waits until it is known how many there are. */
static void
go_on (LockstepController *self)
{
  LockstepStep *step = lockstep_sequence_get_step (self->sequence);

  if (self->stepping || self->paused || self->towards != LOCKSTEP_RUN_IDLE)
    return;

  if (self->finishing)
    {
      end_run (self, LOCKSTEP_RUN_TERMINATED, LOCKSTEP_STOP_ASK, _ ("Its tasks were finished first, as wanted."));
    }
  else if (step == NULL)
    {
      end_run (self, LOCKSTEP_RUN_FINISHED, LOCKSTEP_STOP_ASK, _ ("The run is over."));
    }
  else if (lockstep_crew_get_n_members (self->crew) > 0 && (step->kind != LOCKSTEP_STEP_ALL || lockstep_crew_is_settled (self->crew)))
    {
      self->stepping = TRUE;
      lockstep_stepper_begin (self->stepper, self->sequence);
    }
}

/* The barrier was passed. */
static void
over_cb (LockstepStepper *stepper,
         gpointer         user_data)
{
  LockstepController *self = user_data;
  g_autoptr (GError)  error = NULL;

  self->stepping = FALSE;
  if (!self->finishing && !lockstep_sequence_advance (self->sequence, lockstep_run_get_last_one (self->run), looped_cb, self, &error))
    fail_run (self, error->message);
  else
    go_on (self);
}

static void
failed_cb (LockstepStepper *stepper,
           LockstepSolver  *solver,
           const char      *why,
           gpointer         user_data)
{
  fail_run (user_data, why);
}

static void
ready_cb (LockstepCrew   *crew,
          LockstepSolver *solver,
          gpointer        user_data)
{
  go_on (user_data);
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
      fail_run (self, self->outs->str);
      close_run (self);
    }
  else
    {
      go_on (self);
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

static gboolean
check (gpointer data)
{
  LockstepController *self = data;

  lockstep_stepper_check (self->stepper);
  return G_SOURCE_CONTINUE;
}

/* The journal cannot be written: a run whose record has a hole must not look whole. */
static void
record_failed_cb (LockstepRecord *record,
                  const GError   *error,
                  gpointer        user_data)
{
  fail_run (user_data, error->message);
}

static void
state_cb (LockstepController *self)
{
  if (lockstep_run_has_ended (self->run))
    g_object_unref (self);
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
  g_clear_object (&self->run);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (lockstep_controller_parent_class)->dispose (object);
}

static void
lockstep_controller_finalize (GObject *object)
{
  LockstepController *self = LOCKSTEP_CONTROLLER (object);

  g_clear_pointer (&self->sequence, lockstep_sequence_free);
  if (self->error != NULL)
    g_string_free (self->error, TRUE);
  g_string_free (self->outs, TRUE);
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

LockstepController *
lockstep_controller_new (LockstepPlan                    *plan,
                         const LockstepControllerOptions *options)
{
  LockstepController      *self = g_object_new (LOCKSTEP_TYPE_CONTROLLER, NULL);
  g_autoptr (LockstepHost) host = options != NULL && options->host != NULL
                                    ? g_object_ref (options->host)
                                    : lockstep_local_host_new ();
  double                   grace = DEFAULT_GRACE;

  if (options != NULL)
    {
      self->runs_directory = g_strdup (options->runs_directory);
      self->no_record = options->no_record;
      if (options->grace > 0)
        grace = options->grace;
    }

  self->plan = g_object_ref (plan);
  self->run = lockstep_run_new (plan);
  self->record = lockstep_record_new (self->run);
  self->crew = lockstep_crew_new (self->record, host, grace);
  self->sequence = lockstep_sequence_new (plan);
  g_signal_connect (self->record, "failed", G_CALLBACK (record_failed_cb), self);
  self->stepper = lockstep_stepper_new (self->record, self->crew);
  g_signal_connect (self->crew, "ready", G_CALLBACK (ready_cb), self);
  g_signal_connect (self->crew, "out", G_CALLBACK (out_cb), self);
  g_signal_connect (self->crew, "gone", G_CALLBACK (gone_cb), self);
  g_signal_connect (self->stepper, "over", G_CALLBACK (over_cb), self);
  g_signal_connect (self->stepper, "failed", G_CALLBACK (failed_cb), self);

  return self;
}

LockstepRun *
lockstep_controller_get_run (LockstepController *self)
{
  return self->run;
}

/* How many solvers the plan asks for; for "auto" as many as processors and memory allow. */
static guint
count_solvers (LockstepController *self)
{
  const LockstepSolverSpec *spec = lockstep_plan_get_solver (self->plan);
  LockstepCpus              cpus;
  guint64                   n_solvers = lockstep_plan_get_n_solvers (self->plan);

  if (n_solvers > 0)
    return (guint) n_solvers;

  lockstep_cpus_read (&cpus);
  n_solvers = cpus.allowed / spec->threads;
  if (spec->memory > 0)
    n_solvers = MIN (n_solvers, lockstep_cpus_read_memory () / spec->memory);

  return (guint) MAX (n_solvers, 1);
}

static void
tell_run_started (LockstepController *self,
                  guint               n_solvers)
{
  LockstepEvent event;
  LockstepCpus  cpus;
  GString      *payload = g_string_new ("{");

  lockstep_cpus_read (&cpus);
  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_STARTED);
  lockstep_json_append_string_member (payload, "name", lockstep_plan_get_name (self->plan));
  if (lockstep_plan_get_note (self->plan) != NULL)
    lockstep_json_append_string_member (payload, "note", lockstep_plan_get_note (self->plan));
  if (lockstep_run_get_directory (self->run) != NULL)
    lockstep_json_append_string_member (payload, "directory", lockstep_run_get_directory (self->run));
  g_string_append_printf (payload, ",\"solvers\":%u,\"cpus\":%u,\"pid\":%d", n_solvers, cpus.allowed, (int) getpid ());
  lockstep_record_tell_payload (self->record, &event, payload);
}

static void
launch (LockstepController *self)
{
  const guint n_solvers = count_solvers (self);

  tell_run_started (self, n_solvers);
  if (self->towards != LOCKSTEP_RUN_IDLE)
    return;

  self->check_source = g_timeout_add_full (CHECK_PRIORITY, CHECK_INTERVAL, check, self, NULL);
  lockstep_crew_launch (self->crew, n_solvers);
}

static void
opened_cb (GObject      *record,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LockstepController) self = user_data;
  g_autoptr (GError)             error = NULL;

  if (lockstep_record_open_finish (LOCKSTEP_RECORD (record), result, &error))
    {
      launch (self);
    }
  else
    {
      tell_run_started (self, 0);
      fail_run (self, error->message);
    }
}

void
lockstep_controller_start (LockstepController *self)
{
  g_return_if_fail (!self->started);

  self->started = TRUE;
  g_signal_connect_object (self->run, "notify::state", G_CALLBACK (state_cb), g_object_ref (self), G_CONNECT_SWAPPED);
  if (self->no_record)
    launch (self);
  else
    lockstep_record_open_async (self->record, self->runs_directory, opened_cb, g_object_ref (self));
}

void
lockstep_controller_terminate (LockstepController *self,
                               LockstepStop        how)
{
  g_return_if_fail (self->started);

  if (self->closed)
    return;
  if (self->towards == LOCKSTEP_RUN_IDLE)
    end_run (self, LOCKSTEP_RUN_TERMINATED, how, _ ("Terminated."));
  else
    lockstep_crew_stop (self->crew, how, _ ("Terminated."));
}

static void
tell_paused (LockstepController *self,
             const char         *why)
{
  LockstepEvent event;
  GString      *payload = g_string_new ("{");

  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_PAUSED);
  lockstep_json_append_string_member (payload, "why", why);
  lockstep_record_tell_payload (self->record, &event, payload);
}

void
lockstep_controller_pause (LockstepController *self,
                           gboolean            now)
{
  if (!self->started || self->towards != LOCKSTEP_RUN_IDLE || (self->paused && (self->trees_paused || !now)))
    return;

  self->paused = TRUE;
  self->trees_paused |= now;
  lockstep_stepper_set_paused (self->stepper, TRUE, self->trees_paused);
  if (self->trees_paused)
    lockstep_crew_set_paused (self->crew, TRUE);
  tell_paused (self, self->trees_paused ? _ ("Paused; the solvers' processes stand still.")
                                        : _ ("Paused; tasks at work are finished."));
}

void
lockstep_controller_continue (LockstepController *self)
{
  LockstepEvent event;

  if (!self->paused || self->towards != LOCKSTEP_RUN_IDLE)
    return;

  if (self->trees_paused)
    lockstep_crew_set_paused (self->crew, FALSE);
  self->paused = FALSE;
  self->trees_paused = FALSE;
  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_CONTINUED);
  lockstep_record_tell (self->record, &event);
  lockstep_stepper_set_paused (self->stepper, FALSE, FALSE);
  go_on (self);
}

void
lockstep_controller_stop_iterating (LockstepController *self)
{
  lockstep_sequence_leave_loop (self->sequence);
}

void
lockstep_controller_finish_tasks (LockstepController *self)
{
  if (!self->started || self->towards != LOCKSTEP_RUN_IDLE)
    return;

  self->finishing = TRUE;
  lockstep_controller_continue (self);
  if (self->stepping)
    lockstep_stepper_finish (self->stepper);
  else
    go_on (self);
}

gboolean
lockstep_controller_act_on_late (LockstepController *self,
                                 gint64              task,
                                 LockstepLateAction  action,
                                 GError            **error)
{
  return lockstep_stepper_act_on_late (self->stepper, task, action, error);
}
