/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "guarded.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child, between fork and exec: the descriptors go where the guard expects them, by way of numbers that are
 * out of the way. */
static void
place_descriptors (gpointer data)
{
  const int *descriptors = data;
  int        stream = fcntl (descriptors[0], F_DUPFD_CLOEXEC, 10);
  int        control = fcntl (descriptors[1], F_DUPFD_CLOEXEC, 10);

  dup2 (stream, 3);
  dup2 (control, 4);
}

Guarded *
guarded_start (const char *argument,
               ...)
{
  static int            n_started = 0;
  Guarded              *guarded = g_new0 (Guarded, 1);
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autoptr (GError)    error = NULL;
  g_auto (GStrv)        environment = g_get_environ ();
  int                   stream[2];
  int                   control[2];
  va_list               arguments;

  g_ptr_array_add (command, (char *) g_getenv ("LOCKSTEP_GUARD"));
  va_start (arguments, argument);
  for (; argument != NULL; argument = va_arg (arguments, const char *))
    g_ptr_array_add (command, (char *) argument);
  va_end (arguments);
  g_ptr_array_add (command, NULL);

  guarded->tag = g_strdup_printf ("LOCKSTEP_TEST_TAG=%d-%d-%" G_GINT64_FORMAT,
                                  getpid (), n_started++, g_get_real_time ());
  environment = g_environ_setenv (environment, "LOCKSTEP_TEST_TAG", strchr (guarded->tag, '=') + 1, TRUE);

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream));
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control));

  g_spawn_async (NULL, (char **) command->pdata, environment,
                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
                 place_descriptors, (int[]){ stream[1], control[1] }, &guarded->pid, &error);
  g_assert_no_error (error);

  close (stream[1]);
  close (control[1]);
  guarded->stream = stream[0];
  guarded->control = control[0];

  return guarded;
}

Guarded *
guarded_start_stubborn (const char *grace,
                        const char *mode)
{
  return guarded_start ("--grace", grace, "--", g_getenv ("LOCKSTEP_STUBBORN_DAEMON"), mode, NULL);
}

void
guarded_free (Guarded *guarded)
{
  int status;

  g_assert_cmpint (waitpid (guarded->pid, &status, 0), ==, guarded->pid);
  /* The guard is the last to go: nothing has to be waited for. */
  if (WIFEXITED (status))
    {
      g_autoptr (GArray) left = find_tagged (guarded->tag, 0);

      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
      g_assert_cmpuint (left->len, ==, 0);
    }

  if (guarded->control >= 0)
    close (guarded->control);
  close (guarded->stream);
  g_free (guarded->tag);
  g_free (guarded->report);
  g_free (guarded);
}

void
guarded_send (Guarded    *guarded,
              const char *command)
{
  g_assert_cmpint (send (guarded->control, command, strlen (command), MSG_NOSIGNAL), ==, strlen (command));
}

void
guarded_close_control (Guarded *guarded)
{
  close (guarded->control);
  guarded->control = -1;
}

char *
read_line (int fd)
{
  GString *line = g_string_new (NULL);
  char     byte;

  while (read (fd, &byte, 1) == 1)
    {
      if (byte == '\n')
        return g_string_free (line, FALSE);
      g_string_append_c (line, byte);
    }

  g_string_free (line, TRUE);
  return NULL;
}

void
guarded_wait_started (Guarded *guarded)
{
  g_autofree char *line = read_line (guarded->control);

  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "{\"started\":"));
  guarded->solver = g_ascii_strtoll (line + strlen ("{\"started\":"), NULL, 10);
  g_assert_cmpint (guarded->solver, >, 1);
}

void
guarded_wait_ready (Guarded *guarded)
{
  g_autofree char *line = read_line (guarded->stream);

  g_assert_cmpstr (line, ==, "ready");
}

static const char *
find_member (Guarded    *guarded,
             const char *name)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\":", name);
  char            *line;
  const char      *member;

  while (guarded->report == NULL && (line = read_line (guarded->control)) != NULL)
    {
      if (g_str_has_prefix (line, "{\"started\":"))
        g_free (line);
      else
        guarded->report = line;
    }

  g_assert_nonnull (guarded->report);
  member = strstr (guarded->report, quoted);

  return member != NULL ? member + strlen (quoted) : NULL;
}

double
guarded_get (Guarded    *guarded,
             const char *name)
{
  const char *member = find_member (guarded, name);

  if (member == NULL)
    g_error ("no \"%s\" in the report %s", name, guarded->report);

  return g_ascii_strtod (member, NULL);
}

gboolean
guarded_has (Guarded    *guarded,
             const char *name)
{
  return find_member (guarded, name) != NULL;
}
