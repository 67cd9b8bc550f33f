/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan.h"

#include <glib/gi18n-lib.h>

#include "lockstep-plan-hosts.h"
#include "lockstep-plan-object.h"
#include "lockstep-plan-policy.h"
#include "lockstep-plan-program.h"
#include "lockstep-plan-settings.h"
#include "lockstep-plan-solver.h"
#include "lockstep-plan-steps.h"
#include "lockstep-plan-tasks.h"

#define DEFAULT_NICE               10
#define DEFAULT_INITIALIZE_TIMEOUT 10.0

/* Longer plans were written by nobody (bytes): it is a device, or another file. Tasks have tables. */
#define MAX_LENGTH (256 * 1024 * 1024)

/* What is read of one at a time (bytes). */
#define CHUNK (64 * 1024)

struct _LockstepPlan
{
  GObject parent_instance;

  GBytes             *text;   /* settings applied */
  GBytes             *values; /* the same on one line, as a message is: what params are slices of */
  GFile              *file;   /* NULL when it was read from text */
  char               *directory;
  char               *name;
  char               *note;    /* NULL where there is none */
  LockstepSolverSpec *solver;  /* of a program: the adapter */
  LockstepProgram    *program; /* NULL where the solver speaks the protocol */
  GBytes             *program_text;
  GPtrArray          *hosts; /* of LockstepHostSpec */
  GBytes             *params;
  double              initialize_timeout; /* seconds; 0 for none */
  int                 nice;
  GPtrArray          *steps; /* the outermost */
  GPtrArray          *all;   /* by index, at any depth; owned by those above */
};

G_DEFINE_FINAL_TYPE (LockstepPlan, lockstep_plan, G_TYPE_OBJECT)

G_DEFINE_QUARK (lockstep_plan_error, lockstep_plan_error)

static const char *const plan_members[] = {
  "lockstep", "name", "note", "solver", "program", "solvers", "hosts", "files", "params", "initialize", "steps",
  LOCKSTEP_PLAN_POLICY_MEMBERS, "nice", NULL
};

static const char *const initialize_members[] = { "timeout", NULL };

/* Before anything else: a newer version may have members that are unknown here. */
static gboolean
check_version (LockstepJson json,
               GError     **error)
{
  LockstepJson     version = lockstep_json_get_member (json, "lockstep");
  gint64           number;
  g_autofree char *expected = g_strdup_printf ("%d", LOCKSTEP_PLAN_VERSION);

  if (lockstep_json_get_kind (json) != LOCKSTEP_JSON_OBJECT)
    {
      lockstep_plan_set_type_error (error, "", _ ("an object"), json);
      return FALSE;
    }
  if (version.text == NULL)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "lockstep",
                               _ ("missing; expected %s, the version of the format"), expected);
      return FALSE;
    }
  if (!lockstep_json_get_int (version, &number) || number < LOCKSTEP_PLAN_VERSION)
    {
      lockstep_plan_set_type_error (error, "lockstep", expected, version);
      return FALSE;
    }
  if (number > LOCKSTEP_PLAN_VERSION)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "lockstep",
                               _ ("this plan is written for version %lld of the format, and this Lockstep reads "
                                  "version %d; open it with a newer Lockstep"),
                               (long long) number, LOCKSTEP_PLAN_VERSION);
      return FALSE;
    }

  return TRUE;
}

/* What the format has and this version does not do. */
static gboolean
check_available (const LockstepPlanObject *object,
                 GError                  **error)
{
  gboolean has_solver = lockstep_plan_object_has (object, "solver");
  gboolean has_program = lockstep_plan_object_has (object, "program");

  if (has_solver && has_program)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "program",
                               _ ("a plan has either a “solver” or a “program”, and this one has both; "
                                  "remove one of them"));
      return FALSE;
    }
  if (lockstep_plan_object_has (object, "files"))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_MEMBER, "files",
                               _ ("sending files to hosts is not available in this version of Lockstep"));
      return FALSE;
    }

  return has_program ||
         lockstep_plan_object_require (object, "solver",
                                       _ ("the program that solves, {\"command\": […]}, or a “program” that is run once per task"),
                                       error);
}

/* A plan without a name is called as its file. */
static gboolean
read_name (LockstepPlan             *self,
           const LockstepPlanObject *object,
           const char               *otherwise,
           GError                  **error)
{
  g_autofree char *file_name = NULL;

  if (!lockstep_plan_object_read_line (object, "name", &self->name, error) ||
      !lockstep_plan_object_read_text (object, "note", &self->note, error))
    return FALSE;

  if (self->name != NULL)
    return TRUE;

  if (otherwise != NULL)
    {
      self->name = g_strdup (otherwise);
      return TRUE;
    }

  if (self->file == NULL)
    {
      self->name = g_strdup (_ ("Untitled plan"));
      return TRUE;
    }

  file_name = g_file_get_basename (self->file);
  if (g_str_has_suffix (file_name, ".lockstep"))
    file_name[strlen (file_name) - strlen (".lockstep")] = '\0';
  self->name = g_filename_display_name (file_name);
  return TRUE;
}

static gboolean
read_hosts (LockstepPlan             *self,
            const LockstepPlanObject *object,
            GError                  **error)
{
  guint n_solvers = 0;

  if (!lockstep_plan_read_n_solvers (object, &n_solvers, error))
    return FALSE;

  self->hosts = lockstep_plan_read_hosts (lockstep_plan_object_get (object, "hosts"), n_solvers, error);
  return self->hosts != NULL;
}

static gboolean
read_initialize (LockstepPlan             *self,
                 const LockstepPlanObject *object,
                 GError                  **error)
{
  g_auto (LockstepPlanObject) initialize = { 0 };
  LockstepJson                json = lockstep_plan_object_get (object, "initialize");

  return json.text == NULL ||
         (lockstep_plan_object_init (&initialize, json, "initialize", initialize_members, error) &&
          lockstep_plan_object_read_duration (&initialize, "timeout", &self->initialize_timeout, error));
}

static gboolean
read_steps (LockstepPlan              *self,
            const LockstepPlanObject  *object,
            const LockstepPlanOptions *options,
            GError                   **error)
{
  LockstepPlanContext context = {
    self->values,
    self->directory,
    object,
    self->all,
    options->tables,
    options->unchecked,
    self->program != NULL,
  };
  LockstepPolicy policy;

  /* Read for its errors, which would else be told only of a plan with a step that is not a loop. */
  lockstep_plan_policy_init (&policy, LOCKSTEP_STEP_ALL);
  if (!lockstep_plan_policy_read (&policy, object, error) ||
      !lockstep_plan_object_require (object, "steps", _ ("a list with at least one step"), error))
    return FALSE;

  self->steps = lockstep_plan_read_steps (&context, lockstep_plan_object_get (object, "steps"), "steps", error);
  return self->steps != NULL;
}

/* The program, and the adapter as the solver that runs it. */
static gboolean
read_program (LockstepPlan             *self,
              const LockstepPlanObject *object,
              GError                  **error)
{
  LockstepJson json = lockstep_plan_object_get (object, "program");

  if (json.text == NULL)
    return TRUE;
  if ((self->program = lockstep_plan_read_program (json, error)) == NULL)
    return FALSE;

  self->program_text = lockstep_json_slice (json, self->values);
  self->solver = lockstep_solver_spec_new_adapter (self->directory, self->program->threads, self->program->memory);
  return TRUE;
}

/* Last of all, so that a file that is missing here does not hide what is wrong everywhere. */
static gboolean
read_solver (LockstepPlan              *self,
             const LockstepPlanObject  *object,
             const LockstepPlanOptions *options,
             GError                   **error)
{
  if (self->program != NULL)
    return options->unchecked ||
           lockstep_plan_check_program (self->program, self->steps, self->params, self->directory, error);

  self->solver = lockstep_plan_read_solver (lockstep_plan_object_get (object, "solver"), self->directory, options->unchecked,
                                            error);
  return self->solver != NULL;
}

static gboolean
read_members (LockstepPlan              *self,
              LockstepJson               json,
              const LockstepPlanOptions *options,
              GError                   **error)
{
  g_auto (LockstepPlanObject) object = { 0 };
  gint64                      nice = self->nice;

  if (!check_version (json, error) ||
      !lockstep_plan_check_unique (json, "", error) ||
      !lockstep_plan_object_init (&object, json, "", plan_members, error) ||
      !check_available (&object, error) ||
      !read_name (self, &object, options->name, error) ||
      !read_hosts (self, &object, error) ||
      !lockstep_plan_object_read_object (&object, "params", self->values, &self->params, error) ||
      !read_initialize (self, &object, error) ||
      !lockstep_plan_object_read_int (&object, "nice", -20, 19, &nice, error) ||
      !read_program (self, &object, error) ||
      !read_steps (self, &object, options, error))
    return FALSE;

  self->nice = nice;
  return read_solver (self, &object, options, error);
}

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
  if (!scan (self->values, file, &json, error) || !read_members (self, json, options, error))
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
