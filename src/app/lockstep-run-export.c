/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-export.h"

#include <glib/gi18n-lib.h>

#include "lockstep-exported.h"

/* An export that is being asked about, or written. */
typedef struct
{
  GtkWindow            *parent;
  AdwToastOverlay      *toasts;
  LockstepRun          *run;
  LockstepExportWhat    what;
  GtkFileChooserNative *chooser; /* NULL once there is a path */
  char                 *path;
  LockstepExport *export;
  AdwToast     *toast; /* that tells how far it is */
  GCancellable *cancellable;
} Job;

static void
job_free (Job *job)
{
  g_clear_object (&job->parent);
  g_clear_object (&job->toasts);
  g_clear_object (&job->run);
  g_clear_object (&job->chooser);
  g_clear_object (&job->export);
  g_clear_object (&job->toast);
  g_clear_object (&job->cancellable);
  g_free (job->path);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static Job *
job_new (GtkWindow         *parent,
         AdwToastOverlay   *toasts,
         LockstepRun       *run,
         LockstepExportWhat what)
{
  Job *job = g_new0 (Job, 1);

  job->parent = g_object_ref (parent);
  job->toasts = g_object_ref (toasts);
  job->run = g_object_ref (run);
  job->what = what;

  return job;
}

static void
cancel_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  g_cancellable_cancel (user_data);
}

/* What the button of the toast does. */
static void
add_actions (Job *job)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction)      cancel = g_simple_action_new ("cancel-export", NULL);

  g_signal_connect_object (cancel, "activate", G_CALLBACK (cancel_cb), job->cancellable, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (cancel));
  gtk_widget_insert_action_group (GTK_WIDGET (job->toasts), "toast", G_ACTION_GROUP (group));
}

static void
progress_cb (LockstepExport *export,
             GParamSpec *pspec,
             AdwToast   *toast)
{
  g_autofree char *title = g_strdup_printf (_ ("Exporting… %d %%"), (int) (100 * lockstep_export_get_progress (export)));

  adw_toast_set_title (toast, title);
}

static void
tell_failure (Job          *job,
              const GError *error)
{
  g_autofree char *text = g_utf8_make_valid (error->message, -1);
  GtkWidget       *dialog = adw_message_dialog_new (job->parent, _ ("The File Could Not Be Written"), text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Job)    job = user_data;
  GPtrArray         *warnings = lockstep_export_get_warnings (job->export);
  g_autoptr (GError) error = NULL;

  g_signal_handlers_disconnect_by_func (object, progress_cb, job->toast);
  adw_toast_dismiss (job->toast);
  if (lockstep_export_write_finish (LOCKSTEP_EXPORT (object), result, &error))
    lockstep_exported_tell (job->toasts, job->path, warnings->len > 0 ? warnings->pdata[0] : NULL);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_failure (job, error);
}

/* Takes @job over. */
static void
write_file (Job                 *job,
            LockstepExportFormat format)
{
  job->cancellable = g_cancellable_new ();
  add_actions (job);
  job->toast = g_object_ref_sink (adw_toast_new (_ ("Exporting…")));
  adw_toast_set_timeout (job->toast, 0);
  adw_toast_set_button_label (job->toast, _ ("_Cancel"));
  adw_toast_set_action_name (job->toast, "toast.cancel-export");
  adw_toast_overlay_add_toast (job->toasts, g_object_ref (job->toast));

  job->export = lockstep_export_new (lockstep_run_get_directory (job->run), job->what, format);
  g_signal_connect_object (job->export, "notify::progress", G_CALLBACK (progress_cb), job->toast, 0);
  lockstep_export_write_async (job->export, job->path, TRUE, job->cancellable, written_cb, job);
}

static void
response_cb (GtkNativeDialog *chooser,
             int              response,
             gpointer         user_data)
{
  g_autoptr (Job)      job = user_data;
  g_autoptr (GFile)    file = NULL;
  LockstepExportFormat format;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_signal_handlers_disconnect_by_func (chooser, response_cb, job);
  gtk_native_dialog_destroy (chooser);
  if (file == NULL || (job->path = g_file_get_path (file)) == NULL)
    return;

  /* What a person types behind the name says in which format. */
  if (!lockstep_export_format_from_path (job->path, &format) || !lockstep_export_supports (job->what, format))
    format = lockstep_export_get_default_format (job->what);
  write_file (g_steal_pointer (&job), format);
}

/* What the file is called unless a person says otherwise. */
static char *
dup_name (Job *job)
{
  static const char *const endings[] = {
    [LOCKSTEP_EXPORT_TEXT] = "txt",
    [LOCKSTEP_EXPORT_CSV] = "csv",
    [LOCKSTEP_EXPORT_JSON] = "json",
    [LOCKSTEP_EXPORT_JSONL] = "jsonl",
    [LOCKSTEP_EXPORT_ZIP] = "zip",
  };
  g_autofree char *run = g_path_get_basename (lockstep_run_get_directory (job->run));
  g_autofree char *shown = g_filename_display_name (run);

  if (job->what == LOCKSTEP_EXPORT_ALL)
    return g_strdup_printf ("%s.zip", shown);

  return g_strdup_printf ("%s-%s.%s", shown, lockstep_export_what_to_name (job->what),
                          endings[lockstep_export_get_default_format (job->what)]);
}

void
lockstep_run_export_present (GtkWindow         *parent,
                             AdwToastOverlay   *toasts,
                             LockstepRun       *run,
                             LockstepExportWhat what)
{
  Job             *job;
  g_autofree char *name = NULL;

  g_return_if_fail (LOCKSTEP_IS_RUN (run));
  g_return_if_fail (lockstep_run_get_directory (run) != NULL);

  job = job_new (parent, toasts, run, what);
  name = dup_name (job);
  job->chooser = gtk_file_chooser_native_new (_ ("Export"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (job->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (job->chooser), name);
  g_signal_connect (job->chooser, "response", G_CALLBACK (response_cb), job);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (job->chooser));
}

void
lockstep_run_export_write (GtkWindow           *parent,
                           AdwToastOverlay     *toasts,
                           LockstepRun         *run,
                           LockstepExportWhat   what,
                           LockstepExportFormat format,
                           const char          *path)
{
  Job *job;

  g_return_if_fail (LOCKSTEP_IS_RUN (run));
  g_return_if_fail (lockstep_run_get_directory (run) != NULL);

  job = job_new (parent, toasts, run, what);
  job->path = g_strdup (path);
  write_file (job, format);
}
