/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-process.h"

#include <glib/gi18n-lib.h>

#include "lockstep-signal-text.h"

typedef struct
{
  GIOStream *stream; /* owned; NULL until the subclass has set it */
  gint64     pid;
  gint64     guard_pid;
  gboolean   has_started;
  gboolean   has_ended;
} LockstepProcessPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LockstepProcess, lockstep_process, G_TYPE_OBJECT)

enum
{
  STARTED,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The reason alone, which is what the system said, unless it was not the program that was missing. */
static char *
report_dup_failure (const LockstepReport *report)
{
  const char *reason = g_strerror (report->number);

  switch (report->failure)
    {
    case LOCKSTEP_START_OUTPUT:
      return g_strdup_printf (_ ("could not be started: the file for its output could not be opened: %s"), reason);
    case LOCKSTEP_START_DIRECTORY:
      return g_strdup_printf (_ ("could not be started: its working folder could not be entered: %s"), reason);
    case LOCKSTEP_START_FORK:
      return g_strdup_printf (_ ("could not be started: the system has no room for another process: %s"), reason);
    case LOCKSTEP_START_PROGRAM:
    default:
      return g_strdup_printf (_ ("could not be started: %s"), reason);
    }
}

char *
lockstep_report_dup_text (const LockstepReport *report)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (report != NULL, NULL);

  switch (report->kind)
    {
    case LOCKSTEP_EXIT_CODE:
      return g_strdup_printf (_ ("exited with code %d"), report->number);

    case LOCKSTEP_EXIT_SIGNAL:
      name = lockstep_signal_dup_text (report->number);
      /* TRANSLATORS: a signal, such as “SIGSEGV (segmentation fault)” */
      return g_strdup_printf (_ ("was killed by %s"), name);

    case LOCKSTEP_EXIT_NOT_STARTED:
      return report_dup_failure (report);

    case LOCKSTEP_EXIT_UNKNOWN:
    default:
      return g_strdup (_ ("ended without a report, because the guard that watches over it ended first"));
    }
}

static void
lockstep_process_dispose (GObject *object)
{
  LockstepProcessPrivate *priv = lockstep_process_get_instance_private (LOCKSTEP_PROCESS (object));

  g_clear_object (&priv->stream);

  G_OBJECT_CLASS (lockstep_process_parent_class)->dispose (object);
}

static void
lockstep_process_class_init (LockstepProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_process_dispose;

  signals[STARTED] = g_signal_new ("started", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
lockstep_process_init (LockstepProcess *self)
{
}

GIOStream *
lockstep_process_get_stream (LockstepProcess *self)
{
  LockstepProcessPrivate *priv = lockstep_process_get_instance_private (self);

  g_return_val_if_fail (LOCKSTEP_IS_PROCESS (self), NULL);

  return priv->stream;
}

gint64
lockstep_process_get_pid (LockstepProcess *self)
{
  LockstepProcessPrivate *priv = lockstep_process_get_instance_private (self);

  g_return_val_if_fail (LOCKSTEP_IS_PROCESS (self), 0);

  return priv->pid;
}

gint64
lockstep_process_get_guard_pid (LockstepProcess *self)
{
  LockstepProcessPrivate *priv = lockstep_process_get_instance_private (self);

  g_return_val_if_fail (LOCKSTEP_IS_PROCESS (self), 0);

  return priv->guard_pid;
}

void
lockstep_process_stop (LockstepProcess *self,
                       double           grace)
{
  g_return_if_fail (LOCKSTEP_IS_PROCESS (self));
  g_return_if_fail (grace >= 0);

  if (!lockstep_process_has_ended (self))
    LOCKSTEP_PROCESS_GET_CLASS (self)->stop (self, grace);
}

void
lockstep_process_pause (LockstepProcess *self,
                        gboolean         paused)
{
  g_return_if_fail (LOCKSTEP_IS_PROCESS (self));

  if (!lockstep_process_has_ended (self))
    LOCKSTEP_PROCESS_GET_CLASS (self)->pause (self, paused);
}

gboolean
lockstep_process_has_ended (LockstepProcess *self)
{
  LockstepProcessPrivate *priv = lockstep_process_get_instance_private (self);

  g_return_val_if_fail (LOCKSTEP_IS_PROCESS (self), TRUE);

  return priv->has_ended;
}

void
lockstep_process_set_stream (LockstepProcess *self,
                             GIOStream       *stream)
{
  LockstepProcessPrivate *priv = lockstep_process_get_instance_private (self);

  g_return_if_fail (LOCKSTEP_IS_PROCESS (self));

  g_set_object (&priv->stream, stream);
}

void
lockstep_process_set_started (LockstepProcess *self,
                              gint64           pid,
                              gint64           guard_pid)
{
  LockstepProcessPrivate *priv = lockstep_process_get_instance_private (self);

  g_return_if_fail (LOCKSTEP_IS_PROCESS (self));
  g_return_if_fail (!priv->has_started && !priv->has_ended);

  priv->has_started = TRUE;
  priv->pid = pid;
  priv->guard_pid = guard_pid;
  g_signal_emit (self, signals[STARTED], 0, pid);
}

void
lockstep_process_set_ended (LockstepProcess      *self,
                            const LockstepReport *report)
{
  LockstepProcessPrivate *priv = lockstep_process_get_instance_private (self);

  g_return_if_fail (LOCKSTEP_IS_PROCESS (self));
  g_return_if_fail (report != NULL);
  g_return_if_fail (!priv->has_ended);

  priv->has_ended = TRUE;
  g_signal_emit (self, signals[ENDED], 0, report);
}
