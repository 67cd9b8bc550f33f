/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-record.h"

#include <glib/gi18n-lib.h>

#include "lockstep-inputs.h"
#include "lockstep-journal.h"
#include "lockstep-json-writer.h"
#include "lockstep-run-folder.h"
#include "lockstep-run-private.h"
#include "lockstep-summary.h"

/* A summary leaves longer results (bytes) to the journal. */
#define SUMMARY_RESULT_MAX (64 * 1024)

/* How often a disk that refused is tried again (ms). */
#define RETRY_INTERVAL 1000

/* How long a run that is over waits for its inputs to be read (ms). */
#define INPUTS_PATIENCE 5000

struct _LockstepRecord
{
  GObject parent_instance;

  LockstepRun     *run;           /* owned */
  LockstepRunLock *lock;          /* of the run's folder, as long as it is written to; NULL without one */
  LockstepJournal *journal;       /* NULL before there is a folder, without one, and once the last event was told */
  LockstepJournal *draining;      /* the same, from then until all is on disk */
  guint            retry_source;  /* while the disk refuses */
  GCancellable    *inputs;        /* of their reading, while that lasts */
  guint            inputs_source; /* ends it */
  gboolean         closing;       /* what follows is told when all is on disk */
  LockstepEvent    last;
  guint64          n_events;
};

enum
{
  FAILED,
  RECOVERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LockstepRecord, lockstep_record, G_TYPE_OBJECT)

static LockstepJournal *
get_journal (LockstepRecord *self)
{
  return self->draining != NULL ? self->draining : self->journal;
}

static gboolean
retry (gpointer data)
{
  lockstep_journal_retry (get_journal (data));
  return G_SOURCE_CONTINUE;
}

static void
journal_failed_cb (LockstepJournal *journal,
                   const GError    *error,
                   gpointer         user_data)
{
  LockstepRecord *self = user_data;

  if (self->retry_source == 0)
    self->retry_source = g_timeout_add (RETRY_INTERVAL, retry, self);
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
journal_recovered_cb (LockstepJournal *journal,
                      gpointer         user_data)
{
  LockstepRecord *self = user_data;

  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_signal_emit (self, signals[RECOVERED], 0);
}

static void
drop_journal (LockstepRecord   *self,
              LockstepJournal **journal)
{
  g_clear_handle_id (&self->retry_source, g_source_remove);
  if (*journal != NULL)
    g_signal_handlers_disconnect_by_data (*journal, self);
  g_clear_object (journal);
}

static void
lockstep_record_dispose (GObject *object)
{
  LockstepRecord *self = LOCKSTEP_RECORD (object);

  g_clear_handle_id (&self->inputs_source, g_source_remove);
  if (self->journal != NULL)
    {
      lockstep_journal_give_up (self->journal);
      lockstep_journal_close_async (self->journal, NULL, NULL);
    }
  drop_journal (self, &self->journal);
  g_clear_pointer (&self->lock, lockstep_run_lock_free);
  g_clear_object (&self->run);
  lockstep_event_clear (&self->last);

  G_OBJECT_CLASS (lockstep_record_parent_class)->dispose (object);
}

static void
lockstep_record_class_init (LockstepRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lockstep_record_dispose;

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[RECOVERED] = g_signal_new ("recovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
}

static void
lockstep_record_init (LockstepRecord *self)
{
}

LockstepRecord *
lockstep_record_new (LockstepRun *run)
{
  LockstepRecord *self = g_object_new (LOCKSTEP_TYPE_RECORD, NULL);

  self->run = g_object_ref (run);

  return self;
}

LockstepRun *
lockstep_record_get_run (LockstepRecord *self)
{
  return self->run;
}

/* All is on disk, or it cannot be: the run is over. */
static void
tell_last (LockstepRecord *self,
           const GError   *error)
{
  drop_journal (self, &self->draining);
  g_clear_pointer (&self->lock, lockstep_run_lock_free);
  if (error != NULL)
    lockstep_record_log (self, -1, "error", error->message);
  lockstep_record_tell (self, &self->last);
}

static void
summary_written_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (LockstepRecord) self = user_data;
  g_autoptr (GError)         error = NULL;

  lockstep_run_folder_write_summary_finish (result, &error);
  tell_last (self, error);
}

static void
journal_closed_cb (GObject      *journal,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  LockstepRecord    *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) summary = NULL;

  if (!lockstep_journal_close_finish (LOCKSTEP_JOURNAL (journal), result, &error))
    {
      tell_last (self, error);
      g_object_unref (self);
      return;
    }

  summary = lockstep_summary_new (self->run, &self->last, SUMMARY_RESULT_MAX);
  lockstep_run_folder_write_summary_async (lockstep_run_get_directory (self->run), summary, summary_written_cb, self);
}

/* Says in the last event which values the charts of this session have fewer of than those that saw it. */
static void
add_left_out (LockstepRecord *self)
{
  g_autofree char   *left_out = lockstep_journal_dup_left_out (self->journal);
  g_autoptr (GBytes) payload = NULL;
  const char        *text;
  gsize              length;
  GString           *out;

  if (left_out == NULL)
    return;

  payload = g_steal_pointer (&self->last.payload);
  text = g_bytes_get_data (payload, &length);
  out = g_string_new_len (text, (gssize) length - 1);
  lockstep_json_append_name (out, "left-out");
  g_string_append_printf (out, "%s}", left_out);
  self->last.payload = g_string_free_to_bytes (out);
}

static void
close_journal (LockstepRecord *self)
{
  add_left_out (self);
  self->draining = g_steal_pointer (&self->journal);
  lockstep_journal_append (self->draining, &self->last);
  /* Who terminates a run does not wait for room on a disk. */
  if (lockstep_run_get_towards (self->run) == LOCKSTEP_RUN_TERMINATED)
    lockstep_journal_give_up (self->draining);
  lockstep_journal_close_async (self->draining, journal_closed_cb, g_object_ref (self));
}

static void
open_journal (LockstepRecord *self)
{
  self->journal = lockstep_journal_new (lockstep_run_get_directory (self->run));
  g_signal_connect (self->journal, "failed", G_CALLBACK (journal_failed_cb), self);
  g_signal_connect (self->journal, "recovered", G_CALLBACK (journal_recovered_cb), self);
}

static void
inputs_cb (GObject      *plan,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LockstepRecord) self = user_data;
  g_autoptr (GError)         error = NULL;
  g_autoptr (GPtrArray)      changes = lockstep_inputs_record_finish (result, &error);
  g_autofree char           *text = NULL;

  g_clear_object (&self->inputs);
  g_clear_handle_id (&self->inputs_source, g_source_remove);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    lockstep_record_log (self, -1, "warning", g_ptr_array_index (changes, i));
  if (error != NULL)
    {
      text = g_strdup_printf (_ ("What the run was made from could not be written down: %s"), error->message);
      lockstep_record_log (self, -1, "warning", text);
    }
  if (self->closing)
    close_journal (self);
}

/* The folder is there: its journal begins, and what the run is made from is read meanwhile. */
static void
open_folder (LockstepRecord *self)
{
  open_journal (self);
  self->inputs = g_cancellable_new ();
  lockstep_inputs_record_async (lockstep_run_get_plan (self->run), lockstep_run_get_directory (self->run), self->inputs,
                                inputs_cb, g_object_ref (self));
}

static void
created_cb (GObject      *plan,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask)  task = user_data;
  LockstepRecord    *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autofree char   *directory = lockstep_run_folder_create_finish (result, &self->lock, &error);

  if (directory == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  lockstep_run_set_directory (self->run, directory);
  open_folder (self);
  g_task_return_boolean (task, TRUE);
}

void
lockstep_record_open_async (LockstepRecord     *self,
                            const char         *parent,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  GTask           *task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *path = lockstep_run_folder_dup_parent (parent);

  g_task_set_source_tag (task, lockstep_record_open_async);
  lockstep_run_folder_create_async (lockstep_run_get_plan (self->run), path, created_cb, task);
}

gboolean
lockstep_record_open_finish (LockstepRecord *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
reopened_cb (GObject      *plan,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask)  task = user_data;
  LockstepRecord    *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!lockstep_run_folder_reopen_finish (result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  open_folder (self);
  g_task_return_boolean (task, TRUE);
}

void
lockstep_record_reopen_async (LockstepRecord     *self,
                              LockstepRunLock    *lock,
                              goffset             end,
                              guint64             n_events,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  self->lock = lock;
  self->n_events = n_events;
  g_task_set_source_tag (task, lockstep_record_reopen_async);
  lockstep_run_folder_reopen_async (lockstep_run_get_plan (self->run), lockstep_run_get_directory (self->run), end,
                                    reopened_cb, task);
}

gboolean
lockstep_record_reopen_finish (LockstepRecord *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The barrier was passed: once that is durable, nobody needs what the same step had brought before. */
static void
remove_superseded (LockstepRecord *self)
{
  g_autoptr (GArray) superseded = lockstep_run_take_superseded (self->run);

  for (guint i = 0; superseded != NULL && i < superseded->len; i++)
    lockstep_journal_remove_result (self->journal, g_array_index (superseded, gint64, i));
}

void
lockstep_record_tell (LockstepRecord *self,
                      LockstepEvent  *event)
{
  LockstepEvent held;

  /* It was told, but not kept: it is told again. */
  if (self->journal != NULL && lockstep_journal_release (self->journal, event, &held))
    lockstep_record_tell (self, &held);

  if (self->journal != NULL ? lockstep_journal_append (self->journal, event) : self->draining == NULL)
    self->n_events++;
  lockstep_run_fold (self->run, event);
  if (event->type == LOCKSTEP_EVENT_STEP_ENDED && self->journal != NULL)
    remove_superseded (self);
  lockstep_event_clear (event);
}

void
lockstep_record_tell_payload (LockstepRecord *self,
                              LockstepEvent  *event,
                              GString        *payload)
{
  g_string_append_c (payload, '}');
  event->payload = g_string_free_to_bytes (payload);
  lockstep_record_tell (self, event);
}

void
lockstep_record_log (LockstepRecord *self,
                     int             solver,
                     const char     *level,
                     const char     *text)
{
  LockstepEvent event;
  GString      *payload = g_string_new ("{");

  lockstep_event_init (&event, LOCKSTEP_EVENT_LOG);
  event.solver = solver;
  lockstep_json_append_string_member (payload, "level", level);
  lockstep_json_append_string_member (payload, "text", text);
  lockstep_record_tell_payload (self, &event, payload);
}

guint64
lockstep_record_get_n_events (LockstepRecord *self)
{
  return self->n_events;
}

void
lockstep_record_sync (LockstepRecord *self)
{
  if (self->journal != NULL)
    lockstep_journal_sync (self->journal);
}

void
lockstep_record_retry (LockstepRecord *self)
{
  if (get_journal (self) != NULL)
    retry (self);
}

void
lockstep_record_give_up (LockstepRecord *self)
{
  if (self->inputs != NULL)
    g_cancellable_cancel (self->inputs);
  if (self->draining != NULL)
    lockstep_journal_give_up (self->draining);
}

static gboolean
stop_reading_inputs (gpointer data)
{
  LockstepRecord *self = data;

  self->inputs_source = 0;
  g_cancellable_cancel (self->inputs);
  return G_SOURCE_REMOVE;
}

void
lockstep_record_close (LockstepRecord *self,
                       LockstepEvent  *event)
{
  self->last = *event;
  event->payload = NULL;
  self->closing = TRUE;

  if (self->journal == NULL)
    tell_last (self, NULL);
  else if (self->inputs == NULL)
    close_journal (self);
  else if (lockstep_run_get_towards (self->run) == LOCKSTEP_RUN_FINISHED)
    self->inputs_source = g_timeout_add (INPUTS_PATIENCE, stop_reading_inputs, self);
  else
    g_cancellable_cancel (self->inputs);
}
