/* SPDX-License-Identifier: GPL-3.0-or-later */

/**
 * bench-journal FOLDER EVENTS: makes the folder of a run of 64 solvers with a journal of so many events, written by the
 * engine's own writer: a sweep in which each task is begun, tells of its progress, and brings a result.
 */

#include "lockstep-journal.h"

#include <stdlib.h>

#define SOLVERS 64

static void
closed_cb (GObject      *journal,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!lockstep_journal_close_finish (LOCKSTEP_JOURNAL (journal), result, &error))
    g_error ("%s", error->message);
  *(gboolean *) user_data = TRUE;
}

static void
append (LockstepJournal  *journal,
        LockstepEventType type,
        gint64            number,
        gint64            task,
        char             *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.time = G_GINT64_CONSTANT (1800000000000000) + number * 1000000;
  event.payload = g_bytes_new_take (payload, strlen (payload));
  if (task >= 0)
    {
      event.solver = (int) (task % SOLVERS);
      event.step = 0;
      event.iteration = 0;
      event.task = task;
      event.attempt = 1;
    }
  else if (type == LOCKSTEP_EVENT_STEP_STARTED)
    {
      event.step = 0;
      event.iteration = 0;
    }
  lockstep_journal_append (journal, &event);
  lockstep_event_clear (&event);
}

int
main (int    argc,
      char **argv)
{
  const gint64                n_events = argc == 3 ? g_ascii_strtoll (argv[2], NULL, 10) : 0;
  const gint64                n_tasks = (n_events - 3) / 3;
  g_autoptr (LockstepJournal) journal = NULL;
  g_autofree char            *path = NULL;
  g_autofree char            *plan = NULL;
  gboolean                    closed = FALSE;

  if (n_tasks < 1)
    {
      g_printerr ("Usage: bench-journal FOLDER EVENTS\n");
      return EXIT_FAILURE;
    }

  g_mkdir_with_parents (argv[1], 0777);
  path = g_build_filename (argv[1], "plan.lockstep", NULL);
  plan = g_strdup_printf ("{\"lockstep\":1,\"name\":\"Long\",\"solver\":{\"command\":[\"true\"]},\"solvers\":%d,"
                          "\"steps\":[{\"step\":\"work\",\"tasks\":%" G_GINT64_FORMAT "}]}",
                          SOLVERS, n_tasks);
  if (!g_file_set_contents (path, plan, -1, NULL))
    return EXIT_FAILURE;

  journal = lockstep_journal_new (argv[1]);
  append (journal, LOCKSTEP_EVENT_RUN_STARTED, 0, -1, g_strdup_printf ("{\"name\":\"Long\",\"folder\":\"%s\",\"solvers\":%d}", argv[1], SOLVERS));
  append (journal, LOCKSTEP_EVENT_STEP_STARTED, 0, -1,
          g_strdup_printf ("{\"title\":\"work\",\"method\":\"work\",\"tasks\":%" G_GINT64_FORMAT ",\"first\":0,\"iterations\":[]}", n_tasks));
  for (gint64 task = 0; task < n_tasks; task++)
    {
      append (journal, LOCKSTEP_EVENT_TASK_STARTED, task, task, g_strdup ("{}"));
      append (journal, LOCKSTEP_EVENT_LOG, task, task,
              g_strdup ("{\"level\":\"info\",\"text\":\"Loaded the network, 24 zones and 76 links\"}"));
      append (journal, LOCKSTEP_EVENT_TASK_ENDED, task + 1, task,
              g_strdup_printf ("{\"delay\":%.15g,\"vkt\":%.15g,\"iterations\":17,\"los\":\"C\"}", task * 0.37, task * 1.7));
    }
  append (journal, LOCKSTEP_EVENT_RUN_ENDED, n_tasks + 1, -1, g_strdup ("{\"state\":\"finished\",\"reached\":true}"));
  lockstep_journal_close_async (journal, closed_cb, &closed);
  while (!closed)
    g_main_context_iteration (NULL, TRUE);

  return EXIT_SUCCESS;
}
