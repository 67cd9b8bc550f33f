/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-program-process.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descendants.h"

/* Between two looks (ms) at whether all have gone. */
#define FIRST_PAUSE   1
#define LONGEST_PAUSE 20

struct _LockstepProgramProcess
{
  pid_t         pid;
  int           descriptor; /* a pidfd; -1 when it has ended */
  int           status;
  struct rusage usage;
};

G_DEFINE_QUARK (lockstep_program_error, lockstep_program_error)

/* The file that the command @name starts, along the PATH of @env; NULL where there is none. */
static char *
find_program (const char *name,
              char      **env)
{
  const char    *path = g_environ_getenv (env, "PATH");
  g_auto (GStrv) folders = NULL;

  if (strchr (name, '/') != NULL)
    return g_strdup (name);

  folders = g_strsplit (path != NULL ? path : "/usr/local/bin:/usr/bin:/bin", ":", -1);
  for (char **folder = folders; *folder != NULL; folder++)
    {
      g_autofree char *file = g_build_filename (**folder != '\0' ? *folder : ".", name, NULL);

      if (access (file, X_OK) == 0 && !g_file_test (file, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&file);
    }

  return NULL;
}

static void
set_start_error (GError    **error,
                 const char *name,
                 int         number)
{
  const char *advice = "";

  if (number == ENOEXEC)
    advice = _ (" A script needs a first line that names its interpreter, such as “#!/bin/sh”.");
  else if (number == EACCES)
    advice = _ (" It has to be executable; “chmod +x” makes it so.");

  g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START, _ ("The program “%s” could not be started: %s.%s"),
               name, g_strerror (number), advice);
}

/* The program has a process group of its own, and signals as they are by default. */
static void
set_attributes (posix_spawnattr_t *attributes)
{
  sigset_t none, all;

  sigemptyset (&none);
  sigfillset (&all);
  posix_spawnattr_init (attributes);
  posix_spawnattr_setflags (attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup (attributes, 0);
  posix_spawnattr_setsigmask (attributes, &none);
  posix_spawnattr_setsigdefault (attributes, &all);
}

LockstepProgramProcess *
lockstep_program_process_start (const LockstepProgramStart *start,
                                GError                    **error)
{
  LockstepProgramProcess    *self;
  g_autofree char           *file = find_program (start->command[0], start->env);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t          attributes;
  pid_t                      pid;
  int                        number;

  if (file == NULL)
    {
      g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_START,
                   _ ("The program “%s” could not be started: it is in none of the folders of PATH. One beside the plan is "
                      "written “./%s”."),
                   start->command[0], start->command[0]);
      return NULL;
    }

  prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  posix_spawn_file_actions_init (&actions);
  if (start->input >= 0)
    posix_spawn_file_actions_adddup2 (&actions, start->input, STDIN_FILENO);
  else
    posix_spawn_file_actions_addopen (&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, start->output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2 (&actions, start->output, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np (&actions, start->directory);
  set_attributes (&attributes);

  number = posix_spawn (&pid, file, &actions, &attributes, start->command, start->env);

  posix_spawn_file_actions_destroy (&actions);
  posix_spawnattr_destroy (&attributes);
  if (number != 0)
    {
      set_start_error (error, file, number);
      return NULL;
    }

  self = g_new0 (LockstepProgramProcess, 1);
  self->pid = pid;
  self->descriptor = (int) syscall (SYS_pidfd_open, pid, 0);

  return self;
}

/* The program itself has ended. */
static void
set_ended (LockstepProgramProcess *self,
           int                     status,
           const struct rusage    *usage)
{
  self->pid = 0;
  self->status = status;
  self->usage = *usage;
  if (self->descriptor >= 0)
    close (self->descriptor);
  self->descriptor = -1;
}

gboolean
lockstep_program_process_wait (LockstepProgramProcess *self,
                               int                     milliseconds)
{
  struct pollfd polled = { .fd = self->descriptor, .events = POLLIN };
  struct rusage usage;
  int           status;

  if (self->pid == 0)
    return TRUE;
  poll (&polled, 1, milliseconds);
  if (wait4 (self->pid, &status, WNOHANG, &usage) != self->pid)
    return FALSE;

  set_ended (self, status, &usage);
  return TRUE;
}

/* Waits for those of its children that have ended, which orphans become; TRUE when none is left. */
static gboolean
reap (LockstepProgramProcess *self)
{
  struct rusage usage;
  int           status;
  pid_t         pid;

  while ((pid = wait4 (-1, &status, WNOHANG, &usage)) > 0)
    if (pid == self->pid)
      set_ended (self, status, &usage);

  return pid < 0 && errno == ECHILD;
}

/* Waits until all have gone, or @until (monotonic). */
static gboolean
wait_for_all (LockstepProgramProcess *self,
              gint64                  until)
{
  int pause = FIRST_PAUSE;

  while (!reap (self))
    {
      if (g_get_monotonic_time () >= until)
        return FALSE;
      g_usleep ((gulong) pause * 1000);
      pause = MIN (2 * pause, LONGEST_PAUSE);
    }

  return TRUE;
}

guint
lockstep_program_process_end (LockstepProgramProcess *self,
                              double                  grace)
{
  const gint64 until = g_get_monotonic_time () + (gint64) (grace * G_USEC_PER_SEC);
  ProcessSet   told = { 0 };
  ProcessSet   killed = { 0 };
  guint        n_killed;

  if (reap (self))
    return 0;

  descendants_terminate (descendants_get_time (), &told);
  if (!wait_for_all (self, until))
    do
      descendants_kill (&killed);
    while (!wait_for_all (self, g_get_monotonic_time () + LONGEST_PAUSE * 1000));

  n_killed = (guint) killed.n_items;
  process_set_clear (&told);
  process_set_clear (&killed);
  return n_killed;
}

int
lockstep_program_process_get_status (const LockstepProgramProcess *self)
{
  return self->status;
}

const struct rusage *
lockstep_program_process_get_usage (const LockstepProgramProcess *self)
{
  return &self->usage;
}

void
lockstep_program_process_free (LockstepProgramProcess *self)
{
  if (self == NULL)
    return;

  lockstep_program_process_end (self, 0);
  g_free (self);
}
