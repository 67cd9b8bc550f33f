/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-simulated-process.h"

struct _LockstepSimulatedProcess
{
  LockstepProcess parent_instance;
  gint64          pid;
  gboolean        stopped;
};

G_DEFINE_FINAL_TYPE (LockstepSimulatedProcess, lockstep_simulated_process, LOCKSTEP_TYPE_PROCESS)

static gboolean
tell_started (gpointer data)
{
  LockstepSimulatedProcess *self = data;

  if (!self->stopped)
    lockstep_process_set_started (LOCKSTEP_PROCESS (self), self->pid, 0);

  return G_SOURCE_REMOVE;
}

static gboolean
tell_ended (gpointer data)
{
  const LockstepReport report = { .kind = LOCKSTEP_EXIT_CODE };

  lockstep_process_set_ended (LOCKSTEP_PROCESS (data), &report);

  return G_SOURCE_REMOVE;
}

static void
lockstep_simulated_process_stop (LockstepProcess *process,
                                 double           grace)
{
  LockstepSimulatedProcess *self = LOCKSTEP_SIMULATED_PROCESS (process);

  if (self->stopped)
    return;

  self->stopped = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_ended, g_object_ref (self), g_object_unref);
}

static void
lockstep_simulated_process_pause (LockstepProcess *process,
                                  gboolean         paused)
{
}

static void
lockstep_simulated_process_class_init (LockstepSimulatedProcessClass *klass)
{
  LockstepProcessClass *process_class = LOCKSTEP_PROCESS_CLASS (klass);

  process_class->stop = lockstep_simulated_process_stop;
  process_class->pause = lockstep_simulated_process_pause;
}

static void
lockstep_simulated_process_init (LockstepSimulatedProcess *self)
{
}

LockstepProcess *
lockstep_simulated_process_new (GIOStream *stream,
                                gint64     pid)
{
  LockstepSimulatedProcess *self = g_object_new (LOCKSTEP_TYPE_SIMULATED_PROCESS, NULL);

  self->pid = pid;
  lockstep_process_set_stream (LOCKSTEP_PROCESS (self), stream);
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_started, g_object_ref (self), g_object_unref);

  return LOCKSTEP_PROCESS (self);
}
