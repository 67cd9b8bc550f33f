/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-crew-private.h"

#include "lockstep-json-writer.h"
#include "lockstep-run-folder.h"

guint lockstep_crew_signals[LOCKSTEP_CREW_N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepCrew, lockstep_crew, G_TYPE_OBJECT)

LockstepEvent
lockstep_crew_event (LockstepEventType type,
                     LockstepSolver   *solver)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.solver = (int) lockstep_solver_get_index (solver);

  return event;
}

LockstepMember *
lockstep_crew_get_member (LockstepCrew   *self,
                          LockstepSolver *solver)
{
  return g_ptr_array_index (self->members, lockstep_solver_get_index (solver));
}

void
lockstep_crew_set_ready (LockstepCrew   *self,
                         LockstepMember *member,
                         gboolean        ready)
{
  if (member->ready == ready || member->out)
    return;

  member->ready = ready;
  if (ready)
    self->n_ready++;
  else
    self->n_ready--;
}

char *
lockstep_crew_dup_log (LockstepCrew *self,
                       guint         solver)
{
  const char *directory = lockstep_run_get_directory (lockstep_record_get_run (self->record));

  return directory != NULL ? lockstep_run_folder_dup_solver_log (directory, solver) : g_strdup ("/dev/null");
}

static void
started_cb (LockstepSolver *solver,
            gint64          pid,
            gpointer        user_data)
{
  LockstepCrew    *self = user_data;
  LockstepEvent    event = lockstep_crew_event (LOCKSTEP_EVENT_SOLVER_STARTED, solver);
  GString         *payload = g_string_new (NULL);
  g_autofree char *log = lockstep_crew_dup_log (self, (guint) event.solver);

  g_string_printf (payload, "{\"pid\":%" G_GINT64_FORMAT, pid);
  lockstep_record_tell_payload (self->record, &event, payload);
  lockstep_sampler_add (self->sampler, (guint) event.solver,
                        lockstep_process_get_guard_pid (lockstep_solver_get_process (solver)), log);
}

static void
ready_cb (LockstepSolver *solver,
          GBytes         *answer,
          gpointer        user_data)
{
  LockstepCrew *self = user_data;
  LockstepEvent event = lockstep_crew_event (LOCKSTEP_EVENT_SOLVER_READY, solver);

  lockstep_crew_get_member (self, solver)->n_failed_initialize = 0;
  lockstep_crew_set_ready (self, lockstep_crew_get_member (self, solver), TRUE);
  event.payload = g_bytes_ref (answer);
  lockstep_record_tell (self->record, &event);
  g_signal_emit (self, lockstep_crew_signals[LOCKSTEP_CREW_READY], 0, solver);
}

static void
answered_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *result,
             const GError   *error,
             gpointer        user_data)
{
  LockstepCrew *self = user_data;

  if (self->answer_func != NULL)
    self->answer_func (solver, task, result, error, self->answer_data);
}

static void
progress_cb (LockstepSolver *solver,
             gint64          task,
             GBytes         *params,
             gpointer        user_data)
{
  LockstepCrew                 *self = user_data;
  LockstepEvent                 event = lockstep_crew_event (LOCKSTEP_EVENT_PROGRESS, solver);
  g_autoptr (LockstepRunSolver) row = g_list_model_get_item (
    lockstep_run_get_solvers (lockstep_record_get_run (self->record)), (guint) event.solver);
  const gint64 sign = lockstep_run_solver_get_sign (row);

  event.task = task;
  event.payload = g_bytes_ref (params);
  lockstep_record_tell (self->record, &event);
  /* The same again is no sign of life. */
  if (lockstep_run_solver_get_sign (row) != sign)
    g_signal_emit (self, lockstep_crew_signals[LOCKSTEP_CREW_ALIVE], 0, solver);
}

static void
logged_cb (LockstepSolver *solver,
           const char     *level,
           const char     *text,
           gpointer        user_data)
{
  LockstepCrew *self = user_data;

  lockstep_record_log (self->record, (int) lockstep_solver_get_index (solver), level, text);
  g_signal_emit (self, lockstep_crew_signals[LOCKSTEP_CREW_ALIVE], 0, solver);
}

static void
stopping_cb (LockstepSolver *solver,
             const char     *why,
             gpointer        user_data)
{
  LockstepCrew *self = user_data;
  LockstepEvent event = lockstep_crew_event (LOCKSTEP_EVENT_SOLVER_STOPPING, solver);
  GString      *payload = g_string_new ("{");

  lockstep_crew_set_ready (self, lockstep_crew_get_member (self, solver), FALSE);
  lockstep_json_append_string_member (payload, "why", why);
  lockstep_record_tell_payload (self->record, &event, payload);
}

static void
sampled_cb (LockstepSampler      *sampler,
            const LockstepSample *samples,
            guint                 n_samples,
            gpointer              user_data)
{
  LockstepCrew *self = user_data;

  for (guint i = 0; i < n_samples; i++)
    {
      const LockstepSample *sample = &samples[i];
      LockstepSolver       *solver = lockstep_crew_get_solver (self, sample->key);
      LockstepMember       *member = lockstep_crew_get_member (self, solver);

      if (sample->cpu >= 0 || sample->memory > 0)
        {
          LockstepEvent event = lockstep_crew_event (LOCKSTEP_EVENT_USAGE, solver);
          GString      *payload = g_string_new (NULL);

          g_string_printf (payload, "{\"memory\":%" G_GUINT64_FORMAT ",\"cpu\":", sample->memory);
          lockstep_json_append_double (payload, sample->cpu);
          lockstep_record_tell_payload (self->record, &event, payload);
        }
      /* A sample of something else tells the size as well. */
      if (sample->output >= 0 && sample->output != member->output)
        {
          LockstepEvent event = lockstep_crew_event (LOCKSTEP_EVENT_OUTPUT, solver);
          GString      *payload = g_string_new (NULL);

          member->output = sample->output;
          g_string_printf (payload, "{\"size\":%" G_GINT64_FORMAT, sample->output);
          lockstep_record_tell_payload (self->record, &event, payload);
          if (sample->output > 0)
            g_signal_emit (self, lockstep_crew_signals[LOCKSTEP_CREW_ALIVE], 0, solver);
        }
    }
}

static void
member_free (gpointer data)
{
  LockstepMember *member = data;

  g_clear_handle_id (&member->restart_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (member->solver, member->crew);
  lockstep_solver_set_answer_func (member->solver, NULL, NULL);
  g_object_unref (member->solver);
  g_free (member);
}

static void
lockstep_crew_dispose (GObject *object)
{
  LockstepCrew *self = LOCKSTEP_CREW (object);

  g_ptr_array_set_size (self->members, 0);
  if (self->sampler != NULL)
    g_signal_handlers_disconnect_by_data (self->sampler, self);
  g_clear_object (&self->sampler);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_object (&self->record);

  G_OBJECT_CLASS (lockstep_crew_parent_class)->dispose (object);
}

static void
lockstep_crew_finalize (GObject *object)
{
  LockstepCrew *self = LOCKSTEP_CREW (object);

  g_ptr_array_unref (self->members);
  g_free (self->n_members_on);

  G_OBJECT_CLASS (lockstep_crew_parent_class)->finalize (object);
}

static void
lockstep_crew_class_init (LockstepCrewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GType   type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = lockstep_crew_dispose;
  object_class->finalize = lockstep_crew_finalize;

  lockstep_crew_signals[LOCKSTEP_CREW_READY] = g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                             G_TYPE_NONE, 1, LOCKSTEP_TYPE_SOLVER);
  lockstep_crew_signals[LOCKSTEP_CREW_ALIVE] = g_signal_new ("alive", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                             G_TYPE_NONE, 1, LOCKSTEP_TYPE_SOLVER);
  lockstep_crew_signals[LOCKSTEP_CREW_ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                                                             LOCKSTEP_TYPE_SOLVER, G_TYPE_UINT, G_TYPE_INT,
                                                             G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  lockstep_crew_signals[LOCKSTEP_CREW_OUT] = g_signal_new ("out", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                                           LOCKSTEP_TYPE_SOLVER, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  lockstep_crew_signals[LOCKSTEP_CREW_GONE] = g_signal_new ("gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lockstep_crew_init (LockstepCrew *self)
{
  self->members = g_ptr_array_new_with_free_func (member_free);
  self->sampler = lockstep_sampler_new ();
  g_signal_connect (self->sampler, "sampled", G_CALLBACK (sampled_cb), self);
}

LockstepCrew *
lockstep_crew_new (LockstepRecord *record,
                   GPtrArray      *hosts,
                   double          grace)
{
  LockstepCrew *self = g_object_new (LOCKSTEP_TYPE_CREW, NULL);

  self->record = g_object_ref (record);
  self->hosts = g_ptr_array_ref (hosts);
  self->n_members_on = g_new0 (guint, hosts->len);
  self->grace = grace;

  return self;
}

static void
add_member (LockstepCrew *self,
            guint         host)
{
  LockstepMember *member = g_new0 (LockstepMember, 1);

  member->crew = self;
  member->host = host;
  member->output = -1;
  member->solver = lockstep_solver_new (self->members->len);
  g_ptr_array_add (self->members, member);
  self->n_members++;
  self->n_members_on[host]++;
  g_signal_connect (member->solver, "started", G_CALLBACK (started_cb), self);
  g_signal_connect (member->solver, "ready", G_CALLBACK (ready_cb), self);
  lockstep_solver_set_answer_func (member->solver, answered_cb, self);
  g_signal_connect (member->solver, "progress", G_CALLBACK (progress_cb), self);
  g_signal_connect (member->solver, "logged", G_CALLBACK (logged_cb), self);
  g_signal_connect (member->solver, "stopping", G_CALLBACK (stopping_cb), self);
  g_signal_connect (member->solver, "ended", G_CALLBACK (lockstep_crew_ended_cb), self);
}

void
lockstep_crew_set_answer_func (LockstepCrew      *self,
                               LockstepAnswerFunc func,
                               gpointer           user_data)
{
  self->answer_func = func;
  self->answer_data = user_data;
}

void
lockstep_crew_launch (LockstepCrew *self,
                      const guint  *n_solvers)
{
  for (guint host = 0; host < self->hosts->len; host++)
    for (guint i = 0; i < n_solvers[host]; i++)
      add_member (self, host);

  for (guint i = 0; i < self->members->len && !self->stopping; i++)
    lockstep_crew_launch_member (self, g_ptr_array_index (self->members, i));
}

guint
lockstep_crew_get_n_hosts (LockstepCrew *self)
{
  return self->hosts->len;
}

LockstepHost *
lockstep_crew_get_host (LockstepCrew *self,
                        guint         host)
{
  g_return_val_if_fail (host < self->hosts->len, NULL);

  return g_ptr_array_index (self->hosts, host);
}

guint
lockstep_crew_get_host_of (LockstepCrew *self,
                           guint         solver)
{
  g_return_val_if_fail (solver < self->members->len, 0);

  return ((LockstepMember *) g_ptr_array_index (self->members, solver))->host;
}

guint
lockstep_crew_get_n_members_on (LockstepCrew *self,
                                guint         host)
{
  g_return_val_if_fail (host < self->hosts->len, 0);

  return self->n_members_on[host];
}

guint
lockstep_crew_get_n_solvers (LockstepCrew *self)
{
  return self->members->len;
}

LockstepSolver *
lockstep_crew_get_solver (LockstepCrew *self,
                          guint         index)
{
  g_return_val_if_fail (index < self->members->len, NULL);

  return ((LockstepMember *) g_ptr_array_index (self->members, index))->solver;
}

guint
lockstep_crew_get_n_alive (LockstepCrew *self)
{
  return self->n_alive;
}

guint
lockstep_crew_get_n_members (LockstepCrew *self)
{
  return self->n_members;
}

gboolean
lockstep_crew_is_settled (LockstepCrew *self)
{
  return self->n_ready == self->n_members;
}

void
lockstep_crew_task_completed (LockstepCrew   *self,
                              LockstepSolver *solver)
{
  lockstep_crew_get_member (self, solver)->n_crashes = 0;
}

void
lockstep_crew_restart (LockstepCrew   *self,
                       LockstepSolver *solver,
                       LockstepStop    how,
                       const char     *why)
{
  lockstep_crew_get_member (self, solver)->ordered = TRUE;
  lockstep_solver_stop (solver, how, self->grace, why);
}

void
lockstep_crew_dismiss (LockstepCrew   *self,
                       LockstepSolver *solver,
                       const char     *why)
{
  lockstep_crew_put_out (self, lockstep_crew_get_member (self, solver), why);
  if (lockstep_solver_get_state (solver) != LOCKSTEP_SOLVER_DEAD)
    lockstep_crew_restart (self, solver, LOCKSTEP_STOP_ASK, why);
}

/* Starts those again that were due meanwhile. */
static void
launch_due (LockstepCrew *self)
{
  if (self->paused || self->n_holds > 0 || self->stopping)
    return;

  for (guint i = 0; i < self->members->len && !self->stopping; i++)
    {
      LockstepMember *member = g_ptr_array_index (self->members, i);
      const gboolean  is_due = member->launch_due && !member->out;

      member->launch_due = FALSE;
      if (is_due)
        lockstep_crew_launch_member (self, member);
    }
}

void
lockstep_crew_hold (LockstepCrew *self)
{
  self->n_holds++;
}

void
lockstep_crew_release (LockstepCrew *self)
{
  self->n_holds--;
  launch_due (self);
}

void
lockstep_crew_set_paused (LockstepCrew *self,
                          gboolean      paused)
{
  self->paused = paused;
  for (guint i = 0; i < self->members->len; i++)
    {
      LockstepMember  *member = g_ptr_array_index (self->members, i);
      LockstepProcess *process = lockstep_solver_get_process (member->solver);

      if (process != NULL)
        lockstep_process_pause (process, paused);
      lockstep_solver_set_paused (member->solver, paused);
    }
  launch_due (self);
}

void
lockstep_crew_stop (LockstepCrew *self,
                    LockstepStop  how,
                    const char   *why)
{
  self->stopping = TRUE;
  for (guint i = 0; i < self->members->len; i++)
    {
      LockstepMember *member = g_ptr_array_index (self->members, i);

      g_clear_handle_id (&member->restart_source, g_source_remove);
      member->ordered = TRUE;
      lockstep_solver_stop (member->solver, how, self->grace, why);
    }
}
