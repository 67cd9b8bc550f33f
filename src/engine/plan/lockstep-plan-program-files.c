/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-program-private.h"

#include <glib/gi18n-lib.h>

static const char *const file_members[] = { "template", "copy", "link", NULL };

static void
file_free (gpointer data)
{
  LockstepProgramFile *file = data;

  g_free (file->target.text);
  g_free (file->target.path);
  g_free (file->source.text);
  g_free (file->source.path);
  g_free (file);
}

static gboolean
read_file (LockstepProgram *self,
           LockstepJson     name,
           LockstepJson     json,
           GError         **error)
{
  g_autofree char            *path = lockstep_plan_dup_member_path ("program.files", name);
  g_auto (LockstepPlanObject) object = { 0 };
  LockstepProgramFile        *file = NULL;
  g_autofree char            *target = lockstep_plan_dup_string (name, path, error);

  if (target == NULL || !lockstep_plan_object_init (&object, json, path, file_members, error))
    return FALSE;
  if (lockstep_json_count (json) != 1)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, path,
                               _ ("expected exactly one of {\"template\": FILE}, {\"copy\": FILE} and {\"link\": FILE}"));
      return FALSE;
    }

  file = g_new0 (LockstepProgramFile, 1);
  g_ptr_array_add (self->files, file);
  file->target.text = g_steal_pointer (&target);
  file->target.path = g_steal_pointer (&path);
  for (guint i = 0; file_members[i] != NULL; i++)
    if (lockstep_plan_object_has (&object, file_members[i]))
      {
        file->kind = i;
        file->source.path = lockstep_plan_object_dup_path (&object, file_members[i]);
        return lockstep_plan_object_read_text (&object, file_members[i], &file->source.text, error);
      }

  g_assert_not_reached ();
}

/* What lies below a link would be written where the link points to. */
static gboolean
check_links (LockstepProgram *self,
             GError         **error)
{
  for (guint i = 0; i < self->files->len; i++)
    for (guint k = 0; k < self->files->len; k++)
      {
        const LockstepProgramFile *above = g_ptr_array_index (self->files, i);
        const LockstepProgramFile *below = g_ptr_array_index (self->files, k);
        const gsize                length = strlen (above->target.text);

        if (strncmp (above->target.text, below->target.text, length) != 0 || below->target.text[length] != '/')
          continue;
        lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, below->target.path,
                                 _ ("cannot be put into “%s”, which is a file or a link in the task's folder"),
                                 above->target.text);
        return FALSE;
      }

  return TRUE;
}

gboolean
lockstep_plan_program_read_files (LockstepProgram          *self,
                                  const LockstepPlanObject *object,
                                  GError                  **error)
{
  const LockstepPlaceholders nothing = { .folder = "/", .run = "/" };
  LockstepJsonIter           iter;
  LockstepJson               name, json;

  self->files = g_ptr_array_new_with_free_func (file_free);
  if (!lockstep_plan_program_begin_members (object, "files", _ ("an object, from the names of files in the task's folder to where they come from"),
                                            &iter, error))
    return FALSE;

  while (lockstep_json_iter_next (&iter, &name, &json))
    if (!read_file (self, name, json, error))
      return FALSE;

  /* A name with placeholders is looked at once they are known. */
  for (guint i = 0; i < self->files->len; i++)
    {
      const LockstepProgramFile *file = g_ptr_array_index (self->files, i);
      g_autofree char           *target = NULL;

      if (strchr (file->target.text, '{') == NULL &&
          (target = lockstep_program_file_dup_target (file, &nothing, error)) == NULL)
        return FALSE;
    }

  if (self->files->len > 0 && self->directory != NULL)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "program.files",
                               _ ("needs a fresh folder for each task, and “directory” says that there is none; remove one of "
                                  "them"));
      return FALSE;
    }

  return check_links (self, error);
}
