/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-chronicle.h"

#include "lockstep-journal-reader.h"

/* Views are told so often (ms), below drawing, as of all that solvers can cause. */
#define CHANGED_INTERVAL 100
#define CHANGED_PRIORITY 150

struct _LockstepChronicle
{
  GObject        parent_instance;
  LockstepRun   *run;
  LockstepTrace *trace;
  GCancellable  *loading;   /* the reading of the journal; NULL when there is none */
  GArray        *meanwhile; /* of LockstepEvent, while it is read */
  char          *problem;
  guint          changed_source; /* 0 while nobody is to be told */
};

G_DEFINE_FINAL_TYPE (LockstepChronicle, lockstep_chronicle, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_RUN,
  PROP_LOADING,
  PROP_PROBLEM,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
tell_views (gpointer data)
{
  LockstepChronicle *self = data;

  self->changed_source = 0;
  g_signal_emit (self, signals[CHANGED], 0);

  return G_SOURCE_REMOVE;
}

static void
queue_changed (LockstepChronicle *self)
{
  if (self->changed_source == 0)
    self->changed_source = g_timeout_add_full (CHANGED_PRIORITY, CHANGED_INTERVAL, tell_views, self, NULL);
}

static void
event_cb (LockstepRun         *run,
          const LockstepEvent *event,
          LockstepChronicle   *self)
{
  if (self->loading != NULL)
    {
      LockstepEvent copy = *event;

      if (copy.payload != NULL)
        g_bytes_ref (copy.payload);
      g_array_append_val (self->meanwhile, copy);
      return;
    }

  lockstep_trace_take (self->trace, event);
  queue_changed (self);
}

typedef struct
{
  char         *directory;
  LockstepPlan *plan;
  gboolean      over; /* nothing follows what the journal has */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->directory);
  g_object_unref (load->plan);
  g_free (load);
}

static void
load_on_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const Load                       *load = task_data;
  g_autoptr (LockstepTrace)         trace = lockstep_trace_new (load->plan);
  g_autoptr (GError)                error = NULL;
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (load->directory, &error);
  LockstepEvent                     event;

  if (reader == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  while (!g_cancellable_is_cancelled (cancellable) && lockstep_journal_reader_next (reader, &event, NULL))
    {
      lockstep_trace_take (trace, &event);
      lockstep_trace_take_left_out (trace, &event);
      lockstep_event_clear (&event);
    }
  if (load->over)
    lockstep_trace_end (trace);
  g_task_return_pointer (task, g_steal_pointer (&trace), (GDestroyNotify) lockstep_trace_free);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  LockstepChronicle *self = LOCKSTEP_CHRONICLE (object);
  g_autoptr (GError) error = NULL;
  LockstepTrace     *trace = g_task_propagate_pointer (G_TASK (result), &error);
  gint64             latest;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (trace != NULL)
    {
      lockstep_trace_free (self->trace);
      self->trace = trace;
    }
  else
    {
      self->problem = g_strdup (error->message);
    }

  /* The journal may have had them already. */
  latest = lockstep_trace_get_latest (self->trace);
  for (guint i = 0; i < self->meanwhile->len; i++)
    {
      const LockstepEvent *event = &g_array_index (self->meanwhile, LockstepEvent, i);

      if (event->time > latest)
        lockstep_trace_take (self->trace, event);
    }
  g_array_set_size (self->meanwhile, 0);

  g_clear_object (&self->loading);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
  if (self->problem != NULL)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
load (LockstepChronicle *self)
{
  g_autoptr (GTask) task = NULL;
  Load             *data = g_new0 (Load, 1);

  self->loading = g_cancellable_new ();
  data->directory = g_strdup (lockstep_run_get_directory (self->run));
  data->plan = g_object_ref (lockstep_run_get_plan (self->run));
  data->over = lockstep_run_has_ended (self->run);

  task = g_task_new (self, self->loading, loaded_cb, NULL);
  g_task_set_source_tag (task, load);
  g_task_set_task_data (task, data, load_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, load_on_thread);
}

static void
lockstep_chronicle_get_property (GObject    *object,
                                 guint       property_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LockstepChronicle *self = LOCKSTEP_CHRONICLE (object);

  switch (property_id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading != NULL);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_chronicle_dispose (GObject *object)
{
  LockstepChronicle *self = LOCKSTEP_CHRONICLE (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_handle_id (&self->changed_source, g_source_remove);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (lockstep_chronicle_parent_class)->dispose (object);
}

static void
lockstep_chronicle_finalize (GObject *object)
{
  LockstepChronicle *self = LOCKSTEP_CHRONICLE (object);

  lockstep_trace_free (self->trace);
  g_array_unref (self->meanwhile);
  g_free (self->problem);

  G_OBJECT_CLASS (lockstep_chronicle_parent_class)->finalize (object);
}

static void
lockstep_chronicle_class_init (LockstepChronicleClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lockstep_chronicle_get_property;
  object_class->dispose = lockstep_chronicle_dispose;
  object_class->finalize = lockstep_chronicle_finalize;

  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, LOCKSTEP_TYPE_RUN, flags);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
lockstep_chronicle_init (LockstepChronicle *self)
{
  self->meanwhile = g_array_new (FALSE, FALSE, sizeof (LockstepEvent));
  g_array_set_clear_func (self->meanwhile, (GDestroyNotify) lockstep_event_clear);
}

LockstepChronicle *
lockstep_chronicle_new (LockstepRun *run)
{
  LockstepChronicle *self;

  g_return_val_if_fail (LOCKSTEP_IS_RUN (run), NULL);

  self = g_object_new (LOCKSTEP_TYPE_CHRONICLE, NULL);
  self->run = g_object_ref (run);
  self->trace = lockstep_trace_new (lockstep_run_get_plan (run));
  g_signal_connect (run, "event", G_CALLBACK (event_cb), self);
  if (lockstep_run_get_start (run) != 0 && lockstep_run_get_directory (run) != NULL)
    load (self);

  return self;
}

LockstepRun *
lockstep_chronicle_get_run (LockstepChronicle *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CHRONICLE (self), NULL);

  return self->run;
}

gboolean
lockstep_chronicle_get_loading (LockstepChronicle *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CHRONICLE (self), FALSE);

  return self->loading != NULL;
}

const char *
lockstep_chronicle_get_problem (LockstepChronicle *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CHRONICLE (self), NULL);

  return self->problem;
}

LockstepTrace *
lockstep_chronicle_get_trace (LockstepChronicle *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_CHRONICLE (self), NULL);

  return self->trace;
}
