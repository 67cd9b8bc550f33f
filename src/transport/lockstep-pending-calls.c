/* SPDX-License-Identifier: MIT */

#include "lockstep-pending-calls.h"

#include "lockstep-peer.h"

/* Waits for a task's cancellable; the task's data. */
typedef struct
{
  LockstepPendingCalls *calls; /* they outlive the task's stay in them */
  gsize                 id;
  GSource              *source;
} Cancellation;

static void
cancellation_free (Cancellation *cancellation)
{
  g_source_destroy (cancellation->source);
  g_source_unref (cancellation->source);
  g_free (cancellation);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Cancellation     *cancellation = user_data;
  g_autoptr (GTask) task = lockstep_pending_calls_take (cancellation->calls, (gint64) cancellation->id);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (LockstepPendingCalls *self,
                   GTask                *task,
                   gsize                 id)
{
  Cancellation *cancellation = g_new (Cancellation, 1);

  cancellation->calls = self;
  cancellation->id = id;
  cancellation->source = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (cancellation->source, G_SOURCE_FUNC (cancelled_cb), cancellation, NULL);
  g_source_set_static_name (cancellation->source, "[lockstep] call cancelled");
  g_source_set_priority (cancellation->source, LOCKSTEP_PEER_PRIORITY);
  g_source_attach (cancellation->source, g_task_get_context (task));

  g_task_set_task_data (task, cancellation, (GDestroyNotify) cancellation_free);
}

void
lockstep_pending_calls_init (LockstepPendingCalls *self)
{
  self->tasks = g_hash_table_new (NULL, NULL);
  self->last_id = 0;
}

void
lockstep_pending_calls_clear (LockstepPendingCalls *self)
{
  g_assert (self->tasks == NULL || g_hash_table_size (self->tasks) == 0);

  g_clear_pointer (&self->tasks, g_hash_table_unref);
}

gsize
lockstep_pending_calls_add (LockstepPendingCalls *self,
                            GTask                *task)
{
  gsize id = ++self->last_id;

  g_hash_table_insert (self->tasks, GSIZE_TO_POINTER (id), task);

  if (g_task_get_cancellable (task) != NULL)
    watch_cancellable (self, task, id);

  return id;
}

GTask *
lockstep_pending_calls_take (LockstepPendingCalls *self,
                             gint64                id)
{
  gpointer task;

  if (!lockstep_pending_calls_knows (self, id) ||
      !g_hash_table_steal_extended (self->tasks, GSIZE_TO_POINTER ((gsize) id), NULL, &task))
    return NULL;

  /* Its end may come later than its leaving. */
  if (g_task_get_task_data (task) != NULL)
    g_source_destroy (((Cancellation *) g_task_get_task_data (task))->source);

  return task;
}

gboolean
lockstep_pending_calls_knows (LockstepPendingCalls *self,
                              gint64                id)
{
  return id > 0 && (guint64) id <= self->last_id;
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gsize first = GPOINTER_TO_SIZE (a);
  gsize second = GPOINTER_TO_SIZE (b);

  return first < second ? -1 : first > second;
}

void
lockstep_pending_calls_end (LockstepPendingCalls *self,
                            const GError         *reason)
{
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (self->tasks), compare_ids);

  for (GList *link = ids; link != NULL; link = link->next)
    {
      g_autoptr (GTask) task = lockstep_pending_calls_take (self, (gint64) GPOINTER_TO_SIZE (link->data));

      /* A callback may have cancelled another call. */
      if (task != NULL)
        g_task_return_error (task, g_error_copy (reason));
    }
}
