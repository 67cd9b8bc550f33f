/* SPDX-License-Identifier: MIT */

#include "lockstep-sdk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lockstep-listen.h"
#include "lockstep-serve.h"
#include "lockstep-try.h"

/* Exit status where the program was started wrongly. */
#define USAGE 2

/* What the arguments ask for; all are NULL when it is the stream in LOCKSTEP_STREAM. */
typedef struct
{
  const char *listen;
  const char *call;
  const char *params;
  const char *initialize;
  gboolean    help;
} Options;

static gboolean
read_options (int      argc,
              char   **argv,
              Options *options,
              GError **error)
{
  for (int i = 1; i < argc; i++)
    {
      const char **value = NULL;

      if (strcmp (argv[i], "--help") == 0)
        options->help = TRUE;
      else if (strcmp (argv[i], "--listen") == 0)
        value = &options->listen;
      else if (strcmp (argv[i], "--call") == 0)
        value = &options->call;
      else if (strcmp (argv[i], "--initialize") == 0)
        value = &options->initialize;
      if (!value)
        continue;
      if (i + 1 == argc)
        {
          g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS, "%s needs a value", argv[i]);
          return FALSE;
        }
      *value = argv[++i];
      if (value == &options->call && i + 1 < argc && !g_str_has_prefix (argv[i + 1], "--"))
        options->params = argv[++i];
    }

  return TRUE;
}

static void
print_help (FILE              *out,
            LockstepSdkSolver *solver)
{
  g_autofree char *steps = lockstep_sdk_solver_list_steps (solver);
  const char      *program = g_get_prgname () ? g_get_prgname () : solver->name;

  fprintf (out,
           "%s is a solver for Lockstep, which starts it and calls its steps: %s.\n"
           "Name this program as the solver's \"command\" in a plan, and run the plan:\n"
           "  lockstep-cli run PLAN\n"
           "\n"
           "Without Lockstep:\n"
           "  %s --call STEP [JSON] [--initialize JSON]\n"
           "      calls one step with these parameters, and prints its result\n"
           "  %s --listen HOST:PORT\n"
           "      waits on a loopback address for a plan that attaches to it (port 0: any)\n",
           solver->name, steps, program, program);
}

/* The descriptor that LOCKSTEP_STREAM names, or -1 with @error. */
static int
open_stream (const char *name,
             GError    **error)
{
  guint64   descriptor;
  int       type;
  socklen_t length = sizeof type;

  if (!g_str_has_prefix (name, "fd:") || !g_ascii_string_to_unsigned (name + 3, 10, 0, G_MAXINT, &descriptor, NULL))
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_STREAM,
                   "LOCKSTEP_STREAM is “%s”, but the form fd:NUMBER was expected", name);
      return -1;
    }
  if (getsockopt (descriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0)
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_STREAM,
                   "LOCKSTEP_STREAM names %s, but that is not a connected socket: %s", name, g_strerror (errno));
      return -1;
    }
  /* Programs that the solver starts do not hold its connection open, nor take it for theirs. */
  fcntl (descriptor, F_SETFD, FD_CLOEXEC);
  g_unsetenv ("LOCKSTEP_STREAM");

  return descriptor;
}

static int
serve_stream (LockstepSdkSolver *solver)
{
  const char        *name = g_getenv ("LOCKSTEP_STREAM");
  g_autoptr (GError) error = NULL;
  int                descriptor;

  if (!name)
    {
      print_help (stderr, solver);
      return USAGE;
    }
  descriptor = open_stream (name, &error);
  if (descriptor < 0)
    {
      fprintf (stderr, "%s: %s\n", solver->name, error->message);
      return USAGE;
    }
  lockstep_serve (solver, descriptor, FALSE);

  return 0;
}

int
lockstep_main (int                   argc,
               char                **argv,
               const char           *name,
               const LockstepMethod *methods,
               gpointer              user_data)
{
  LockstepSdkSolver  solver = { .name = name, .methods = methods, .user_data = user_data };
  Options            options = { NULL };
  g_autoptr (GError) error = NULL;
  int                status = 0;

  if (argc > 0 && !g_get_prgname ())
    {
      g_autofree char *program = g_path_get_basename (argv[0]);

      g_set_prgname (program);
    }
  if (!lockstep_sdk_solver_check (&solver, &error) || !read_options (argc, argv, &options, &error))
    {
      fprintf (stderr, "%s: %s\n", name, error->message);
      return USAGE;
    }

  if (options.help)
    print_help (stdout, &solver);
  else if (options.call)
    status = lockstep_try (&solver, options.call, options.params, options.initialize);
  else if (options.listen)
    status = lockstep_listen (&solver, options.listen);
  else
    status = serve_stream (&solver);
  lockstep_sdk_solver_reset (&solver);

  return status;
}
