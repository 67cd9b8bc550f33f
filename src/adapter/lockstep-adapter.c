/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-adapter.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lockstep-plan-program.h"
#include "lockstep-plan-value.h"
#include "lockstep-program-process.h"

/* A disk with less is full (bytes): as much as the journal of the run wants. */
#define ROOM_MIN (256 * 1024)

/* The string member @name of @object, which is the path of a folder. */
static char *
dup_folder (LockstepJson object,
            const char  *name,
            GError     **error)
{
  g_autofree char *text = lockstep_json_dup_string (lockstep_json_get_member (object, name), NULL);

  if (text != NULL && g_path_is_absolute (text))
    return g_steal_pointer (&text);

  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
               _ ("“%s” of initialize is not the path of a folder; lockstep-adapter is started by plans with a “program”"), name);
  return NULL;
}

gboolean
lockstep_adapter_initialize (LockstepAdapter *self,
                             const char      *message,
                             GError         **error)
{
  LockstepJson     json, program;
  g_autofree char *run = NULL;
  gint64           solver = 0;

  lockstep_adapter_clear (self);
  self->message = g_strdup (message);
  if (!lockstep_json_scan (self->message, strlen (self->message), &json, error))
    return FALSE;

  program = lockstep_json_get_member (json, "program");
  self->params = lockstep_json_get_member (json, "params");
  lockstep_json_get_int (lockstep_json_get_member (json, "solver"), &solver);
  self->solver = (guint) CLAMP (solver, 0, G_MAXINT32);
  if ((self->folder = dup_folder (json, "folder", error)) == NULL ||
      (self->program = lockstep_plan_read_program (program, error)) == NULL)
    return FALSE;

  /* A run that is not kept has no name, and its folder is the plan's. */
  run = lockstep_json_dup_string (lockstep_json_get_member (json, "run"), NULL);
  self->is_temporary = run == NULL || *run == '\0';
  if (self->is_temporary)
    self->program->keep = LOCKSTEP_KEEP_NONE;
  self->run = self->is_temporary ? g_dir_make_tmp ("lockstep-run-XXXXXX", error) : dup_folder (json, "directory", error);

  return self->run != NULL;
}

gboolean
lockstep_adapter_read_call (const LockstepAdapter *self,
                            const char            *call,
                            LockstepPlaceholders  *placeholders,
                            GError               **error)
{
  LockstepJson json;
  gint64       task = 0;
  gint64       attempt = 1;

  if (!lockstep_json_scan (call, strlen (call), &json, error))
    return FALSE;

  lockstep_json_get_int (lockstep_json_get_member (json, "task"), &task);
  lockstep_json_get_int (lockstep_json_get_member (json, "attempt"), &attempt);
  *placeholders = (LockstepPlaceholders){
    .folder = self->folder,
    .run = self->run,
    .task = (guint64) task,
    .attempt = (guint) attempt,
    .solver = self->solver,
    .threads = self->program->threads,
    .params = { lockstep_json_get_member (json, "params"), { NULL, 0 }, self->params },
  };

  return TRUE;
}

void
lockstep_adapter_blame_disk (const LockstepAdapter *self,
                             GError               **error)
{
  struct statvfs     status;
  g_autoptr (GError) reason = NULL;

  if (error == NULL || g_error_matches (*error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_CANCELLED) ||
      statvfs (self->run, &status) != 0 || status.f_blocks == 0 || (guint64) status.f_bavail * status.f_frsize >= ROOM_MIN)
    return;

  reason = g_steal_pointer (error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, reason->message);
}

void
lockstep_adapter_clear (LockstepAdapter *self)
{
  if (self->is_temporary && self->run != NULL)
    {
      g_autofree char *tasks = g_build_filename (self->run, "tasks", NULL);

      rmdir (tasks);
      rmdir (self->run);
    }

  g_clear_pointer (&self->program, lockstep_program_free);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->run, g_free);
  self->params = (LockstepJson){ NULL, 0 };
}
