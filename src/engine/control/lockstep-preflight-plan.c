/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-preflight-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lockstep-local-host.h"
#include "lockstep-number-text.h"

/* Less free space than this (bytes) is worth a word; with less than the other no run can be written down. */
#define LITTLE_SPACE (1024 * 1024 * 1024)
#define NO_SPACE     (2 * 1024 * 1024)

static void
add_missing_program (LockstepPreflight *self,
                     const char        *name,
                     int                number)
{
  char *text = g_strdup_printf (_ ("The program “%s” cannot be started: %s."), name, g_strerror (number));
  char *advice;

  if (strchr (name, '/') == NULL)
    advice = g_strdup_printf (_ ("It is in none of the folders of PATH; one beside the plan is written “./%s”."), name);
  else if (number == EACCES)
    advice = g_strdup (_ ("It has to be executable; “chmod +x” makes it so."));
  else
    advice = g_strdup (_ ("Look at “command” in the plan."));

  lockstep_preflight_add (self, LOCKSTEP_FINDING_PROBLEM, _ ("Program"), text, advice);
}

/* What is started for a task, and what is put over its environment: of the program itself where the plan has one. */
typedef struct
{
  char  *name; /* NULL where it depends on the task */
  char **env;
} Started;

static void
started_clear (Started *started)
{
  g_free (started->name);
  g_strfreev (started->env);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Started, started_clear)

static void
read_started (LockstepPreflight *self,
              Started           *started)
{
  const LockstepProgram     *program = lockstep_plan_get_program (self->plan);
  const LockstepSolverSpec  *solver = lockstep_plan_get_solver (self->plan);
  const LockstepPlaceholders placeholders = { .folder = lockstep_plan_get_directory (self->plan), .run = "" };
  g_autoptr (GStrvBuilder)   env = g_strv_builder_new ();

  if (program == NULL)
    {
      started->name = g_strdup (solver->command[0]);
      started->env = g_strdupv (solver->env);
      return;
    }

  started->name = lockstep_program_dup_name (program, &placeholders);
  for (guint i = 0; i < program->env->len; i++)
    {
      const LockstepProgramText *text = g_ptr_array_index (program->env, i);

      if (strchr (text->text, '{') == NULL)
        g_strv_builder_add (env, text->text);
    }
  started->env = g_strv_builder_end (env);
}

/* The program as it is found on @host; NULL, and a problem, where it is not. */
static char *
find_program (LockstepPreflight      *self,
              const LockstepHostSpec *spec,
              const Started          *started)
{
  const char              *name = started->name;
  g_autoptr (LockstepHost) host = lockstep_local_host_new (spec->name, (const char *const *) spec->env);
  char                    *path;

  if (strchr (name, '/') != NULL)
    {
      if (access (name, X_OK) == 0)
        return g_strdup (name);
      add_missing_program (self, name, errno);
      return NULL;
    }

  path = lockstep_local_host_find_program (LOCKSTEP_LOCAL_HOST (host), name, (const char *const *) started->env);
  if (path == NULL)
    add_missing_program (self, name, ENOENT);

  return path;
}

/* What Lockstep itself brings. */
static void
check_helpers (LockstepPreflight *self)
{
  g_autoptr (LockstepHost) host = lockstep_local_host_new ("local", NULL);
  const char              *guard = lockstep_local_host_get_guard (LOCKSTEP_LOCAL_HOST (host));
  const char              *adapter = lockstep_local_host_get_adapter (LOCKSTEP_LOCAL_HOST (host));

  if (access (guard, X_OK) != 0)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_PROBLEM, _ ("Program"),
                            g_strdup_printf (_ ("The program that watches over solvers, “%s”, cannot be started: %s."),
                                             guard, g_strerror (errno)),
                            g_strdup (_ ("Install Lockstep again, or set LOCKSTEP_GUARD to its path.")));
  if (lockstep_plan_get_program (self->plan) != NULL && access (adapter, X_OK) != 0)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_PROBLEM, _ ("Program"),
                            g_strdup_printf (_ ("The program that runs yours for each task, “%s”, cannot be started: %s."),
                                             adapter, g_strerror (errno)),
                            g_strdup (_ ("Install Lockstep again, or set LOCKSTEP_ADAPTER to its path.")));
}

static gboolean
is_target (const LockstepProgram *program,
           const char            *name)
{
  for (guint i = 0; i < program->files->len; i++)
    if (g_str_equal (((LockstepProgramFile *) g_ptr_array_index (program->files, i))->target.text, name))
      return TRUE;

  return FALSE;
}

/* An argument that names a file beside the plan, which the program will not find where it runs. */
static void
check_arguments (LockstepPreflight *self)
{
  const LockstepProgram *program = lockstep_plan_get_program (self->plan);

  for (guint i = 1; program != NULL && program->directory == NULL && i < program->command->len; i++)
    {
      const char      *word = ((LockstepProgramText *) g_ptr_array_index (program->command, i))->text;
      g_autofree char *file = g_build_filename (lockstep_plan_get_directory (self->plan), word, NULL);

      if (*word == '\0' || *word == '/' || is_target (program, word) || !g_file_test (file, G_FILE_TEST_IS_REGULAR))
        continue;
      lockstep_preflight_add (self, LOCKSTEP_FINDING_WARNING, _ ("Program"),
                              g_strdup_printf (_ ("“%s” lies beside the plan, and the program runs in a fresh folder for each "
                                                  "task, where it is not."),
                                               word),
                              g_strdup_printf (_ ("Write “{plan}/%s” in the command, or put it there: \"files\": {\"%s\": "
                                                  "{\"link\": \"%s\"}}."),
                                               word, word, word));
    }
}

void
lockstep_preflight_check_programs (LockstepPreflight *self)
{
  const LockstepSolverSpec *solver = lockstep_plan_get_solver (self->plan);
  GPtrArray                *hosts = lockstep_plan_get_hosts (self->plan);
  g_auto (Started)          started = { 0 };
  g_autofree char          *before = NULL;

  read_started (self, &started);
  /* Hosts differ only where their env has another PATH. */
  for (guint i = 0; started.name != NULL && i < hosts->len; i++)
    {
      g_autofree char *path = find_program (self, g_ptr_array_index (hosts, i), &started);

      if (path == NULL)
        break;
      if (g_strcmp0 (path, before) == 0)
        continue;
      lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("Program"), g_strdup (path), NULL);
      g_free (before);
      before = g_steal_pointer (&path);
    }

  check_helpers (self);
  check_arguments (self);
  if (access (solver->directory, X_OK) != 0)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_PROBLEM, _ ("Folder"),
                            g_strdup_printf (_ ("The solvers' folder, %s, cannot be entered: %s."),
                                             solver->directory, g_strerror (errno)),
                            g_strdup (_ ("Look at “directory” in the plan.")));
}

/* The folder, or the nearest one above it that is there. */
static char *
find_existing_folder (const char *folder)
{
  char *path = g_strdup (folder);

  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      char *parent = g_path_get_dirname (path);

      g_free (path);
      path = parent;
    }

  return path;
}

void
lockstep_preflight_check_disk (LockstepPreflight *self,
                               const char        *runs_directory)
{
  g_autofree char *folder = find_existing_folder (runs_directory);
  g_autofree char *size = NULL;
  struct statvfs   status;
  guint64          n_bytes;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    errno = ENOTDIR;
  else if (access (folder, W_OK | X_OK) == 0)
    errno = 0;

  if (errno != 0)
    {
      lockstep_preflight_add (self, LOCKSTEP_FINDING_PROBLEM, _ ("Disk"),
                              g_strdup_printf (_ ("The run cannot be kept in %s, because %s cannot be written: %s."),
                                               runs_directory, folder, g_strerror (errno)),
                              g_strdup (_ ("Another place can be given with --runs-dir or LOCKSTEP_RUNS_DIR.")));
      return;
    }

  /* What has no blocks, such as /proc, is no disk that could be full: whether files can be made there shows when one is. */
  if (statvfs (folder, &status) != 0 || status.f_blocks == 0)
    return;

  n_bytes = (guint64) status.f_bavail * status.f_frsize;
  size = g_format_size (n_bytes);
  if (n_bytes < NO_SPACE)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_PROBLEM, _ ("Disk"),
                            g_strdup_printf (_ ("The run cannot be kept in %s: the disk is full, with %s left."), runs_directory,
                                             size),
                            g_strdup (_ ("Make room; or another place can be given with --runs-dir or LOCKSTEP_RUNS_DIR.")));
  else if (n_bytes >= LITTLE_SPACE)
    lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("Disk"),
                            g_strdup_printf (_ ("%s free in %s"), size, runs_directory), NULL);
  else
    lockstep_preflight_add (self, LOCKSTEP_FINDING_WARNING, _ ("Disk"),
                            g_strdup_printf (_ ("Only %s are free in %s."), size, runs_directory),
                            g_strdup (_ ("Make room: a run that cannot be written down waits until it can.")));
}

/* @a × @b, or the largest number there is. */
static guint64
multiply (guint64 a,
          guint64 b)
{
  guint64 product;

  return g_uint64_checked_mul (&product, a, b) ? product : G_MAXUINT64;
}

static guint64
count_tasks (LockstepPreflight  *self,
             const LockstepStep *step)
{
  switch (step->kind)
    {
    case LOCKSTEP_STEP_ALL:
      return self->n_all;
    case LOCKSTEP_STEP_TASKS:
      return lockstep_task_list_get_count (step->tasks);
    default:
      return 1;
    }
}

/* Adds up what @steps, each done @times times, come to. */
static void
add_steps (LockstepPreflight *self,
           GPtrArray         *steps,
           guint64            times,
           guint64           *n_steps,
           guint64           *n_tasks,
           gboolean          *at_most)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const LockstepStep *step = g_ptr_array_index (steps, i);
      guint64             n_own;

      if (step->kind == LOCKSTEP_STEP_LOOP)
        {
          *at_most |= step->until != NULL;
          add_steps (self, step->steps, multiply (times, step->repeat), n_steps, n_tasks, at_most);
          continue;
        }

      n_own = multiply (times, count_tasks (self, step));
      *n_steps = *n_steps > G_MAXUINT64 - times ? G_MAXUINT64 : *n_steps + times;
      *n_tasks = *n_tasks > G_MAXUINT64 - n_own ? G_MAXUINT64 : *n_tasks + n_own;
      if (step->kind == LOCKSTEP_STEP_TASKS)
        {
          g_autofree char *number = lockstep_number_dup_text (lockstep_task_list_get_count (step->tasks));

          lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("Tasks"),
                                  g_strdup_printf (_ ("%s in step “%s”"), number, step->title), NULL);
        }
    }
}

void
lockstep_preflight_check_steps (LockstepPreflight *self)
{
  guint64          n_steps = 0;
  guint64          n_tasks = 0;
  gboolean         at_most = FALSE;
  g_autofree char *steps_text = NULL;
  g_autofree char *tasks_text = NULL;

  add_steps (self, lockstep_plan_get_steps (self->plan), 1, &n_steps, &n_tasks, &at_most);
  steps_text = lockstep_number_dup_text (n_steps);
  tasks_text = lockstep_number_dup_text (n_tasks);
  lockstep_preflight_add (self, LOCKSTEP_FINDING_OK, _ ("In all"),
                          g_strdup_printf (at_most ? _ ("At most: steps %s, tasks %s") : _ ("Steps: %s, tasks: %s"),
                                           steps_text, tasks_text),
                          NULL);
}
