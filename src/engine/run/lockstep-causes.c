/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-causes.h"

#include <glib/gi18n-lib.h>

#include "lockstep-cause-private.h"
#include "lockstep-cause-text.h"

struct _LockstepCauses
{
  GHashTable *groups;   /* "cause\ntext" → LockstepCause, owned */
  GHashTable *failures; /* task + 1 → LockstepFailure, owned */
  GListStore *model;    /* the groups as views know them */
  GPtrArray  *fresh;    /* groups that the model lacks */
  guint       n_made;
  gboolean    changed; /* since the model was up to date */
};

/* The key of the group for all others; no cause is empty. */
#define OTHER_KEY "\n"

LockstepCauses *
lockstep_causes_new (void)
{
  LockstepCauses *self = g_new0 (LockstepCauses, 1);

  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->failures = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->model = g_list_store_new (LOCKSTEP_TYPE_CAUSE);
  self->fresh = g_ptr_array_new ();

  return self;
}

void
lockstep_causes_free (LockstepCauses *self)
{
  GHashTableIter iter;
  gpointer       failure;

  /* A view may keep a group for longer than this. */
  g_hash_table_iter_init (&iter, self->failures);
  while (g_hash_table_iter_next (&iter, NULL, &failure))
    lockstep_cause_remove (failure);

  g_ptr_array_unref (self->fresh);
  g_hash_table_unref (self->failures);
  g_object_unref (self->model);
  g_hash_table_unref (self->groups);
  g_free (self);
}

static gpointer
task_to_key (gint64 task)
{
  return GSIZE_TO_POINTER ((gsize) task + 1);
}

static LockstepCause *
make_group (LockstepCauses *self,
            const char     *key,
            LockstepCause  *group)
{
  g_hash_table_insert (self->groups, g_strdup (key), group);
  g_ptr_array_add (self->fresh, group);

  return group;
}

static LockstepCause *
get_group (LockstepCauses *self,
           const char     *cause,
           const char     *line)
{
  g_autofree char *text = lockstep_cause_dup_folded (line);
  g_autofree char *key = g_strconcat (cause, "\n", text, NULL);
  LockstepCause   *group = g_hash_table_lookup (self->groups, key);

  if (group != NULL)
    return group;
  if (g_hash_table_size (self->groups) < LOCKSTEP_CAUSES_MAX)
    return make_group (self, key, lockstep_cause_new (cause, text, self->n_made++));

  group = g_hash_table_lookup (self->groups, OTHER_KEY);
  if (group != NULL)
    return group;
  return make_group (self, OTHER_KEY, lockstep_cause_new ("other", _ ("All other failures"), G_MAXUINT));
}

void
lockstep_causes_add (LockstepCauses *self,
                     const char     *cause,
                     const char     *line,
                     gint64          task,
                     int             solver,
                     int             attempt)
{
  LockstepFailure *failure = g_hash_table_lookup (self->failures, task_to_key (task));

  if (failure != NULL)
    {
      lockstep_cause_remove (failure);
    }
  else
    {
      failure = g_new0 (LockstepFailure, 1);
      g_hash_table_insert (self->failures, task_to_key (task), failure);
    }

  failure->task = task;
  failure->solver = solver;
  failure->attempt = attempt;
  lockstep_cause_add (get_group (self, cause, line), failure);
  self->changed = TRUE;
}

gboolean
lockstep_causes_remove (LockstepCauses *self,
                        gint64          task)
{
  LockstepFailure *failure;

  /* Nearly always there is none, and this is asked for every result. */
  if (g_hash_table_size (self->failures) == 0)
    return FALSE;
  failure = g_hash_table_lookup (self->failures, task_to_key (task));
  if (failure == NULL)
    return FALSE;

  lockstep_cause_remove (failure);
  g_hash_table_remove (self->failures, task_to_key (task));
  self->changed = TRUE;
  return TRUE;
}

void
lockstep_causes_forget (LockstepCauses *self,
                        gint64          first,
                        GHashTable     *kept)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->failures);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LockstepFailure *failure = value;

      if (failure->task < first || g_hash_table_contains (kept, GUINT_TO_POINTER ((guint) (failure->task - first))))
        continue;
      lockstep_cause_remove (failure);
      g_hash_table_iter_remove (&iter);
      self->changed = TRUE;
    }
}

guint64
lockstep_causes_get_count (LockstepCauses *self)
{
  return g_hash_table_size (self->failures);
}

LockstepCause *
lockstep_causes_lookup (LockstepCauses *self,
                        gint64          task)
{
  LockstepFailure *failure = g_hash_table_lookup (self->failures, task_to_key (task));

  return failure != NULL ? failure->cause : NULL;
}

GListModel *
lockstep_causes_get_model (LockstepCauses *self)
{
  return G_LIST_MODEL (self->model);
}

static gboolean
is_empty (gpointer key,
          gpointer group,
          gpointer user_data)
{
  return lockstep_cause_get_count (group) == 0;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  return lockstep_cause_compare ((LockstepCause *) a, (LockstepCause *) b);
}

/* Takes out the groups that are empty and tells the views of the others. FALSE when these are not in order. */
static gboolean
update_groups (LockstepCauses *self)
{
  g_autoptr (LockstepCause) below = NULL;
  gboolean                  in_order = TRUE;

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->model)); i-- > 0;)
    {
      g_autoptr (LockstepCause) group = g_list_model_get_item (G_LIST_MODEL (self->model), i);

      if (lockstep_cause_get_count (group) == 0)
        {
          g_list_store_remove (self->model, i);
          continue;
        }
      in_order &= below == NULL || lockstep_cause_compare (group, below) < 0;
      g_set_object (&below, group);
      lockstep_cause_flush (group);
    }

  return in_order;
}

void
lockstep_causes_flush (LockstepCauses *self)
{
  g_autoptr (GPtrArray) fresh = NULL;

  if (!self->changed)
    return;

  self->changed = FALSE;
  fresh = g_steal_pointer (&self->fresh);
  self->fresh = g_ptr_array_new ();
  for (guint i = 0; i < fresh->len; i++)
    if (lockstep_cause_get_count (g_ptr_array_index (fresh, i)) > 0)
      g_list_store_insert_sorted (self->model, g_ptr_array_index (fresh, i), compare, NULL);
  if (!update_groups (self))
    g_list_store_sort (self->model, compare, NULL);
  g_hash_table_foreach_remove (self->groups, is_empty, NULL);
}
