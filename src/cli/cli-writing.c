/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-writing.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "cli-commands.h"
#include "lockstep-run.h"
#include "lockstep-solver-text.h"
#include "lockstep-terminal.h"

/* What takes no longer than this is not worth a word (µs). */
#define PATIENCE (G_USEC_PER_SEC / 2)

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

struct _CliWriting
{
  GObject          *source;
  char             *title;
  gulong            handler;
  GCancellable     *cancellable;
  LockstepTerminal *terminal; /* standard error; NULL when it was taken away */
  gint64            start;
  guint             sources[G_N_ELEMENTS (signals)];
  GAsyncResult     *result; /* NULL until it is written, or failed */
};

static void
progress_cb (GObject    *source,
             GParamSpec *pspec,
             gpointer    user_data)
{
  CliWriting           *self = user_data;
  g_autoptr (GPtrArray) lines = NULL;
  double                progress;

  if (!lockstep_terminal_is_live (self->terminal) || g_get_monotonic_time () - self->start < PATIENCE)
    return;

  g_object_get (source, "progress", &progress, NULL);
  lines = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (lines, g_strdup_printf ("%s  %d %%", self->title, lockstep_fraction_get_percent (progress)));
  lockstep_terminal_show (self->terminal, lines);
}

static gboolean
signal_cb (gpointer user_data)
{
  CliWriting *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

CliWriting *
cli_writing_new (GObject    *source,
                 const char *title)
{
  CliWriting *self = g_new0 (CliWriting, 1);

  self->source = g_object_ref (source);
  self->title = g_strdup (title);
  self->cancellable = g_cancellable_new ();
  self->terminal = lockstep_terminal_new (STDERR_FILENO);
  self->start = g_get_monotonic_time ();
  self->handler = g_signal_connect (source, "notify::progress", G_CALLBACK (progress_cb), self);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    self->sources[i] = g_unix_signal_add (signals[i], signal_cb, self);

  return self;
}

void
cli_writing_free (CliWriting *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (self->sources[i]);
  g_signal_handler_disconnect (self->source, self->handler);
  g_clear_pointer (&self->terminal, lockstep_terminal_free);
  g_clear_object (&self->result);
  g_object_unref (self->cancellable);
  g_object_unref (self->source);
  g_free (self->title);
  g_free (self);
}

GCancellable *
cli_writing_get_cancellable (CliWriting *self)
{
  return self->cancellable;
}

void
cli_writing_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  CliWriting *self = user_data;

  self->result = g_object_ref (result);
}

GAsyncResult *
cli_writing_wait (CliWriting *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_signal_handler_block (self->source, self->handler);
  g_clear_pointer (&self->terminal, lockstep_terminal_free);
  return self->result;
}

int
cli_writing_fail (CliWriting   *self,
                  const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_printerr ("lockstep-cli: %s\n", _ ("Stopped; nothing was written."));
      return CLI_EXIT_TERMINATED;
    }

  /* A reader that has seen enough, such as head. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    g_printerr ("lockstep-cli: %s\n", error->message);
  return CLI_EXIT_FAILED;
}
