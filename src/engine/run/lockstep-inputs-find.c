/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-inputs.h"

#include <limits.h>
#include <string.h>

#include "lockstep-local-host.h"
#include "lockstep-plan-value.h"

typedef struct
{
  LockstepPlan *plan;
  GPtrArray    *found; /* of LockstepInput */
} Search;

static void
add (Search     *self,
     const char *member,
     char       *path)
{
  LockstepInput *input = g_new0 (LockstepInput, 1);

  input->member = g_strdup (member);
  input->path = path;
  g_ptr_array_add (self->found, input);
}

/* The file that the text @name is the path of; NULL where it is none. */
static char *
find_file (Search     *self,
           const char *name)
{
  const char *const folders[] = { lockstep_plan_get_solver (self->plan)->directory,
                                  lockstep_plan_get_directory (self->plan) };

  if (*name == '\0' || strlen (name) >= PATH_MAX || strchr (name, '\n') != NULL)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_canonicalize_filename (name, folders[i]);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }

  return NULL;
}

/* The program as each host finds it, which differs only where the hosts' env has another PATH. @command is its name, and
 * @member where that stands. */
static void
find_program (Search     *self,
              const char *command,
              const char *member)
{
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (self->plan);
  GPtrArray                *hosts = lockstep_plan_get_hosts (self->plan);
  g_autoptr (GHashTable)    seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < hosts->len; i++)
    {
      const LockstepHostSpec  *spec = g_ptr_array_index (hosts, i);
      g_autoptr (LockstepHost) host = lockstep_local_host_new (spec->name, (const char *const *) spec->env);
      g_autofree char         *path = NULL;

      if (strchr (command, '/') != NULL)
        path = g_strdup (command);
      else
        path = lockstep_local_host_find_program (LOCKSTEP_LOCAL_HOST (host), command, (const char *const *) solver->env);
      if (path == NULL || g_hash_table_contains (seen, path))
        continue;

      g_hash_table_add (seen, path);
      add (self, member, g_steal_pointer (&path));
    }
}

static void
find_arguments (Search *self)
{
  char **command = lockstep_plan_get_solver (self->plan)->command;

  for (guint i = 1; command[i] != NULL; i++)
    {
      g_autofree char *member = g_strdup_printf ("solver.command[%u]", i);
      char            *path = find_file (self, command[i]);

      if (path != NULL)
        add (self, member, path);
    }
}

/* The files that @text names, if they are the same for all tasks. */
static void
find_text (Search                     *self,
           const LockstepProgramText  *text,
           const LockstepPlaceholders *placeholders)
{
  g_autofree char *name = lockstep_program_text_fill (text, placeholders, NULL);
  char            *path = name != NULL ? find_file (self, name) : NULL;

  if (path != NULL)
    add (self, text->path, path);
}

/* Of a plan with a program: that, the files that its arguments name, and those that tasks find in their folders. */
static void
find_in_program (Search *self)
{
  const LockstepProgram     *program = lockstep_plan_get_program (self->plan);
  GBytes                    *params = lockstep_plan_get_params (self->plan);
  const LockstepPlaceholders placeholders = {
    .folder = lockstep_plan_get_directory (self->plan),
    .run = "",
    .params = { { NULL, 0 }, { NULL, 0 }, { g_bytes_get_data (params, NULL), g_bytes_get_size (params) } },
  };
  g_autofree char *name = lockstep_program_dup_name (program, &placeholders);

  if (name != NULL)
    find_program (self, name, "program.command[0]");
  for (guint i = 1; i < program->command->len; i++)
    find_text (self, g_ptr_array_index (program->command, i), &placeholders);
  for (guint i = 0; i < program->files->len; i++)
    find_text (self, &((LockstepProgramFile *) g_ptr_array_index (program->files, i))->source, &placeholders);
  if (program->input != NULL)
    find_text (self, program->input, &placeholders);
}

static void
find_in_value (Search      *self,
               LockstepJson value,
               const char  *member)
{
  LockstepJsonIter iter;
  LockstepJson     name, element;
  g_autofree char *text = NULL;
  gsize            length;
  char            *path;

  if (lockstep_json_get_kind (value) == LOCKSTEP_JSON_STRING)
    {
      text = lockstep_json_dup_string (value, &length);
      if (strlen (text) == length && (path = find_file (self, text)) != NULL)
        add (self, member, path);
      return;
    }

  lockstep_json_iter_init (&iter, value);
  for (guint i = 0; lockstep_json_iter_next (&iter, &name, &element); i++)
    {
      g_autofree char *inner = NULL;

      /* There may be many numbers. */
      if (lockstep_json_get_kind (element) < LOCKSTEP_JSON_STRING)
        continue;
      inner = name.text != NULL ? lockstep_plan_dup_member_path (member, name)
                                : lockstep_plan_dup_element_path (member, i);

      find_in_value (self, element, inner);
    }
}

static void
find_in_params (Search     *self,
                GBytes     *params,
                const char *member)
{
  if (params != NULL)
    find_in_value (self, (LockstepJson){ g_bytes_get_data (params, NULL), g_bytes_get_size (params) }, member);
}

static void
find_table (Search             *self,
            const LockstepStep *step)
{
  GBytes          *text = lockstep_plan_get_text (self->plan);
  LockstepJson     json = { g_bytes_get_data (text, NULL), g_bytes_get_size (text) };
  g_autofree char *member = g_strconcat (step->path, ".tasks.csv", NULL);
  g_autofree char *dotted = NULL;
  g_auto (GStrv)   parts = g_strsplit_set (member, "[]", -1);
  g_autofree char *name = NULL;
  GString         *path = g_string_new (NULL);

  /* "steps[0].steps[1].tasks.csv" is steps.0.steps.1.tasks.csv. */
  for (guint i = 0; parts[i] != NULL; i++)
    g_string_append_printf (path, "%s%s", i % 2 == 1 ? "." : "", parts[i]);
  dotted = g_string_free (path, FALSE);

  name = lockstep_json_dup_string (lockstep_json_get_path (json, dotted), NULL);
  if (name != NULL)
    add (self, member, g_canonicalize_filename (name, lockstep_plan_get_directory (self->plan)));
}

GPtrArray *
lockstep_inputs_find (LockstepPlan *plan)
{
  Search        search = { .plan = plan };
  LockstepStep *step;

  search.found = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_input_free);
  if (lockstep_plan_get_program (plan) != NULL)
    {
      find_in_program (&search);
    }
  else
    {
      find_program (&search, lockstep_plan_get_solver (plan)->command[0], "solver.command[0]");
      find_arguments (&search);
    }
  find_in_params (&search, lockstep_plan_get_params (plan), "params");
  for (guint i = 0; (step = lockstep_plan_get_step (plan, i)) != NULL; i++)
    {
      g_autofree char *member = g_strconcat (step->path, ".params", NULL);

      find_in_params (&search, step->params, member);
      if (step->table != NULL)
        find_table (&search, step);
    }

  return search.found;
}
