/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "run-fixture.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the runs of this process reserve. */
static char *runtime_folder;

static void
remove_tree (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char      *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_tree (child);
        }
    }
  g_remove (path);
}

static void
remove_runtime_folder (void)
{
  remove_folder (runtime_folder);
}

char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char              *folder = g_dir_make_tmp ("lockstep-test-XXXXXX", &error);

  g_assert_no_error (error);
  if (runtime_folder == NULL)
    {
      runtime_folder = g_dir_make_tmp ("lockstep-runtime-XXXXXX", NULL);
      g_setenv ("XDG_RUNTIME_DIR", runtime_folder, TRUE);
      atexit (remove_runtime_folder);
    }

  return folder;
}

void
remove_folder (char *folder)
{
  remove_tree (folder);
  g_free (folder);
}

LockstepPlan *
make_plan (const char *text,
           ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *json = NULL;
  LockstepPlan      *plan;
  va_list            args;

  va_start (args, text);
  json = g_strdup_vprintf (text, args);
  va_end (args);
  g_strdelimit (json, "'", '"');

  plan = lockstep_plan_new_from_text (json, strlen (json), g_get_tmp_dir (), NULL, &error);
  g_assert_no_error (error);
  return plan;
}

char *
fake_solver (const char *marker,
             const char *mode,
             ...)
{
  GString    *out = g_string_new (NULL);
  const char *argument = mode;
  va_list     args;

  g_string_printf (out, "'command': ['%s'", g_getenv ("LOCKSTEP_FAKE_SOLVER"));
  va_start (args, mode);
  for (; argument != NULL; argument = va_arg (args, const char *))
    g_string_append_printf (out, ", '%s'", argument);
  va_end (args);
  g_string_append_printf (out, "], 'env': {'LOCKSTEP_TEST_MARKER': '%s'}", marker);

  return g_string_free (out, FALSE);
}

void
wait_for_end (LockstepRun *run)
{
  while (!lockstep_run_has_ended (run))
    g_main_context_iteration (NULL, TRUE);
}

void
iterate_for (double seconds)
{
  const gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
}

LockstepRun *
run_plan (LockstepPlan *plan,
          const char   *folder)
{
  const LockstepControllerOptions options = { .runs_directory = folder, .grace = 2 };
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = g_object_ref (lockstep_controller_get_run (controller));

  lockstep_controller_start (controller);
  wait_for_end (run);

  return run;
}

char *
dup_result (LockstepRun *run,
            guint        task)
{
  GBytes     *result = lockstep_run_get_result (run, task);
  gsize       length = 0;
  const char *text = result != NULL ? g_bytes_get_data (result, &length) : "(none)";

  return result != NULL ? g_strndup (text, length) : g_strdup (text);
}

static gboolean
file_contains (const char *path,
               const char *marker)
{
  g_autofree char *contents = NULL;
  gsize            length;

  return g_file_get_contents (path, &contents, &length, NULL) && memmem (contents, length, marker, strlen (marker)) != NULL;
}

guint
count_processes (const char *marker)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char      *name;
  guint            count = 0;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *environment = g_build_filename ("/proc", name, "environ", NULL);
      g_autofree char *command = g_build_filename ("/proc", name, "cmdline", NULL);

      if (g_ascii_isdigit (*name) && (file_contains (environment, marker) || file_contains (command, marker)))
        count++;
    }

  return count;
}
