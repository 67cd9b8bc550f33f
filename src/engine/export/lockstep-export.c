/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-export.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lockstep-export-job.h"
#include "lockstep-run-lock.h"

/* Notifications of progress a second. */
#define RATE 10

struct _LockstepExport
{
  GObject parent_instance;

  char                *directory; /* of the run; NULL for a plan */
  LockstepPlan        *plan;      /* owned; NULL for a run */
  LockstepExportWhat   what;
  LockstepExportFormat format;
  GPtrArray           *warnings; /* of char *; the thread's while it writes */
  GPtrArray           *names;    /* the same */
  int                  progress; /* of a thousand; written by the thread */
  int                  notified; /* the progress that was told last */
};

G_DEFINE_FINAL_TYPE (LockstepExport, lockstep_export, G_TYPE_OBJECT)

enum
{
  PROP_PROGRESS = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define FORMAT(name) (1u << LOCKSTEP_EXPORT_##name)

static const struct
{
  const char          *name;
  guint                formats;   /* a bit for each */
  LockstepExportFormat otherwise; /* where nobody says */
  gboolean (*write) (const LockstepExportJob *job, GError **error);
} kinds[LOCKSTEP_N_EXPORTS] = {
  [LOCKSTEP_EXPORT_LOG] = { "log", FORMAT (TEXT) | FORMAT (CSV) | FORMAT (JSONL), LOCKSTEP_EXPORT_TEXT, lockstep_export_write_log },
  [LOCKSTEP_EXPORT_RESULTS] = { "results", FORMAT (CSV) | FORMAT (JSON) | FORMAT (JSONL), LOCKSTEP_EXPORT_CSV, lockstep_export_write_results },
  [LOCKSTEP_EXPORT_EVENTS] = { "events", FORMAT (TEXT) | FORMAT (CSV) | FORMAT (JSONL), LOCKSTEP_EXPORT_JSONL, lockstep_export_write_events },
  [LOCKSTEP_EXPORT_TIMELINE] = { "timeline", FORMAT (CSV) | FORMAT (JSON) | FORMAT (JSONL), LOCKSTEP_EXPORT_CSV, lockstep_export_write_timeline },
  [LOCKSTEP_EXPORT_ALL] = { "all", FORMAT (ZIP), LOCKSTEP_EXPORT_ZIP, lockstep_export_write_all },
};

/* What a person types, and how the names of files end. */
static const struct
{
  const char *name;
  const char *ending;
} formats[LOCKSTEP_N_EXPORT_FORMATS] = {
  [LOCKSTEP_EXPORT_TEXT] = { "text", ".txt" },
  [LOCKSTEP_EXPORT_CSV] = { "csv", ".csv" },
  [LOCKSTEP_EXPORT_JSON] = { "json", ".json" },
  [LOCKSTEP_EXPORT_JSONL] = { "jsonl", ".jsonl" },
  [LOCKSTEP_EXPORT_ZIP] = { "zip", ".zip" },
};

const char *
lockstep_export_what_to_name (LockstepExportWhat what)
{
  return kinds[what].name;
}

gboolean
lockstep_export_what_from_name (const char         *name,
                                LockstepExportWhat *what)
{
  for (guint i = 0; i < LOCKSTEP_N_EXPORTS; i++)
    if (g_str_equal (kinds[i].name, name))
      {
        *what = i;
        return TRUE;
      }

  return FALSE;
}

const char *
lockstep_export_format_to_name (LockstepExportFormat format)
{
  return formats[format].name;
}

gboolean
lockstep_export_format_from_name (const char           *name,
                                  LockstepExportFormat *format)
{
  for (guint i = 0; i < LOCKSTEP_N_EXPORT_FORMATS; i++)
    if (g_str_equal (formats[i].name, name))
      {
        *format = i;
        return TRUE;
      }

  return FALSE;
}

gboolean
lockstep_export_format_from_path (const char           *path,
                                  LockstepExportFormat *format)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < LOCKSTEP_N_EXPORT_FORMATS; i++)
    if (g_str_has_suffix (lower, formats[i].ending))
      {
        *format = i;
        return TRUE;
      }

  return FALSE;
}

gboolean
lockstep_export_supports (LockstepExportWhat   what,
                          LockstepExportFormat format)
{
  return (kinds[what].formats & (1u << format)) != 0;
}

LockstepExportFormat
lockstep_export_get_default_format (LockstepExportWhat what)
{
  return kinds[what].otherwise;
}

static void
lockstep_export_finalize (GObject *object)
{
  LockstepExport *self = LOCKSTEP_EXPORT (object);

  g_free (self->directory);
  g_clear_object (&self->plan);
  g_ptr_array_unref (self->warnings);
  g_ptr_array_unref (self->names);

  G_OBJECT_CLASS (lockstep_export_parent_class)->finalize (object);
}

static void
lockstep_export_get_property (GObject    *object,
                              guint       property,
                              GValue     *value,
                              GParamSpec *pspec)
{
  LockstepExport *self = LOCKSTEP_EXPORT (object);

  switch (property)
    {
    case PROP_PROGRESS:
      g_value_set_double (value, lockstep_export_get_progress (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
lockstep_export_class_init (LockstepExportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lockstep_export_finalize;
  object_class->get_property = lockstep_export_get_property;

  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lockstep_export_init (LockstepExport *self)
{
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->names = g_ptr_array_new_with_free_func (g_free);
}

LockstepExport *
lockstep_export_new (const char          *directory,
                     LockstepExportWhat   what,
                     LockstepExportFormat format)
{
  LockstepExport *self;

  g_return_val_if_fail (lockstep_export_supports (what, format), NULL);

  self = g_object_new (LOCKSTEP_TYPE_EXPORT, NULL);
  self->directory = g_canonicalize_filename (directory, NULL);
  self->what = what;
  self->format = format;

  return self;
}

LockstepExport *
lockstep_export_new_plan (LockstepPlan *plan)
{
  LockstepExport *self;

  g_return_val_if_fail (lockstep_plan_get_file (plan) != NULL, NULL);

  self = g_object_new (LOCKSTEP_TYPE_EXPORT, NULL);
  self->plan = g_object_ref (plan);
  self->format = LOCKSTEP_EXPORT_ZIP;

  return self;
}

double
lockstep_export_get_progress (LockstepExport *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_EXPORT (self), 0);

  return g_atomic_int_get (&self->progress) / 1000.0;
}

GPtrArray *
lockstep_export_get_warnings (LockstepExport *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_EXPORT (self), NULL);

  return self->warnings;
}

GPtrArray *
lockstep_export_get_names (LockstepExport *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_EXPORT (self), NULL);

  return self->names;
}

/* Where to, and what tells of it meanwhile. */
typedef struct
{
  char    *path;
  gboolean replace;
  GSource *clock; /* in the caller's context */
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_source_destroy (writing->clock);
  g_source_unref (writing->clock);
  g_free (writing->path);
  g_free (writing);
}

/* The run's plan, for the names of its steps and the params of its tasks: what it needs of files is in the folder. */
static LockstepPlan *
load_plan (LockstepExport *self,
           GError        **error)
{
  g_autofree char          *path = g_build_filename (self->directory, "plan.lockstep", NULL);
  g_autoptr (GFile)         file = g_file_new_for_path (path);
  const LockstepPlanOptions options = { .directory = self->directory, .tables = self->directory, .unchecked = TRUE };

  return lockstep_plan_load_with (file, &options, error);
}

static gboolean
write_file (LockstepExport *self,
            const Writing  *writing,
            GCancellable   *cancellable,
            GError        **error)
{
  g_autoptr (LockstepPlan)       plan = self->plan != NULL ? g_object_ref (self->plan) : NULL;
  g_autoptr (LockstepExportFile) file = NULL;
  LockstepExportJob              job = {
                 .directory = self->directory,
                 .format = self->format,
                 .live = self->directory != NULL && lockstep_run_lock_is_held (self->directory),
                 .cancellable = cancellable,
                 .progress = &self->progress,
                 .warnings = self->warnings,
                 .names = self->names,
  };

  if (plan == NULL && self->what != LOCKSTEP_EXPORT_ALL && !(plan = load_plan (self, error)))
    return FALSE;
  if (!(file = lockstep_export_file_new (writing->path, writing->replace, error)))
    return FALSE;

  job.plan = plan;
  job.file = file;
  return (self->plan != NULL ? lockstep_export_write_plan : kinds[self->what].write) (&job, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error) && lockstep_export_file_finish (file, error);
}

static void
write_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GError *error = NULL;

  if (!write_file (source, task_data, cancellable, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
clock_cb (gpointer user_data)
{
  LockstepExport *self = user_data;
  const int       progress = g_atomic_int_get (&self->progress);

  if (progress != self->notified)
    {
      self->notified = progress;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
    }

  return G_SOURCE_CONTINUE;
}

void
lockstep_export_write_async (LockstepExport     *self,
                             const char         *path,
                             gboolean            replace,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Writing          *writing;

  g_return_if_fail (LOCKSTEP_IS_EXPORT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lockstep_export_write_async);
  /* When the file is in its place, it is too late. */
  g_task_set_check_cancellable (task, FALSE);

  writing = g_new0 (Writing, 1);
  writing->path = g_strdup (path);
  writing->replace = replace;
  writing->clock = g_timeout_source_new (1000 / RATE);
  g_source_set_callback (writing->clock, clock_cb, g_object_ref (self), g_object_unref);
  g_source_attach (writing->clock, g_task_get_context (task));
  g_task_set_task_data (task, writing, writing_free);
  g_task_run_in_thread (task, write_in_thread);
}

gboolean
lockstep_export_write_finish (LockstepExport *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
