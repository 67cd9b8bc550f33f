/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-report.h"
#include "lockstep-launch.h"

/* Where the controller prints, in the run's folder. */
#define LOG_NAME "controller.log"

struct _CliBackground
{
  LockstepRun        *run;     /* owned */
  LockstepRunService *service; /* owned */
};

static void
launched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* What is not for the controller in the background: it must neither detach once more nor print its JSON into the
 * log. */
static char **
dup_arguments (char **arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean                 options = TRUE;

  for (guint i = 1; arguments[i] != NULL; i++)
    {
      options &= !g_str_equal (arguments[i], "--");
      if (!options || (!g_str_equal (arguments[i], "--detach") && !g_str_equal (arguments[i], "--json") &&
                       !g_str_equal (arguments[i], "--quiet") && !g_str_equal (arguments[i], "-q")))
        g_strv_builder_add (builder, arguments[i]);
    }

  return g_strv_builder_end (builder);
}

static void
print_started (LockstepLaunched *launched,
               gboolean          json,
               gboolean          quiet)
{
  g_autofree char *name = g_path_get_basename (launched->directory);

  if (json)
    {
      g_autofree char *line = lockstep_launch_dup_started (launched->directory, launched->socket);

      fputs (line, stdout);
      return;
    }

  g_print ("%s\n", name);
  if (!quiet)
    {
      g_printerr (_ ("It goes on in the background. To follow it: lockstep-cli watch --run %s"), name);
      g_printerr ("\n");
    }
}

int
cli_background_launch (char   **arguments,
                       gboolean json,
                       gboolean quiet)
{
  g_auto (GStrv)               own = dup_arguments (arguments);
  g_autoptr (GAsyncResult)     result = NULL;
  g_autoptr (LockstepLaunched) launched = NULL;
  g_autoptr (GError)           error = NULL;

  lockstep_launch_async ((const char *const *) own, NULL, launched_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  if ((launched = lockstep_launch_finish (result, &error)) == NULL)
    {
      g_autofree char *object = cli_report_dup_error_json (error);

      g_printerr ("lockstep-cli: %s\n", error->message);
      if (json)
        fputs (object, stdout);
      return CLI_EXIT_FAILED;
    }

  print_started (launched, json, quiet);
  return CLI_EXIT_FINISHED;
}

/* Says @line to who waits for it, once. */
static void
report (const char *line)
{
  gsize   length = strlen (line);
  ssize_t written = 0;

  while (length > 0 && (written = write (LOCKSTEP_LAUNCH_REPORT, line, length)) > 0)
    {
      line += written;
      length -= (gsize) written;
    }
  close (LOCKSTEP_LAUNCH_REPORT);
}

void
cli_background_begin (void)
{
  setsid ();
  fcntl (LOCKSTEP_LAUNCH_REPORT, F_SETFD, FD_CLOEXEC);
}

gboolean
cli_background_is_meant (char **arguments)
{
  return arguments[0] != NULL && g_strcmp0 (arguments[1], LOCKSTEP_LAUNCH_OPTION) == 0;
}

void
cli_background_fail (const char *why)
{
  g_autofree char *line = lockstep_launch_dup_failed (why);

  report (line);
}

static void
directory_cb (LockstepRun *run)
{
  g_autofree char *path = g_build_filename (lockstep_run_get_directory (run), LOG_NAME, NULL);
  const int        descriptor = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

  /* Without the file, what is printed goes nowhere, and nobody's terminal is printed to. */
  if (descriptor < 0)
    {
      g_warning ("%s: %s", path, g_strerror (errno));
      return;
    }
  dup2 (descriptor, STDOUT_FILENO);
  dup2 (descriptor, STDERR_FILENO);
  close (descriptor);
}

static void
opened_cb (CliBackground *self)
{
  const char      *directory = lockstep_run_get_directory (self->run);
  g_autofree char *line = NULL;

  /* What keeps a run from having a folder ends it. */
  if (directory == NULL)
    return;

  line = lockstep_launch_dup_started (directory, lockstep_run_service_get_path (self->service));
  report (line);
}

static void
over_cb (CliBackground *self)
{
  const char      *why = lockstep_run_get_error (self->run);
  g_autofree char *line = NULL;

  if (lockstep_run_get_directory (self->run) != NULL)
    return;

  line = lockstep_launch_dup_failed (why != NULL ? why : _ ("The run was terminated before it started."));
  report (line);
}

CliBackground *
cli_background_new (LockstepRun        *run,
                    LockstepRunService *service)
{
  CliBackground *self = g_new0 (CliBackground, 1);

  self->run = g_object_ref (run);
  self->service = g_object_ref (service);
  if (lockstep_run_get_directory (run) != NULL)
    directory_cb (run);
  else
    g_signal_connect (run, "notify::directory", G_CALLBACK (directory_cb), NULL);
  g_signal_connect_swapped (service, "opened", G_CALLBACK (opened_cb), self);
  g_signal_connect_swapped (service, "over", G_CALLBACK (over_cb), self);

  return self;
}

void
cli_background_free (CliBackground *self)
{
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_signal_handlers_disconnect_by_func (self->run, directory_cb, NULL);
  g_clear_object (&self->service);
  g_clear_object (&self->run);
  g_free (self);
}
