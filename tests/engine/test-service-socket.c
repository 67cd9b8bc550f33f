/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-service-socket.h"

#include "run-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lockstep-recent-events.h"

static LockstepServiceSocket *
listen_as (const char *name)
{
  g_autoptr (GError)     error = NULL;
  LockstepServiceSocket *made = lockstep_service_socket_listen (name, &error);

  g_assert_no_error (error);
  return made;
}

static mode_t
get_mode (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return status.st_mode & 07777;
}

static void
test_names (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *run = g_build_filename (folder, "20261122-142504-e94d-a name, that is long", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_autofree char *through = g_build_filename (link, "20261122-142504-e94d-a name, that is long", NULL);
  g_autofree char *name = NULL;
  g_autofree char *same = NULL;
  g_autofree char *other = lockstep_service_socket_dup_name ("/elsewhere/20261122-142504-e94d-a name");
  g_autofree char *none = lockstep_service_socket_dup_name (NULL);
  g_autofree char *strange = lockstep_service_socket_dup_name ("/elsewhere/../x/ü / \n");

  g_assert_cmpint (g_mkdir (run, 0700), ==, 0);
  g_assert_cmpint (symlink (folder, link), ==, 0);
  name = lockstep_service_socket_dup_name (run);
  same = lockstep_service_socket_dup_name (through);
  g_assert_cmpstr (name, ==, same);
  g_assert_true (g_str_has_prefix (name, "20261122-142504-e94d-"));
  g_assert_true (g_str_has_prefix (other, "20261122-142504-e94d-"));
  g_assert_cmpstr (name, !=, other);
  g_assert_cmpuint (strlen (name), ==, 29);
  g_assert_true (g_str_has_prefix (none, "process-"));
  g_assert_null (strpbrk (strange, "/ \n"));
  remove_folder (g_steal_pointer (&folder));
}

/* However long XDG_RUNTIME_DIR is, the address has room for the path. */
static void
test_room (void)
{
  g_autofree char *before = g_strdup (g_getenv ("XDG_RUNTIME_DIR"));
  g_autofree char *folder = make_folder ();

  for (gsize length = strlen (folder) + 2; length < 120; length++)
    {
      g_autofree char *filling = g_strnfill (length - strlen (folder) - 1, 'r');
      g_autofree char *runtime = g_build_filename (folder, filling, NULL);
      g_autofree char *path = NULL;

      g_assert_cmpint (g_mkdir (runtime, 0700), ==, 0);
      g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
      path = lockstep_service_socket_dup_path ("20261122-142504-e94d-12345678");
      g_assert_cmpuint (strlen (path), <, sizeof ((struct sockaddr_un *) NULL)->sun_path);
      g_assert_true (g_str_has_prefix (path, length <= 63 ? runtime : "/tmp/lockstep-"));
    }
  g_setenv ("XDG_RUNTIME_DIR", before != NULL ? before : "", TRUE);
  remove_folder (g_steal_pointer (&folder));
}

static void
test_listen (void)
{
  g_autofree char       *folder = make_folder ();
  LockstepServiceSocket *made = listen_as ("one");
  g_autofree char       *path = lockstep_service_socket_dup_path ("one");
  g_autofree char       *parent = g_path_get_dirname (path);
  g_autoptr (GError)     error = NULL;

  g_assert_cmpstr (lockstep_service_socket_get_path (made), ==, path);
  g_assert_cmpuint (get_mode (path), ==, 0600);
  g_assert_cmpuint (get_mode (parent), ==, 0700);

  /* It is neither taken away from who listens nor removed. */
  g_assert_null (lockstep_service_socket_listen ("one", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  lockstep_service_socket_remove_stale (path);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  lockstep_service_socket_free (made);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  remove_folder (g_steal_pointer (&folder));
}

/* As a process leaves it that was killed. */
static void
leave_stale (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const int          descriptor = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (descriptor, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (descriptor, 1), ==, 0);
  close (descriptor);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_stale (void)
{
  g_autofree char       *folder = make_folder ();
  LockstepServiceSocket *made = listen_as ("two");
  LockstepServiceSocket *next;
  g_autofree char       *path = g_strdup (lockstep_service_socket_get_path (made));

  lockstep_service_socket_free (made);
  leave_stale (path);
  lockstep_service_socket_remove_stale (path);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  leave_stale (path);
  made = listen_as ("two");

  /* Who is late in going does not take away what is another's by then. */
  g_unlink (path);
  next = listen_as ("two");
  lockstep_service_socket_free (made);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  lockstep_service_socket_free (next);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  remove_folder (g_steal_pointer (&folder));
}

/* Many scripts may connect before the main loop comes round to accept them. */
static void
test_queue (void)
{
  enum
  {
    N_WAITING = 100
  };
  g_autofree char       *folder = make_folder ();
  LockstepServiceSocket *made = listen_as ("queue");
  struct sockaddr_un     address = { .sun_family = AF_UNIX };
  int                    waiting[N_WAITING];

  g_strlcpy (address.sun_path, lockstep_service_socket_get_path (made), sizeof address.sun_path);
  for (guint i = 0; i < N_WAITING; i++)
    {
      waiting[i] = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      g_assert_no_errno (connect (waiting[i], (const struct sockaddr *) &address, sizeof address));
    }
  for (guint i = 0; i < N_WAITING; i++)
    close (waiting[i]);
  lockstep_service_socket_free (made);
  remove_folder (g_steal_pointer (&folder));
}

static void
add (LockstepRecentEvents *recent,
     guint64               number,
     gsize                 size)
{
  LockstepEvent event;

  lockstep_event_init (&event, LOCKSTEP_EVENT_TASK_ENDED);
  event.task = (gint64) number;
  event.payload = g_bytes_new_take (g_malloc0 (size), size);
  lockstep_recent_events_add (recent, &event, number);
  lockstep_event_clear (&event);
}

static void
test_recent (void)
{
  g_autoptr (LockstepRecentEvents) recent = lockstep_recent_events_new (10);

  g_assert_cmpuint (lockstep_recent_events_get_first (recent), ==, 11);
  g_assert_cmpuint (lockstep_recent_events_get_last (recent), ==, 10);
  for (guint64 number = 11; number <= 5000; number++)
    add (recent, number, 10);
  g_assert_cmpuint (lockstep_recent_events_get_last (recent), ==, 5000);
  g_assert_cmpuint (lockstep_recent_events_get_first (recent), ==, 5000 - 1023);
  for (guint64 number = 5000 - 1023; number <= 5000; number++)
    g_assert_cmpint (lockstep_recent_events_get (recent, number)->task, ==, (gint64) number);

  /* What is large is not kept long; the newest always is. */
  for (guint64 number = 5001; number <= 5010; number++)
    add (recent, number, 1024 * 1024);
  g_assert_cmpuint (lockstep_recent_events_get_first (recent), ==, 5007);
  add (recent, 5011, 64 * 1024 * 1024);
  g_assert_cmpuint (lockstep_recent_events_get_first (recent), ==, 5011);
  add (recent, 5012, 1);
  g_assert_cmpuint (lockstep_recent_events_get_first (recent), ==, 5012);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/service-socket/names", test_names);
  g_test_add_func ("/service-socket/room", test_room);
  g_test_add_func ("/service-socket/listen", test_listen);
  g_test_add_func ("/service-socket/stale", test_stale);
  g_test_add_func ("/service-socket/queue", test_queue);
  g_test_add_func ("/recent-events/bounds", test_recent);

  return g_test_run ();
}
