/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "child.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Everything below runs in the child. The strings of a failure are constants, so that their addresses hold in
 * the guard, from which this process was copied, as well. */
static void __attribute__ ((noreturn))
fail (int         start_pipe,
      const char *what)
{
  ChildFailure failure = { what, errno };
  ssize_t      written = write (start_pipe, &failure, sizeof failure);

  _exit (written == sizeof failure ? 127 : 126);
}

static void __attribute__ ((noreturn))
run (const ChildPlan *plan,
     pid_t            guard,
     int              start_pipe)
{
  int input;

  /* A group of its own: kill (0, …) in the program must not reach the guard. */
  setpgid (0, 0);

  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid () != guard)
    _exit (126);

  session_unblock_signals ();

  if (plan->output != NULL)
    {
      int output = open (plan->output, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);

      if (output < 0 || dup2 (output, STDOUT_FILENO) < 0 || dup2 (output, STDERR_FILENO) < 0)
        fail (start_pipe, "output");
    }

  input = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  if (input < 0 || dup2 (input, STDIN_FILENO) < 0)
    fail (start_pipe, "input");

  if (plan->directory != NULL && chdir (plan->directory) < 0)
    fail (start_pipe, "directory");

  /* Fails only where it asks for more than this person may have: then it runs with what it may have. */
  if (plan->has_nice)
    setpriority (PRIO_PROCESS, 0, plan->nice);

  execvp (plan->command[0], plan->command);
  fail (start_pipe, "exec");
}

bool
child_start (Child           *child,
             const ChildPlan *plan)
{
  pid_t guard = getpid ();
  int   ends[2];

  *child = (Child){ .start_pipe = -1 };

  if (pipe2 (ends, O_CLOEXEC) < 0 || (child->pid = fork ()) < 0)
    {
      child->failure = (ChildFailure){ "fork", errno };
      return false;
    }

  if (child->pid == 0)
    run (plan, guard, ends[1]);

  close (ends[1]);
  child->start_pipe = ends[0];

  return true;
}

bool
child_finish_start (Child *child)
{
  ChildFailure failure;
  ssize_t      length;

  do
    length = read (child->start_pipe, &failure, sizeof failure);
  while (length < 0 && errno == EINTR);

  if (length == sizeof failure)
    child->failure = failure;

  close (child->start_pipe);
  child->start_pipe = -1;

  return child->failure.what == NULL;
}
