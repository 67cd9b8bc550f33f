/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-controller.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

#include "lockstep-crew.h"
#include "lockstep-json-writer.h"
#include "lockstep-limits.h"
#include "lockstep-local-host.h"
#include "lockstep-preflight.h"
#include "lockstep-plan-changes.h"
#include "lockstep-record.h"
#include "lockstep-run-private.h"
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
  gboolean          elsewhere; /* solvers run on a host that was handed over */

  LockstepPreflight   *preflight;   /* once it was made */
  LockstepReservation *reservation; /* of the solvers' CPUs, until the run has ended; NULL where there is none */

  LockstepRunLock    *lock;        /* of a run that is resumed, until the record has it */
  goffset             journal_end; /* where such a run's journal is gone on with */
  GPtrArray          *complaints;  /* what of it could not be read, of char *; NULL when it is a new one */
  LockstepResumption *resumption;  /* until the first step has begun */

  gboolean         started;
  gboolean         preparing;        /* before anything is launched: preflight is made, or the record opened */
  gboolean         terminated_early; /* it is to end as soon as that is done */
  gboolean         stepping;         /* the stepper is at a step */
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
  g_clear_object (&self->reservation);
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
  gint64              back;

  back = self->resumption != NULL ? lockstep_resumption_take_back (self->resumption) : -1;
  lockstep_event_init (&event, LOCKSTEP_EVENT_LOOP_ITERATED);
  event.step = (int) looped->loop->index;
  event.iteration = (int) looped->iteration;
  g_string_printf (payload, "{\"repeat\":%u,\"reached\":%s,\"left\":%s", looped->loop->repeat,
                   looped->reached ? "true" : "false", looped->left ? "true" : "false");
  if (back >= 0)
    g_string_append_printf (payload, ",\"back\":%" G_GINT64_FORMAT, back);
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
      begin_step (self);
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
  double                grace = DEFAULT_GRACE;

  if (options != NULL)
    {
      self->runs_directory = g_strdup (options->runs_directory);
      self->no_record = options->no_record;
      self->elsewhere = options->host != NULL;
      if (options->grace > 0)
        grace = options->grace;
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
  self->crew = lockstep_crew_new (self->record, hosts, grace);
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
  g_autoptr (LockstepPlan)       next = plan != NULL ? g_object_ref (plan) : lockstep_past_run_load_plan (past, NULL, NULL, error);
  g_autoptr (LockstepResumption) resumption = NULL;
  LockstepController            *self;

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
  self->complaints = g_ptr_array_ref (lockstep_past_run_get_complaints (past));
  self->resumption = g_steal_pointer (&resumption);

  return self;
}

LockstepRun *
lockstep_controller_get_run (LockstepController *self)
{
  return self->run;
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
  g_string_append_printf (payload, ",\"solvers\":%u,\"cpus\":%u,\"pid\":%d", n_solvers,
                          lockstep_preflight_get_cpus (self->preflight)->allowed, (int) getpid ());
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
  if (lockstep_resumption_place (self->resumption, self->sequence, looped_cb, self, &error))
    return TRUE;

  fail_run (self, error->message);
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
    end_run (self, LOCKSTEP_RUN_TERMINATED, LOCKSTEP_STOP_ASK, _ ("Terminated."));
  else
    fail_run (self, problem);
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
    lockstep_record_reopen_async (self->record, g_steal_pointer (&self->lock), self->journal_end, reopened_cb, g_object_ref (self));
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
  GString      *payload = g_string_new (NULL);

  lockstep_event_init (&event, LOCKSTEP_EVENT_RUN_PAUSED);
  g_string_printf (payload, "{\"now\":%s", self->trees_paused ? "true" : "false");
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
