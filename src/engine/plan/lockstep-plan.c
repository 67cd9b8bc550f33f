/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-private.h"

#include <glib/gi18n-lib.h>

#include "lockstep-plan-program.h"
#include "lockstep-plan-settings.h"
#include "lockstep-plan-solver.h"
#include "lockstep-plan-tasks.h"

#define DEFAULT_NICE               10
#define DEFAULT_INITIALIZE_TIMEOUT 10.0

/* Longer plans were written by nobody (bytes): it is a device, or another file. Tasks have tables. */
#define MAX_LENGTH (256 * 1024 * 1024)

/* What is read of one at a time (bytes). */
#define CHUNK (64 * 1024)

G_DEFINE_FINAL_TYPE (LockstepPlan, lockstep_plan, G_TYPE_OBJECT)

G_DEFINE_QUARK (lockstep_plan_error, lockstep_plan_error)

static gboolean
scan (GBytes       *text,
      GFile        *file,
      LockstepJson *json,
      GError      **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char   *name = NULL;
  gsize              length;
  const char        *data = g_bytes_get_data (text, &length);

  if (lockstep_json_scan (data, length, json, &reason))
    return TRUE;

  name = file != NULL ? g_file_get_parse_name (file) : g_strdup (_ ("The plan"));
  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_SYNTAX, _ ("%s is not JSON: %s"), name, reason->message);
  return FALSE;
}

/* A copy of @text, which was scanned, with its line breaks as spaces: they stand between values only. */
static GBytes *
put_on_one_line (GBytes *text)
{
  const gsize length = g_bytes_get_size (text);
  char       *copy = g_memdup2 (g_bytes_get_data (text, NULL), length);

  for (gsize i = 0; i < length; i++)
    if (copy[i] == '\n' || copy[i] == '\r')
      copy[i] = ' ';

  return g_bytes_new_take (copy, length);
}

static LockstepPlan *
read_plan (GBytes                    *bytes,
           GFile                     *file,
           const char                *directory,
           const LockstepPlanOptions *options,
           GError                   **error)
{
  g_autoptr (LockstepPlan) self = g_object_new (LOCKSTEP_TYPE_PLAN, NULL);
  g_autoptr (GBytes)       seeded = NULL;
  LockstepJson             json;

  self->text = g_bytes_ref (bytes);
  self->file = file != NULL ? g_object_ref (file) : NULL;
  self->directory = g_strdup (directory);

  if (!scan (self->text, file, &json, error))
    return NULL;

  for (guint i = 0; options->settings != NULL && options->settings[i] != NULL; i++)
    {
      GBytes *changed = lockstep_plan_apply_setting (self->text, options->settings[i], error);

      if (changed == NULL)
        return NULL;
      g_bytes_unref (self->text);
      self->text = changed;
    }

  if ((seeded = lockstep_plan_draw_seeds (self->text, options->like != NULL ? options->like->text : NULL, error)) == NULL)
    return NULL;
  g_bytes_unref (self->text);
  self->text = g_steal_pointer (&seeded);

  if (!scan (self->text, file, &json, error))
    return NULL;
  self->values = put_on_one_line (self->text);
  if (!scan (self->values, file, &json, error) || !lockstep_plan_read_members (self, json, options, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
lockstep_plan_finalize (GObject *object)
{
  LockstepPlan *self = LOCKSTEP_PLAN (object);

  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->values, g_bytes_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->solver, lockstep_solver_spec_free);
  g_clear_pointer (&self->program, lockstep_program_free);
  g_clear_pointer (&self->program_text, g_bytes_unref);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->params, g_bytes_unref);
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_clear_pointer (&self->steps, g_ptr_array_unref);

  G_OBJECT_CLASS (lockstep_plan_parent_class)->finalize (object);
}

static void
lockstep_plan_class_init (LockstepPlanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lockstep_plan_finalize;
}

static void
lockstep_plan_init (LockstepPlan *self)
{
  self->params = g_bytes_new_static ("{}", 2);
  self->initialize_timeout = DEFAULT_INITIALIZE_TIMEOUT;
  self->nice = DEFAULT_NICE;
  self->all = g_ptr_array_new ();
}

LockstepPlan *
lockstep_plan_load (GFile             *file,
                    const char *const *settings,
                    GError           **error)
{
  const LockstepPlanOptions options = { .settings = settings };

  return lockstep_plan_load_with (file, &options, error);
}

/* The text of @file, which may also be a pipe. */
static GBytes *
read_file (GFile   *file,
           GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (GByteArray)       text = g_byte_array_new ();
  g_autofree char             *limit = NULL;
  gsize                        length, n_read = CHUNK;

  if (stream == NULL)
    return NULL;

  while (n_read == CHUNK && text->len <= MAX_LENGTH)
    {
      length = text->len;
      g_byte_array_set_size (text, (guint) (length + CHUNK));
      if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text->data + length, CHUNK, &n_read, NULL, error))
        return NULL;
      g_byte_array_set_size (text, (guint) (length + n_read));
    }
  if (text->len <= MAX_LENGTH)
    return g_byte_array_free_to_bytes (g_steal_pointer (&text));

  limit = g_format_size (MAX_LENGTH);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
               _ ("%s is longer than %s; so many tasks can stand in a table, which the plan names as “csv”"),
               g_file_peek_path (file), limit);
  return NULL;
}

LockstepPlan *
lockstep_plan_load_with (GFile                     *file,
                         const LockstepPlanOptions *options,
                         GError                   **error)
{
  g_autoptr (GFile)  folder = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char   *name = NULL;
  g_autofree char   *directory = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  folder = g_file_get_parent (file);
  directory = folder != NULL ? g_file_get_path (folder) : NULL;
  if (directory == NULL)
    {
      name = g_file_get_parse_name (file);
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_READ,
                   _ ("The plan %s is not in a folder of this machine; copy it to one"), name);
      return NULL;
    }

  /* The reason names the file. */
  if ((bytes = read_file (file, &reason)) == NULL)
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_READ,
                   _ ("The plan cannot be read: %s"), reason->message);
      return NULL;
    }

  return read_plan (bytes, file, options->directory != NULL ? options->directory : directory, options, error);
}

LockstepPlan *
lockstep_plan_new_from_text (const char        *text,
                             gsize              length,
                             const char        *directory,
                             const char *const *settings,
                             GError           **error)
{
  g_autoptr (GBytes)        bytes = g_bytes_new (text, length);
  const LockstepPlanOptions options = { .settings = settings };

  g_return_val_if_fail (g_path_is_absolute (directory), NULL);

  return read_plan (bytes, NULL, directory, &options, error);
}

GBytes *
lockstep_plan_get_text (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->text;
}

const char *
lockstep_plan_get_name (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->name;
}

const char *
lockstep_plan_get_note (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->note;
}

const char *
lockstep_plan_get_directory (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->directory;
}

GFile *
lockstep_plan_get_file (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->file;
}

const LockstepSolverSpec *
lockstep_plan_get_solver (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->solver;
}

const LockstepProgram *
lockstep_plan_get_program (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->program;
}

GBytes *
lockstep_plan_get_program_text (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->program_text;
}

char **
lockstep_plan_dup_command (LockstepPlan *self)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  if (self->program == NULL)
    return g_strdupv (self->solver->command);

  for (guint i = 0; i < self->program->command->len; i++)
    g_strv_builder_add (words, ((const LockstepProgramText *) g_ptr_array_index (self->program->command, i))->text);

  return g_strv_builder_end (words);
}

guint
lockstep_plan_get_n_solvers (LockstepPlan *self)
{
  guint n_solvers = 0;

  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), 0);

  for (guint i = 0; i < self->hosts->len; i++)
    {
      const LockstepHostSpec *host = g_ptr_array_index (self->hosts, i);

      if (host->n_solvers == 0)
        return 0;
      n_solvers += host->n_solvers;
    }

  return n_solvers;
}

GPtrArray *
lockstep_plan_get_hosts (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->hosts;
}

GBytes *
lockstep_plan_get_params (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->params;
}

double
lockstep_plan_get_initialize_timeout (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), 0.0);

  return self->initialize_timeout;
}

int
lockstep_plan_get_nice (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), 0);

  return self->nice;
}

GPtrArray *
lockstep_plan_get_steps (LockstepPlan *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return self->steps;
}

LockstepStep *
lockstep_plan_get_step (LockstepPlan *self,
                        guint         index)
{
  g_return_val_if_fail (LOCKSTEP_IS_PLAN (self), NULL);

  return index < self->all->len ? g_ptr_array_index (self->all, index) : NULL;
}
