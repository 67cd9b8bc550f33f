/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-history.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "lockstep-run-folder.h"

/* Changes to a folder come in flocks: this long after the first (ms) they are looked at, all together. */
#define SETTLE_TIME 150

/* So often live runs are looked at: whether they still are (ms). */
#define LIVE_INTERVAL 1000

/* Below drawing, as all that runs can cause. */
#define SETTLE_PRIORITY 150

struct _LockstepHistory
{
  GObject       parent_instance;
  char         *parent;
  GPtrArray    *entries;   /* of LockstepHistoryEntry, the newest first */
  GHashTable   *by_id;     /* id, the entry's → entry */
  GPtrArray    *strangers; /* of char * */
  GFileMonitor *monitor;   /* of the folder; NULL unless it is watched */
  GHashTable   *live;      /* of ids; where the folder is watched */
  GHashTable   *changed;   /* of ids: to be read again */
  guint         settle_source;
  guint         live_source;
  gboolean      reading; /* the changed ones */
};

static void lockstep_history_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LockstepHistory, lockstep_history, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, lockstep_history_list_model_init))

/* Some folders, to be read on a thread. */
typedef struct
{
  char      *parent;
  GPtrArray *ids;       /* of char *; NULL for all */
  GPtrArray *facts;     /* of LockstepRunFacts, what came of it */
  GPtrArray *strangers; /* of char *: folders and files that are no runs */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->parent);
  g_clear_pointer (&reading->ids, g_ptr_array_unref);
  g_ptr_array_unref (reading->facts);
  g_ptr_array_unref (reading->strangers);
  g_free (reading);
}

static Reading *
reading_new (LockstepHistory *self,
             GPtrArray       *ids)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->parent = g_strdup (self->parent);
  reading->ids = ids;
  reading->facts = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_run_facts_free);
  reading->strangers = g_ptr_array_new_with_free_func (g_free);

  return reading;
}

static void
read_one (Reading    *reading,
          const char *id)
{
  LockstepRunFacts *facts = lockstep_run_facts_read (reading->parent, id);

  if (facts != NULL)
    g_ptr_array_add (reading->facts, facts);
  else
    g_ptr_array_add (reading->strangers, g_strdup (id));
}

/* The newest first; of two that began in the same instant the order is the same each time. */
static int
compare_facts (const LockstepRunFacts *a,
               const LockstepRunFacts *b)
{
  if (a->started != b->started)
    return a->started > b->started ? -1 : 1;

  return strcmp (b->id, a->id);
}

static int
compare_read (gconstpointer a,
              gconstpointer b)
{
  return compare_facts (*(LockstepRunFacts *const *) a, *(LockstepRunFacts *const *) b);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
read_folders (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Reading           *reading = task_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir)   dir = NULL;
  const char        *name;

  for (guint i = 0; reading->ids != NULL && i < reading->ids->len; i++)
    read_one (reading, g_ptr_array_index (reading->ids, i));

  if (reading->ids == NULL && (dir = g_dir_open (reading->parent, 0, &error)) == NULL &&
      !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_task_return_error_if_cancelled (task))
        return;
      read_one (reading, name);
    }

  g_ptr_array_sort (reading->facts, compare_read);
  g_ptr_array_sort (reading->strangers, compare_names);
  g_task_return_boolean (task, TRUE);
}

static void start_settling (LockstepHistory *self);

static void
mark_changed (LockstepHistory *self,
              const char      *id)
{
  g_hash_table_add (self->changed, g_strdup (id));
  start_settling (self);
}

static gboolean
look_at_live (gpointer user_data)
{
  LockstepHistory *self = user_data;
  GHashTableIter   iter;
  gpointer         id;

  if (g_hash_table_size (self->live) == 0)
    {
      self->live_source = 0;
      return G_SOURCE_REMOVE;
    }

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    mark_changed (self, id);

  return G_SOURCE_CONTINUE;
}

/* Nothing tells when a lock is let go of, so that live runs are looked at now and then. */
static void
watch_live (LockstepHistory        *self,
            const LockstepRunFacts *facts)
{
  if (self->monitor != NULL && facts->state == LOCKSTEP_RUN_STEPPING)
    g_hash_table_add (self->live, g_strdup (facts->id));
  else
    g_hash_table_remove (self->live, facts->id);

  if (g_hash_table_size (self->live) > 0 && self->live_source == 0)
    self->live_source = g_timeout_add_full (SETTLE_PRIORITY, LIVE_INTERVAL, look_at_live, self, NULL);
}

/* Where @facts stands, or is to be put. */
static guint
find_place (LockstepHistory        *self,
            const LockstepRunFacts *facts)
{
  guint low = 0, high = self->entries->len;

  while (low < high)
    {
      const guint middle = (low + high) / 2;

      if (compare_facts (lockstep_history_entry_get_facts (g_ptr_array_index (self->entries, middle)), facts) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
remove_entry (LockstepHistory *self,
              const char      *id)
{
  LockstepHistoryEntry *entry = g_hash_table_lookup (self->by_id, id);
  guint                 place;

  g_hash_table_remove (self->live, id);
  if (entry == NULL)
    return;

  place = find_place (self, lockstep_history_entry_get_facts (entry));
  g_hash_table_remove (self->by_id, id);
  g_ptr_array_remove_index (self->entries, place);
  g_list_model_items_changed (G_LIST_MODEL (self), place, 1, 0);
}

static void
add_entry (LockstepHistory  *self,
           LockstepRunFacts *facts)
{
  LockstepHistoryEntry *entry = lockstep_history_entry_new (facts);
  const guint           place = find_place (self, facts);

  g_ptr_array_insert (self->entries, (int) place, entry);
  g_hash_table_insert (self->by_id, facts->id, entry);
  g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
}

/* Takes over @facts, of a folder that has changed. */
static void
take_facts (LockstepHistory  *self,
            LockstepRunFacts *facts)
{
  LockstepHistoryEntry *entry = g_hash_table_lookup (self->by_id, facts->id);

  if (entry != NULL && lockstep_history_entry_get_facts (entry)->started == facts->started)
    {
      /* The table's key is the entry's own text. */
      g_hash_table_steal (self->by_id, facts->id);
      lockstep_history_entry_set_facts (entry, facts);
      g_hash_table_insert (self->by_id, facts->id, entry);
    }
  else
    {
      remove_entry (self, facts->id);
      add_entry (self, facts);
    }
  watch_live (self, facts);
}

static void
changed_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  LockstepHistory *self = LOCKSTEP_HISTORY (source);
  Reading         *reading = g_task_get_task_data (G_TASK (result));

  self->reading = FALSE;
  for (guint i = 0; i < reading->strangers->len; i++)
    remove_entry (self, g_ptr_array_index (reading->strangers, i));
  while (reading->facts->len > 0)
    take_facts (self, g_ptr_array_steal_index (reading->facts, reading->facts->len - 1));
  start_settling (self);
}

static gboolean
settled (gpointer user_data)
{
  LockstepHistory  *self = user_data;
  g_autoptr (GTask) task = g_task_new (self, NULL, changed_read_cb, NULL);
  GPtrArray        *ids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter    iter;
  gpointer          id;

  self->settle_source = 0;
  self->reading = TRUE;
  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (ids, id);
    }

  g_task_set_source_tag (task, settled);
  g_task_set_task_data (task, reading_new (self, ids), reading_free);
  g_task_run_in_thread (task, read_folders);
  return G_SOURCE_REMOVE;
}

static void
start_settling (LockstepHistory *self)
{
  if (self->settle_source == 0 && !self->reading && g_hash_table_size (self->changed) > 0)
    self->settle_source = g_timeout_add_full (SETTLE_PRIORITY, SETTLE_TIME, settled, self, NULL);
}

static void
folder_changed_cb (GFileMonitor     *monitor,
                   GFile            *file,
                   GFile            *other,
                   GFileMonitorEvent event,
                   gpointer          user_data)
{
  LockstepHistory  *self = user_data;
  g_autoptr (GFile) folder = g_file_new_for_path (self->parent);
  GFile            *files[] = { file, other };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *id = files[i] != NULL ? g_file_get_relative_path (folder, files[i]) : NULL;

      if (id != NULL)
        mark_changed (self, id);
    }
}

static GType
lockstep_history_get_item_type (GListModel *model)
{
  return LOCKSTEP_TYPE_HISTORY_ENTRY;
}

static guint
lockstep_history_get_n_items (GListModel *model)
{
  return LOCKSTEP_HISTORY (model)->entries->len;
}

static gpointer
lockstep_history_get_item (GListModel *model,
                           guint       position)
{
  LockstepHistory *self = LOCKSTEP_HISTORY (model);

  return position < self->entries->len ? g_object_ref (g_ptr_array_index (self->entries, position)) : NULL;
}

static void
lockstep_history_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lockstep_history_get_item_type;
  iface->get_n_items = lockstep_history_get_n_items;
  iface->get_item = lockstep_history_get_item;
}

static void
lockstep_history_dispose (GObject *object)
{
  LockstepHistory *self = LOCKSTEP_HISTORY (object);

  g_clear_handle_id (&self->settle_source, g_source_remove);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_clear_handle_id (&self->live_source, g_source_remove);

  G_OBJECT_CLASS (lockstep_history_parent_class)->dispose (object);
}

static void
lockstep_history_finalize (GObject *object)
{
  LockstepHistory *self = LOCKSTEP_HISTORY (object);

  g_hash_table_unref (self->live);
  g_hash_table_unref (self->changed);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->strangers);
  g_free (self->parent);

  G_OBJECT_CLASS (lockstep_history_parent_class)->finalize (object);
}

static void
lockstep_history_class_init (LockstepHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lockstep_history_dispose;
  G_OBJECT_CLASS (klass)->finalize = lockstep_history_finalize;
}

static void
lockstep_history_init (LockstepHistory *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->strangers = g_ptr_array_new_with_free_func (g_free);
  self->live = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

LockstepHistory *
lockstep_history_new (const char *parent)
{
  LockstepHistory *self = g_object_new (LOCKSTEP_TYPE_HISTORY, NULL);

  self->parent = lockstep_run_folder_dup_parent (parent);

  return self;
}

const char *
lockstep_history_get_parent (LockstepHistory *self)
{
  return self->parent;
}

void
lockstep_history_load_async (LockstepHistory    *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LOCKSTEP_IS_HISTORY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lockstep_history_load_async);
  g_task_set_task_data (task, reading_new (self, NULL), reading_free);
  g_task_run_in_thread (task, read_folders);
}

gboolean
lockstep_history_load_finish (LockstepHistory *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  Reading    *reading;
  const guint n_before = self->entries->len;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    {
      g_prefix_error (error, _ ("The runs in %s cannot be listed: "), self->parent);
      return FALSE;
    }

  reading = g_task_get_task_data (G_TASK (result));
  g_hash_table_remove_all (self->by_id);
  g_ptr_array_set_size (self->entries, 0);
  g_ptr_array_set_free_func (reading->facts, NULL);
  for (guint i = 0; i < reading->facts->len; i++)
    {
      LockstepRunFacts     *facts = g_ptr_array_index (reading->facts, i);
      LockstepHistoryEntry *entry = lockstep_history_entry_new (facts);

      g_ptr_array_add (self->entries, entry);
      g_hash_table_insert (self->by_id, facts->id, entry);
    }
  g_ptr_array_set_size (reading->facts, 0);
  g_ptr_array_unref (self->strangers);
  self->strangers = g_ptr_array_ref (reading->strangers);

  for (guint i = 0; i < self->entries->len; i++)
    watch_live (self, lockstep_history_entry_get_facts (g_ptr_array_index (self->entries, i)));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->entries->len);
  return TRUE;
}

void
lockstep_history_watch (LockstepHistory *self)
{
  g_autoptr (GFile) folder = g_file_new_for_path (self->parent);

  if (self->monitor != NULL)
    return;

  /* Only a folder that is there can be watched: where none can be made, there will be no runs either. */
  g_mkdir_with_parents (self->parent, 0777);
  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect (self->monitor, "changed", G_CALLBACK (folder_changed_cb), self);
}

GPtrArray *
lockstep_history_get_strangers (LockstepHistory *self)
{
  return self->strangers;
}

LockstepHistoryEntry *
lockstep_history_lookup (LockstepHistory *self,
                         const char      *id)
{
  return g_hash_table_lookup (self->by_id, id);
}
