/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-past-run.h"

#include <glib/gi18n-lib.h>

#include "lockstep-journal-reader.h"
#include "lockstep-run-private.h"

/* A result whose file is missing. */
typedef struct
{
  gint64 task;
  gint64 replaced; /* the first task of the next time that its step was done; G_MAXINT64 where it was not */
  char  *path;
} Lost;

struct _LockstepPastRun
{
  char            *directory;
  LockstepRun     *run;
  LockstepRunLock *lock; /* while it is to be resumed */
  gboolean         live;
  char            *folder; /* the plan's, where it was last run from; NULL where the journal does not say */
  char            *name;
  GPtrArray       *complaints;
  GPtrArray       *replaced; /* of Lost: those that later results replace */
  GHashTable      *lost;     /* step index → array of the others */
  goffset          end;
  guint64          n_events;
};

static LockstepPlan *
load_plan (LockstepPastRun   *self,
           gboolean           unchecked,
           const char *const *settings,
           GError           **error)
{
  g_autofree char          *path = g_build_filename (self->directory, "plan.lockstep", NULL);
  g_autoptr (GFile)         file = g_file_new_for_path (path);
  const LockstepPlanOptions options = {
    .settings = settings,
    .directory = self->folder != NULL ? self->folder : self->directory,
    .name = self->name,
    .tables = self->directory,
    .unchecked = unchecked,
  };

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("%s is not the folder of a run: there is no plan.lockstep in it"), self->directory);
      return NULL;
    }

  return lockstep_plan_load_with (file, &options, error);
}

/* What the plan's own text does not say: where it was, and what it was called. TRUE when that is news. */
static gboolean
read_origin (LockstepPastRun     *self,
             const LockstepEvent *event)
{
  LockstepJson     payload = { NULL, 0 };
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;

  if (event->type != LOCKSTEP_EVENT_RUN_STARTED || event->payload == NULL)
    return FALSE;

  payload.text = g_bytes_get_data (event->payload, &payload.length);
  folder = lockstep_json_dup_string (lockstep_json_get_member (payload, "folder"), NULL);
  name = lockstep_json_dup_string (lockstep_json_get_member (payload, "name"), NULL);
  if (folder == NULL || !g_path_is_absolute (folder) || name == NULL ||
      (g_strcmp0 (folder, self->folder) == 0 && g_strcmp0 (name, self->name) == 0))
    return FALSE;

  g_free (self->folder);
  g_free (self->name);
  self->folder = g_steal_pointer (&folder);
  self->name = g_steal_pointer (&name);
  return TRUE;
}

/* The run with the plan as it is known so far. */
static gboolean
use_plan (LockstepPastRun *self,
          GError         **error)
{
  g_autoptr (LockstepPlan) plan = load_plan (self, TRUE, NULL, error);

  if (plan == NULL)
    return FALSE;

  if (self->run == NULL)
    {
      self->run = lockstep_run_new (plan);
      lockstep_run_set_loading (self->run, TRUE);
      lockstep_run_set_directory (self->run, self->directory);
    }
  else
    {
      lockstep_run_set_plan (self->run, plan);
    }

  return TRUE;
}

static void
lost_free (gpointer data)
{
  Lost *lost = data;

  g_free (lost->path);
  g_free (lost);
}

static void
add_lost (LockstepPastRun     *self,
          const LockstepEvent *event,
          const char          *path)
{
  GPtrArray *all = g_hash_table_lookup (self->lost, GINT_TO_POINTER (event->step));
  Lost      *lost = g_new (Lost, 1);

  if (all == NULL)
    {
      all = g_ptr_array_new_with_free_func (lost_free);
      g_hash_table_insert (self->lost, GINT_TO_POINTER (event->step), all);
    }
  *lost = (Lost){ .task = event->task, .replaced = G_MAXINT64, .path = g_strdup (path) };
  g_ptr_array_add (all, lost);
}

/* A step has ended: what it brought replaces what it had brought before. */
static void
replace_lost (LockstepPastRun     *self,
              const LockstepEvent *event)
{
  GPtrArray   *all = g_hash_table_lookup (self->lost, GINT_TO_POINTER (event->step));
  const gint64 first = lockstep_results_get_first (lockstep_run_get_outcome (self->run));

  for (guint i = all != NULL ? all->len : 0; i > 0; i--)
    {
      Lost *lost = g_ptr_array_index (all, i - 1);

      if (lost->task >= first)
        continue;

      lost->replaced = first;
      g_ptr_array_add (self->replaced, g_ptr_array_steal_index_fast (all, i - 1));
    }
}

static gboolean
fold (LockstepPastRun     *self,
      const LockstepEvent *event,
      const char          *lost,
      GError             **error)
{
  if ((read_origin (self, event) || self->run == NULL) && !use_plan (self, error))
    return FALSE;

  if (lost != NULL)
    add_lost (self, event, lost);
  lockstep_run_fold (self->run, event);
  if (event->type == LOCKSTEP_EVENT_STEP_ENDED)
    replace_lost (self, event);

  return TRUE;
}

/* Without its result a task counts as not done. */
static void
settle_lost (LockstepPastRun *self)
{
  GHashTableIter iter;
  gpointer       all;

  g_hash_table_iter_init (&iter, self->lost);
  while (g_hash_table_iter_next (&iter, NULL, &all))
    for (guint i = 0; i < ((GPtrArray *) all)->len; i++)
      {
        const Lost *lost = g_ptr_array_index ((GPtrArray *) all, i);

        lockstep_run_lose_result (self->run, lost->task);
        g_ptr_array_add (self->complaints, g_strdup_printf (_ ("The file of a result is missing: %s"), lost->path));
      }
}

static gpointer
copy_text (gconstpointer text,
           gpointer      user_data)
{
  return g_strdup (text);
}

static gboolean
read_journal (LockstepPastRun    *self,
              LockstepPastRunFunc func,
              gpointer            user_data,
              GError            **error)
{
  g_autoptr (GError)                reason = NULL;
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (self->directory, &reason);
  LockstepEvent                     event;
  char                             *lost;
  gboolean                          ok = TRUE, more = TRUE;

  /* A controller that died before it wrote anything. */
  if (reader == NULL && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      if (!self->live)
        g_ptr_array_add (self->complaints, g_strdup_printf (_ ("%s/journal.jsonl is missing: what the run did is not known."),
                                                            self->directory));
      return use_plan (self, error);
    }
  if (reader == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  while (ok && more && lockstep_journal_reader_next (reader, &event, &lost))
    {
      ok = fold (self, &event, lost, error);
      if (ok && func != NULL)
        more = func (self->run, &event, user_data);
      lockstep_event_clear (&event);
      g_free (lost);
    }
  if (!ok || (self->run == NULL && !use_plan (self, error)))
    return FALSE;

  self->end = lockstep_journal_reader_get_end (reader);
  self->n_events = lockstep_journal_reader_get_number (reader);
  g_ptr_array_extend (self->complaints, lockstep_journal_reader_get_complaints (reader), (GCopyFunc) copy_text, NULL);
  if (self->n_events == 0 && !self->live)
    g_ptr_array_add (self->complaints, g_strdup_printf (_ ("%s/journal.jsonl has no event in it: what the run did is not known."),
                                                        self->directory));
  settle_lost (self);
  return TRUE;
}

static LockstepPastRun *
load_run (const char         *directory,
          gboolean            to_resume,
          LockstepPastRunFunc func,
          gpointer            user_data,
          GError            **error)
{
  g_autoptr (LockstepPastRun) self = g_new0 (LockstepPastRun, 1);
  g_autofree char            *plan = NULL;

  self->directory = g_canonicalize_filename (directory, NULL);
  self->complaints = g_ptr_array_new_with_free_func (g_free);
  self->replaced = g_ptr_array_new_with_free_func (lost_free);
  self->lost = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  plan = g_build_filename (self->directory, "plan.lockstep", NULL);

  /* Before it is read: a run that ends meanwhile is not one that was interrupted. No lock is left where there is no
   * run. */
  if (to_resume && g_file_test (plan, G_FILE_TEST_EXISTS))
    {
      if ((self->lock = lockstep_run_lock_take (self->directory, error)) == NULL)
        return NULL;
    }
  else
    {
      self->live = lockstep_run_lock_is_held (self->directory);
    }

  if (!read_journal (self, func, user_data, error))
    return NULL;
  if (!self->live && !lockstep_run_has_ended (self->run))
    lockstep_run_set_interrupted (self->run);
  lockstep_run_set_loading (self->run, FALSE);

  return g_steal_pointer (&self);
}

LockstepPastRun *
lockstep_past_run_load (const char *directory,
                        gboolean    to_resume,
                        GError    **error)
{
  return load_run (directory, to_resume, NULL, NULL, error);
}

LockstepPastRun *
lockstep_past_run_load_with (const char         *directory,
                             LockstepPastRunFunc func,
                             gpointer            user_data,
                             GError            **error)
{
  return load_run (directory, FALSE, func, user_data, error);
}

typedef struct
{
  char    *directory;
  gboolean to_resume;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->directory);
  g_free (load);
}

static void
load (GTask        *task,
      gpointer      source,
      gpointer      task_data,
      GCancellable *cancellable)
{
  const Load      *load = task_data;
  GError          *error = NULL;
  LockstepPastRun *past = lockstep_past_run_load (load->directory, load->to_resume, &error);

  if (past == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, past, (GDestroyNotify) lockstep_past_run_free);
}

void
lockstep_past_run_load_async (const char         *directory,
                              gboolean            to_resume,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load             *data = g_new0 (Load, 1);

  data->directory = g_strdup (directory);
  data->to_resume = to_resume;
  g_task_set_source_tag (task, lockstep_past_run_load_async);
  g_task_set_task_data (task, data, load_free);
  g_task_run_in_thread (task, load);
}

LockstepPastRun *
lockstep_past_run_load_finish (GAsyncResult *result,
                               GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
lockstep_past_run_free (LockstepPastRun *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->run);
  g_clear_pointer (&self->lock, lockstep_run_lock_free);
  g_clear_pointer (&self->complaints, g_ptr_array_unref);
  g_ptr_array_unref (self->replaced);
  g_hash_table_unref (self->lost);
  g_free (self->directory);
  g_free (self->folder);
  g_free (self->name);
  g_free (self);
}

LockstepRun *
lockstep_past_run_get_run (LockstepPastRun *self)
{
  return self->run;
}

gboolean
lockstep_past_run_is_live (LockstepPastRun *self)
{
  return self->live;
}

GPtrArray *
lockstep_past_run_get_complaints (LockstepPastRun *self)
{
  return self->complaints;
}

static const char *
find_needed (GPtrArray *all,
             gint64     first)
{
  for (guint i = 0; i < all->len; i++)
    {
      const Lost *lost = g_ptr_array_index (all, i);

      if (lost->task < first && lost->replaced >= first)
        return lost->path;
    }

  return NULL;
}

gboolean
lockstep_past_run_has_lost (LockstepPastRun *self,
                            guint            step)
{
  GPtrArray *all = g_hash_table_lookup (self->lost, GUINT_TO_POINTER (step));

  return all != NULL && all->len > 0;
}

const char *
lockstep_past_run_find_lost (LockstepPastRun *self,
                             gint64           first)
{
  const char    *path = find_needed (self->replaced, first);
  GHashTableIter iter;
  gpointer       all;

  g_hash_table_iter_init (&iter, self->lost);
  while (path == NULL && g_hash_table_iter_next (&iter, NULL, &all))
    path = find_needed (all, first);

  return path;
}

goffset
lockstep_past_run_get_end (LockstepPastRun *self)
{
  return self->end;
}

guint64
lockstep_past_run_get_n_events (LockstepPastRun *self)
{
  return self->n_events;
}

LockstepPlan *
lockstep_past_run_load_plan (LockstepPastRun   *self,
                             GFile             *file,
                             const char *const *settings,
                             GError           **error)
{
  const LockstepPlanOptions options = {
    .settings = settings,
    .like = lockstep_run_get_plan (self->run),
  };
  LockstepPlan      *plan;
  g_autoptr (GError) reason = NULL;

  if (file != NULL)
    return lockstep_plan_load_with (file, &options, error);

  plan = load_plan (self, FALSE, settings, &reason);
  if (self->folder == NULL && g_error_matches (reason, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_FILE))
    g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_FILE,
                 _ ("%s. The run’s journal does not say in which folder its plan was, so that its files are looked for in the "
                    "run’s own: give the plan as well, as it is in its folder."),
                 reason->message);
  else if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));

  return plan;
}

LockstepRunLock *
lockstep_past_run_steal_lock (LockstepPastRun *self)
{
  return g_steal_pointer (&self->lock);
}
