/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-history-entry.h"

#include "lockstep-standing.h"

struct _LockstepHistoryEntry
{
  GObject           parent_instance;
  LockstepRunFacts *facts; /* owned */
  gint64            size;  /* bytes; negative until measured */
  LockstepRun      *run;   /* that is followed; NULL for none */
  GSignalGroup     *run_signals;
  char             *headline; /* of run */
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_DIRECTORY,
  PROP_PLAN,
  PROP_NAME,
  PROP_NOTE,
  PROP_UNTIL,
  PROP_PROBLEM,
  PROP_STATE,
  PROP_LIVE,
  PROP_STARTED,
  PROP_SECONDS,
  PROP_TASKS_DONE,
  PROP_TASKS_TOTAL,
  PROP_LISTED,
  PROP_FAILURES,
  PROP_REACHED,
  PROP_VALUE,
  PROP_SIZE,
  PROP_HEADLINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (LockstepHistoryEntry, lockstep_history_entry, G_TYPE_OBJECT)

static void
lockstep_history_entry_get_property (GObject    *object,
                                     guint       property_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  LockstepHistoryEntry   *self = LOCKSTEP_HISTORY_ENTRY (object);
  const LockstepRunFacts *facts = self->facts;

  switch (property_id)
    {
    case PROP_ID:
      g_value_set_string (value, facts->id);
      break;
    case PROP_DIRECTORY:
      g_value_set_string (value, facts->directory);
      break;
    case PROP_PLAN:
      g_value_set_string (value, facts->plan);
      break;
    case PROP_NAME:
      g_value_set_string (value, facts->name);
      break;
    case PROP_NOTE:
      g_value_set_string (value, facts->note);
      break;
    case PROP_UNTIL:
      g_value_set_string (value, facts->until);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, facts->problem);
      break;
    case PROP_STATE:
      g_value_set_uint (value, facts->state);
      break;
    case PROP_LIVE:
      g_value_set_boolean (value, facts->state == LOCKSTEP_RUN_STEPPING);
      break;
    case PROP_STARTED:
      g_value_set_int64 (value, facts->started);
      break;
    case PROP_SECONDS:
      g_value_set_double (value, facts->seconds);
      break;
    case PROP_TASKS_DONE:
      g_value_set_int64 (value, facts->n_done);
      break;
    case PROP_TASKS_TOTAL:
      g_value_set_int64 (value, facts->n_tasks);
      break;
    case PROP_LISTED:
      g_value_set_boolean (value, facts->listed);
      break;
    case PROP_FAILURES:
      g_value_set_int64 (value, facts->n_failures);
      break;
    case PROP_REACHED:
      g_value_set_boolean (value, facts->reached);
      break;
    case PROP_VALUE:
      g_value_set_double (value, facts->value);
      break;
    case PROP_SIZE:
      g_value_set_int64 (value, self->size);
      break;
    case PROP_HEADLINE:
      g_value_set_string (value, self->headline);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
update_headline (LockstepHistoryEntry *self)
{
  g_autofree char *headline = self->run != NULL ? lockstep_standing_dup_headline (self->run) : NULL;

  if (g_strcmp0 (headline, self->headline) == 0)
    return;

  g_free (self->headline);
  self->headline = g_steal_pointer (&headline);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEADLINE]);
}

static void
lockstep_history_entry_dispose (GObject *object)
{
  LockstepHistoryEntry *self = LOCKSTEP_HISTORY_ENTRY (object);

  g_clear_object (&self->run_signals);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (lockstep_history_entry_parent_class)->dispose (object);
}

static void
lockstep_history_entry_finalize (GObject *object)
{
  lockstep_run_facts_free (LOCKSTEP_HISTORY_ENTRY (object)->facts);
  g_free (LOCKSTEP_HISTORY_ENTRY (object)->headline);

  G_OBJECT_CLASS (lockstep_history_entry_parent_class)->finalize (object);
}

static void
lockstep_history_entry_class_init (LockstepHistoryEntryClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_history_entry_get_property;
  object_class->dispose = lockstep_history_entry_dispose;
  object_class->finalize = lockstep_history_entry_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_DIRECTORY] = g_param_spec_string ("directory", NULL, NULL, NULL, flags);
  properties[PROP_PLAN] = g_param_spec_string ("plan", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, flags);
  properties[PROP_UNTIL] = g_param_spec_string ("until", NULL, NULL, NULL, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, flags);
  properties[PROP_STARTED] = g_param_spec_int64 ("started", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_SECONDS] = g_param_spec_double ("seconds", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_TASKS_DONE] = g_param_spec_int64 ("tasks-done", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_TASKS_TOTAL] = g_param_spec_int64 ("tasks-total", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_LISTED] = g_param_spec_boolean ("listed", NULL, NULL, FALSE, flags);
  properties[PROP_FAILURES] = g_param_spec_int64 ("failures", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_REACHED] = g_param_spec_boolean ("reached", NULL, NULL, FALSE, flags);
  properties[PROP_VALUE] = g_param_spec_double ("value", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  properties[PROP_HEADLINE] = g_param_spec_string ("headline", NULL, NULL, NULL, flags);
  properties[PROP_SIZE] = g_param_spec_int64 ("size", NULL, NULL, -1, G_MAXINT64, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lockstep_history_entry_init (LockstepHistoryEntry *self)
{
  self->size = -1;
}

LockstepHistoryEntry *
lockstep_history_entry_new (LockstepRunFacts *facts)
{
  LockstepHistoryEntry *self = g_object_new (LOCKSTEP_TYPE_HISTORY_ENTRY, NULL);

  self->facts = facts;

  return self;
}

const LockstepRunFacts *
lockstep_history_entry_get_facts (LockstepHistoryEntry *self)
{
  return self->facts;
}

void
lockstep_history_entry_set_facts (LockstepHistoryEntry *self,
                                  LockstepRunFacts     *facts)
{
  lockstep_run_facts_free (self->facts);
  self->facts = facts;

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_ID; i < PROP_SIZE; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
lockstep_history_entry_follow (LockstepHistoryEntry *self,
                               LockstepRun          *run)
{
  g_return_if_fail (LOCKSTEP_IS_HISTORY_ENTRY (self));

  if (!g_set_object (&self->run, run))
    return;

  /* Most entries are of runs that nobody follows. */
  if (self->run_signals == NULL)
    {
      self->run_signals = g_signal_group_new (LOCKSTEP_TYPE_RUN);
      g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (update_headline), self);
      g_signal_group_connect_swapped (self->run_signals, "notify::summary", G_CALLBACK (update_headline), self);
    }
  g_signal_group_set_target (self->run_signals, run);
  update_headline (self);
}

static void
measure (GTask        *task,
         gpointer      source,
         gpointer      task_data,
         GCancellable *cancellable)
{
  g_autoptr (GFile) folder = g_file_new_for_path (task_data);
  GError           *error = NULL;
  guint64           size;

  if (!g_file_measure_disk_usage (folder, G_FILE_MEASURE_REPORT_ANY_ERROR, cancellable, NULL, NULL, &size, NULL, NULL, &error))
    g_task_return_error (task, error);
  else
    g_task_return_int (task, (gssize) size);
}

void
lockstep_history_entry_measure_async (LockstepHistoryEntry *self,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LOCKSTEP_IS_HISTORY_ENTRY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lockstep_history_entry_measure_async);
  g_task_set_task_data (task, g_strdup (self->facts->directory), g_free);
  g_task_run_in_thread (task, measure);
}

gint64
lockstep_history_entry_measure_finish (LockstepHistoryEntry *self,
                                       GAsyncResult         *result,
                                       GError              **error)
{
  gint64 size;

  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  size = g_task_propagate_int (G_TASK (result), error);
  if (size >= 0)
    {
      self->size = size;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIZE]);
    }

  return size;
}
