/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-launch.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "lockstep-json-writer.h"
#include "lockstep-json.h"

void
lockstep_launched_free (LockstepLaunched *self)
{
  g_free (self->directory);
  g_free (self->socket);
  g_free (self);
}

/* Installed, or in a build folder. */
char *
lockstep_launch_dup_program (void)
{
  g_autofree char  *executable = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char  *folder = executable != NULL ? g_path_get_dirname (executable) : NULL;
  const char *const places[] = { "lockstep-cli", "../cli/lockstep-cli", "../../src/cli/lockstep-cli" };

  for (guint i = 0; folder != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *program = g_canonicalize_filename (places[i], folder);

      if (g_file_test (program, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&program);
    }

  return g_build_filename (LOCKSTEP_BINDIR, "lockstep-cli", NULL);
}

/* Starts it; returns the end of the pipe to read its report from. */
static int
spawn (const char *const *arguments,
       GError           **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess)         process = NULL;
  g_autoptr (GPtrArray)           argv = g_ptr_array_new ();
  g_autofree char                *program = lockstep_launch_dup_program ();
  int                             ends[2];

  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, (gpointer) "run");
  g_ptr_array_add (argv, (gpointer) LOCKSTEP_LAUNCH_OPTION);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return -1;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_subprocess_launcher_take_fd (launcher, ends[1], LOCKSTEP_LAUNCH_REPORT);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);
  if (process == NULL)
    {
      g_prefix_error (error, _ ("Could not start %s: "), program);
      close (ends[0]);
      return -1;
    }

  return ends[0];
}

static LockstepLaunched *
read_report (GBytes  *report,
             GError **error)
{
  gsize                        length;
  const char                  *text = g_bytes_get_data (report, &length);
  LockstepJson                 object;
  g_autoptr (LockstepLaunched) launched = g_new0 (LockstepLaunched, 1);
  g_autofree char             *why = NULL;

  if (!lockstep_json_scan (text, length, &object, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _ ("The controller ended before the run had started, without a word."));
      return NULL;
    }
  if ((why = lockstep_json_dup_string (lockstep_json_get_member (object, "error"), NULL)) != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, why);
      return NULL;
    }

  launched->directory = lockstep_json_dup_string (lockstep_json_get_member (object, "directory"), NULL);
  launched->socket = lockstep_json_dup_string (lockstep_json_get_member (object, "socket"), NULL);
  if (launched->directory == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _ ("The controller did not say where the run is kept."));
      return NULL;
    }

  return g_steal_pointer (&launched);
}

static void
read_cb (GObject      *memory,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask)  task = user_data;
  g_autoptr (GBytes) report = NULL;
  GError            *error = NULL;
  LockstepLaunched  *launched;

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (memory), result, &error) < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  report = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  if ((launched = read_report (report, &error)) != NULL)
    g_task_return_pointer (task, launched, (GDestroyNotify) lockstep_launched_free);
  else
    g_task_return_error (task, error);
}

void
lockstep_launch_async (const char *const  *arguments,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask)         task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GInputStream)  stream = NULL;
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  GError                   *error = NULL;
  int                       report;

  g_task_set_source_tag (task, lockstep_launch_async);
  if ((report = spawn (arguments, &error)) < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  stream = g_unix_input_stream_new (report, TRUE);
  g_output_stream_splice_async (memory, stream,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, cancellable, read_cb, g_steal_pointer (&task));
}

LockstepLaunched *
lockstep_launch_finish (GAsyncResult *result,
                        GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
lockstep_launch_dup_started (const char *directory,
                             const char *socket)
{
  GString *line = g_string_new ("{");

  if (directory != NULL)
    lockstep_json_append_string_member (line, "directory", directory);
  if (socket != NULL)
    lockstep_json_append_string_member (line, "socket", socket);
  g_string_append (line, "}\n");

  return g_string_free (line, FALSE);
}

char *
lockstep_launch_dup_failed (const char *why)
{
  GString *line = g_string_new ("{");

  lockstep_json_append_string_member (line, "error", why);
  g_string_append (line, "}\n");

  return g_string_free (line, FALSE);
}
