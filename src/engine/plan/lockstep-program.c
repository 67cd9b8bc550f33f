/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-program.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-plan-value.h"

void
lockstep_program_free (LockstepProgram *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->command, g_ptr_array_unref);
  g_clear_pointer (&self->env, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->progress, lockstep_pattern_free);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->exits, g_array_unref);
  g_clear_pointer (&self->fails_if, g_ptr_array_unref);
  g_clear_pointer (&self->collect, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_free (self);
}

char *
lockstep_program_text_fill (const LockstepProgramText  *text,
                            const LockstepPlaceholders *placeholders,
                            GError                    **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (!lockstep_placeholders_fill (placeholders, text->text, strlen (text->text), out, NULL, error))
    {
      g_prefix_error (error, "%s: ", text->path);
      return NULL;
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
lockstep_program_text_fill_path (const LockstepProgramText  *text,
                                 const LockstepPlaceholders *placeholders,
                                 const char                 *folder,
                                 GError                    **error)
{
  g_autofree char *filled = lockstep_program_text_fill (text, placeholders, error);

  if (filled == NULL)
    return NULL;
  if (*filled == '\0')
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, text->path, _ ("the name of a file may not be empty"));
      return NULL;
    }

  return g_canonicalize_filename (filled, folder);
}

gboolean
lockstep_program_is_inside (const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] == '\0' || g_str_equal (names[i], ".") || g_str_equal (names[i], ".."))
      return FALSE;

  return names[0] != NULL;
}

/* Whether @target is one of the files that Lockstep writes into a task's folder, or would lie in it. */
static gboolean
is_taken (const char *target)
{
  g_autofree char *first = g_strndup (target, strcspn (target, "/"));

  return g_str_equal (first, LOCKSTEP_PROGRAM_LOG) || g_str_equal (first, LOCKSTEP_PROGRAM_DESCRIPTION);
}

char *
lockstep_program_file_dup_target (const LockstepProgramFile  *file,
                                  const LockstepPlaceholders *placeholders,
                                  GError                    **error)
{
  g_autofree char *target = lockstep_program_text_fill (&file->target, placeholders, error);

  if (target == NULL)
    return NULL;

  if (is_taken (target))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, file->target.path,
                               _ ("“%s” stands where Lockstep itself writes a file into the task's folder; give it another name"),
                               target);
      return NULL;
    }
  if (lockstep_program_is_inside (target))
    return g_steal_pointer (&target);

  lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, file->target.path,
                           _ ("expected the name of a file in the task's folder, such as \"case.in\" or \"input/case.in\", "
                              "found “%s”"),
                           target);
  return NULL;
}

/* The first word of the command, filled. */
static char *
fill_name (const LockstepProgram      *self,
           const LockstepPlaceholders *placeholders,
           GError                    **error)
{
  const LockstepProgramText *text = g_ptr_array_index (self->command, 0);
  g_autofree char           *name = lockstep_program_text_fill (text, placeholders, error);

  if (name != NULL && *name == '\0')
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, text->path, _ ("the name of the program may not be empty"));
      return NULL;
    }

  return name != NULL && strchr (name, '/') != NULL ? g_canonicalize_filename (name, placeholders->folder)
                                                    : g_steal_pointer (&name);
}

char *
lockstep_program_dup_name (const LockstepProgram      *self,
                           const LockstepPlaceholders *placeholders)
{
  return fill_name (self, placeholders, NULL);
}

char **
lockstep_program_dup_command (const LockstepProgram      *self,
                              const LockstepPlaceholders *placeholders,
                              GError                    **error)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; i < self->command->len; i++)
    {
      g_autofree char *word = i == 0 ? fill_name (self, placeholders, error)
                                     : lockstep_program_text_fill (g_ptr_array_index (self->command, i), placeholders, error);

      if (word == NULL)
        return NULL;
      g_strv_builder_add (words, word);
    }

  return g_strv_builder_end (words);
}

GString *
lockstep_program_fill_template (const LockstepPlaceholders *placeholders,
                                const char                 *name,
                                const char *template,
                                gsize    length,
                                GError **error)
{
  g_autoptr (GString) out = g_string_sized_new (length + 1);
  gsize               offset = 0;
  guint64             line = 1;

  if (lockstep_placeholders_fill (placeholders, template, length, out, &offset, error))
    return g_steal_pointer (&out);

  for (gsize i = 0; i < offset; i++)
    line += template[i] == '\n';
  g_prefix_error (error, _ ("%s, line %" PRIu64 ": "), name, line);
  return NULL;
}
