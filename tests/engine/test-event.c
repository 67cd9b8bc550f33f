/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-event.h"

#include <gio/gio.h>

static GBytes *
to_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
test_names (void)
{
  for (guint i = 0; i < LOCKSTEP_N_EVENTS; i++)
    {
      LockstepEventType type;

      g_assert_true (lockstep_event_type_from_name (lockstep_event_type_to_name (i), &type));
      g_assert_cmpuint (type, ==, i);
      g_assert_true (lockstep_event_type_is_fact (i) == (i < LOCKSTEP_EVENT_PROGRESS));
    }
}

static void
test_line (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GBytes)  line = NULL;
  g_autoptr (GError)  error = NULL;
  g_autofree char    *file = NULL;
  LockstepEvent       event, read;

  lockstep_event_init (&event, LOCKSTEP_EVENT_TASK_ENDED);
  event.time = 1767225600123456;
  event.solver = 3;
  event.step = 10;
  event.iteration = 112;
  event.task = G_GINT64_CONSTANT (123456789012);
  event.attempt = 2;
  event.payload = to_bytes ("{\"gap\":1e-10,\"text\":\"\\u0000\"}");
  lockstep_event_append_line (&event, out, NULL);
  g_assert_cmpstr (out->str, ==,
                   "{\"event\":\"task-ended\",\"time\":1767225600123456,\"solver\":3,\"step\":10,\"iteration\":112,"
                   "\"task\":123456789012,\"attempt\":2,\"data\":{\"gap\":1e-10,\"text\":\"\\u0000\"}}\n");

  line = g_bytes_new (out->str, out->len);
  g_assert_true (lockstep_event_read_line (line, &read, &file, &error));
  g_assert_no_error (error);
  g_assert_null (file);
  g_assert_cmpint (read.type, ==, event.type);
  g_assert_cmpint (read.time, ==, event.time);
  g_assert_cmpint (read.solver, ==, event.solver);
  g_assert_cmpint (read.step, ==, event.step);
  g_assert_cmpint (read.iteration, ==, event.iteration);
  g_assert_cmpint (read.task, ==, event.task);
  g_assert_cmpint (read.attempt, ==, event.attempt);
  g_assert_cmpint (read.part, ==, -1);
  g_assert_cmpint (read.parts, ==, -1);
  g_assert_true (g_bytes_equal (read.payload, event.payload));
  lockstep_event_clear (&event);
  lockstep_event_clear (&read);
}

/* The part of an all step that a task is: a member of the line, and no payload. */
static void
test_part (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GBytes)  line = NULL;
  g_autoptr (GError)  error = NULL;
  LockstepEvent       event, read;

  lockstep_event_init (&event, LOCKSTEP_EVENT_TASK_STARTED);
  event.time = 7;
  event.task = 12;
  event.part = 0;
  event.parts = 4;
  lockstep_event_append_line (&event, out, NULL);
  g_assert_cmpstr (out->str, ==, "{\"event\":\"task-started\",\"time\":7,\"task\":12,\"part\":0,\"parts\":4}\n");

  line = g_bytes_new (out->str, out->len);
  g_assert_true (lockstep_event_read_line (line, &read, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (read.part, ==, 0);
  g_assert_cmpint (read.parts, ==, 4);
  g_assert_null (read.payload);
}

static void
test_result_file (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GBytes)  line = NULL;
  g_autofree char    *file = NULL;
  LockstepEvent       event, read;

  lockstep_event_init (&event, LOCKSTEP_EVENT_TASK_ENDED);
  event.task = 7;
  event.payload = to_bytes ("[1,2,3]");
  lockstep_event_append_line (&event, out, "results/000007.json");
  line = g_bytes_new (out->str, out->len);
  g_assert_true (lockstep_event_read_line (line, &read, &file, NULL));
  g_assert_cmpstr (file, ==, "results/000007.json");
  g_assert_null (read.payload);
  g_assert_cmpint (read.solver, ==, -1);
  g_assert_cmpint (read.task, ==, 7);
  lockstep_event_clear (&event);
}

static void
test_refused (void)
{
  static const char *const lines[] = {
    "",
    "{",
    "{\"event\":\"task-ended\",\"time\":12",
    "{\"event\":\"task-forgotten\",\"time\":1}",
    "{\"event\":\"task-ended\",\"time\":1}",
    "{\"event\":\"task-ended\",\"task\":1}",
    "[]",
    "{\"time\":1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GBytes) line = to_bytes (lines[i]);
      g_autoptr (GError) error = NULL;
      LockstepEvent      event;

      g_assert_false (lockstep_event_read_line (line, &event, NULL, &error));
      g_assert_nonnull (error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event/names", test_names);
  g_test_add_func ("/event/part", test_part);
  g_test_add_func ("/event/line", test_line);
  g_test_add_func ("/event/result-file", test_result_file);
  g_test_add_func ("/event/refused", test_refused);

  return g_test_run ();
}
