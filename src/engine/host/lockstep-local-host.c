/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-local-host.h"

#include "lockstep-guarded-process.h"
#include "lockstep-program.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixconnection.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where the guard expects its descriptors; the solver has the first under the same number. */
#define STREAM  3
#define CONTROL 4

struct _LockstepLocalHost
{
  LockstepHost parent_instance;
  char        *guard;        /* owned; path of lockstep-guard */
  char        *adapter;      /* owned; path of lockstep-adapter */
  char        *solvers_path; /* owned; folders of Lockstep's own solvers, as in PATH */
  char       **env;          /* owned; "NAME=VALUE"…, may be NULL */
};

G_DEFINE_FINAL_TYPE (LockstepLocalHost, lockstep_local_host, LOCKSTEP_TYPE_HOST)

static char *
find_guard (void)
{
  const char      *from_environment = g_getenv ("LOCKSTEP_GUARD");
  g_autofree char *executable = g_file_read_link ("/proc/self/exe", NULL);

  if (from_environment != NULL && *from_environment != '\0')
    return g_canonicalize_filename (from_environment, NULL);

  if (executable != NULL)
    {
      g_autofree char *folder = g_path_get_dirname (executable);
      g_autofree char *guard = g_canonicalize_filename ("../guard/lockstep-guard", folder);

      if (g_file_test (guard, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&guard);
    }

  return g_build_filename (LOCKSTEP_LIBEXECDIR, "lockstep-guard", NULL);
}

/* In a build folder its folder is a neighbour of the guard's; installed they are in the same one. */
static char *
find_adapter (const char *guard)
{
  const char      *from_environment = g_getenv ("LOCKSTEP_ADAPTER");
  g_autofree char *folder = g_path_get_dirname (guard);
  g_autofree char *built = g_canonicalize_filename ("../adapter/" LOCKSTEP_PROGRAM_ADAPTER, folder);

  if (from_environment != NULL && *from_environment != '\0')
    return g_canonicalize_filename (from_environment, NULL);
  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);

  return g_build_filename (folder, LOCKSTEP_PROGRAM_ADAPTER, NULL);
}

/* In a build folder the solvers are neighbours of the guard, in a folder each. */
static char *
find_solvers (const char *guard)
{
  const char         *from_environment = g_getenv ("LOCKSTEP_SOLVERS_PATH");
  g_autofree char    *guard_folder = g_path_get_dirname (guard);
  g_autofree char    *solvers = g_canonicalize_filename ("../solvers", guard_folder);
  g_autoptr (GDir)    directory = NULL;
  g_autoptr (GString) folders = NULL;
  const char         *name;

  if (from_environment != NULL)
    return g_strdup (from_environment);

  if ((directory = g_dir_open (solvers, 0, NULL)) == NULL)
    return g_strdup (LOCKSTEP_BINDIR);

  folders = g_string_new (NULL);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *folder = g_build_filename (solvers, name, NULL);

      if (g_file_test (folder, G_FILE_TEST_IS_DIR))
        g_string_append_printf (folders, "%s%s", folders->len > 0 ? ":" : "", folder);
    }

  return g_string_free (g_steal_pointer (&folders), FALSE);
}

/* @environment with @env ("NAME=VALUE"…, may be NULL) put over it. */
static char **
put_over (char             **environment,
          const char *const *env)
{
  for (guint i = 0; env != NULL && env[i] != NULL; i++)
    {
      const char *equals = strchr (env[i], '=');

      if (equals != NULL)
        {
          g_autofree char *name = g_strndup (env[i], equals - env[i]);

          environment = g_environ_setenv (environment, name, equals + 1, TRUE);
        }
    }

  return environment;
}

char **
lockstep_local_host_dup_env (const LockstepLaunch *launch,
                             const char *const    *env)
{
  static const char *const threads_variables[] = {
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"
  };
  char           **changes = g_new0 (char *, 1);
  g_autofree char *threads = g_strdup_printf ("%u", MAX (launch->threads, 1));

  for (guint i = 0; i < G_N_ELEMENTS (threads_variables); i++)
    changes = g_environ_setenv (changes, threads_variables[i], threads, TRUE);
  changes = g_environ_setenv (changes, "PYTHONUNBUFFERED", "1", TRUE);
  changes = g_environ_setenv (changes, "GFORTRAN_UNBUFFERED_PRECONNECTED", "y", TRUE);

  changes = put_over (changes, launch->env);
  return put_over (changes, env);
}

static char **
make_environment (LockstepLocalHost    *self,
                  const LockstepLaunch *launch)
{
  g_auto (GStrv)   changes = lockstep_local_host_dup_env (launch, (const char *const *) self->env);
  char           **environment = put_over (g_get_environ (), (const char *const *) changes);
  g_autofree char *path = NULL;
  const char      *own_path;

  /* Last, so that a program of the same name that the person has goes first. */
  own_path = g_environ_getenv (environment, "PATH");
  path = g_strdup_printf ("%s:%s", own_path != NULL ? own_path : "/usr/local/bin:/usr/bin:/bin", self->solvers_path);
  environment = g_environ_setenv (environment, "PATH", path, TRUE);

  return g_environ_setenv (environment, "LOCKSTEP_STREAM", "fd:" G_STRINGIFY (STREAM), TRUE);
}

static GStrv
make_guard_command (LockstepLocalHost    *self,
                    const LockstepLaunch *launch)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char         *nice = g_strdup_printf ("%d", launch->nice);
  char                     grace[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (grace, sizeof grace, "%.3f", launch->grace);

  g_strv_builder_add_many (builder, self->guard, "--grace", grace, "--nice", nice, NULL);
  if (launch->directory != NULL)
    g_strv_builder_add_many (builder, "--directory", launch->directory, NULL);
  if (launch->output != NULL)
    g_strv_builder_add_many (builder, "--output", launch->output, NULL);
  g_strv_builder_add (builder, "--");
  /* The adapter is no program of the person's, and not in PATH. */
  if (g_str_equal (launch->command[0], LOCKSTEP_PROGRAM_ADAPTER))
    {
      g_strv_builder_add (builder, self->adapter);
      g_strv_builder_addv (builder, (const char **) launch->command + 1);
    }
  else
    {
      g_strv_builder_addv (builder, (const char **) launch->command);
    }

  return g_strv_builder_end (builder);
}

/* A pair of connected sockets: ours, ready for GIO, and the one that @launcher hands on as @descriptor. */
static GSocket *
make_socket (GSubprocessLauncher *launcher,
             int                  descriptor,
             GError             **error)
{
  GSocket *ours;
  int      ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      int number = errno;

      g_set_error (error, LOCKSTEP_HOST_ERROR, LOCKSTEP_HOST_ERROR_LAUNCH,
                   number == EMFILE || number == ENFILE
                     ? _ ("A solver could not be connected: %s. Start fewer solvers, or raise the limit (ulimit -n).")
                     : _ ("A solver could not be connected: %s."),
                   g_strerror (number));
      return NULL;
    }

  if ((ours = g_socket_new_from_fd (ends[0], error)) == NULL)
    {
      close (ends[0]);
      close (ends[1]);
      return NULL;
    }

  g_subprocess_launcher_take_fd (launcher, ends[1], descriptor);
  return ours;
}

static LockstepProcess *
lockstep_local_host_launch (LockstepHost         *host,
                            const LockstepLaunch *launch,
                            GError              **error)
{
  LockstepLocalHost *self = LOCKSTEP_LOCAL_HOST (host);
  /* What is inherited beyond 3 and 4 the guard closes first of all; with this flag GLib starts it by posix_spawn()
   * where it would else fork() all of a large process. */
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_INHERIT_FDS);
  g_auto (GStrv)                  command = make_guard_command (self, launch);
  g_auto (GStrv)                  environment = make_environment (self, launch);
  g_autoptr (GSocket)             stream = NULL;
  g_autoptr (GSocket)             control = NULL;
  g_autoptr (GSocketConnection)   connection = NULL;
  g_autoptr (GSubprocess)         guard = NULL;
  g_autoptr (GError)              reason = NULL;

  g_subprocess_launcher_set_environ (launcher, environment);

  if ((stream = make_socket (launcher, STREAM, error)) == NULL ||
      (control = make_socket (launcher, CONTROL, error)) == NULL)
    return NULL;

  if ((guard = g_subprocess_launcher_spawnv (launcher, (const char *const *) command, &reason)) == NULL)
    {
      g_set_error (error, LOCKSTEP_HOST_ERROR, LOCKSTEP_HOST_ERROR_LAUNCH,
                   _ ("The program that watches over solvers, “%s”, could not be started: %s. Install Lockstep again, "
                      "or set LOCKSTEP_GUARD to its path."),
                   self->guard, reason->message);
      return NULL;
    }

  connection = g_socket_connection_factory_create_connection (stream);

  return lockstep_guarded_process_new (guard, G_IO_STREAM (connection), control);
}

static void
lockstep_local_host_constructed (GObject *object)
{
  LockstepLocalHost *self = LOCKSTEP_LOCAL_HOST (object);

  G_OBJECT_CLASS (lockstep_local_host_parent_class)->constructed (object);

  self->guard = find_guard ();
  self->adapter = find_adapter (self->guard);
  self->solvers_path = find_solvers (self->guard);
}

static void
lockstep_local_host_finalize (GObject *object)
{
  LockstepLocalHost *self = LOCKSTEP_LOCAL_HOST (object);

  g_free (self->guard);
  g_free (self->adapter);
  g_free (self->solvers_path);
  g_strfreev (self->env);

  G_OBJECT_CLASS (lockstep_local_host_parent_class)->finalize (object);
}

static void
lockstep_local_host_class_init (LockstepLocalHostClass *klass)
{
  GObjectClass      *object_class = G_OBJECT_CLASS (klass);
  LockstepHostClass *host_class = LOCKSTEP_HOST_CLASS (klass);

  object_class->constructed = lockstep_local_host_constructed;
  object_class->finalize = lockstep_local_host_finalize;
  host_class->launch = lockstep_local_host_launch;
}

static void
lockstep_local_host_init (LockstepLocalHost *self)
{
}

LockstepHost *
lockstep_local_host_new (const char        *name,
                         const char *const *env)
{
  LockstepLocalHost *self = g_object_new (LOCKSTEP_TYPE_LOCAL_HOST, "name", name, NULL);

  self->env = g_strdupv ((char **) env);

  return LOCKSTEP_HOST (self);
}

const char *
lockstep_local_host_get_guard (LockstepLocalHost *self)
{
  return self->guard;
}

const char *
lockstep_local_host_get_adapter (LockstepLocalHost *self)
{
  return self->adapter;
}

char *
lockstep_local_host_find_program (LockstepLocalHost *self,
                                  const char        *name,
                                  const char *const *env)
{
  const LockstepLaunch launch = { .env = env };
  g_auto (GStrv)       environment = make_environment (self, &launch);
  g_auto (GStrv)       folders = g_strsplit (g_environ_getenv (environment, "PATH"), ":", -1);

  for (char **folder = folders; *folder != NULL; folder++)
    {
      g_autofree char *file = g_build_filename (**folder != '\0' ? *folder : ".", name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (file, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&file);
    }

  return NULL;
}
