/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>
#include <stdlib.h>

#include "bench-command.h"
#include "bench-frames.h"
#include "lockstep-journal.h"
#include "lockstep-resources.h"
#include "lockstep-results-page.h"

/* A window with the results of a sweep that is over. Set up with FOLDER TASKS, it writes two folders of such runs, and then
 * answers:
 *
 *   open             how long it takes from a run's folder to its results on the screen: {"seconds"}
 *   scroll SECONDS   the table is scrolled: {"frames","seconds","gap","cpu"}
 *   sort SECONDS     it is sorted by one column after the other, and scrolled meanwhile: the same
 */

#define N_SOLVERS 16

/* Frames between two changes of the order. */
#define SORT_FRAMES 60

#define EPOCH (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

typedef struct
{
  GtkWidget           *window;
  LockstepSession     *session;
  LockstepResultsPage *page;
  char                *folders[2]; /* of runs that are alike; shown by turns */
  guint                n_opened;
  guint                n_sorted;
} Bench;

static void
tell (GString          *out,
      LockstepEventType type,
      gint64            time,
      int               task,
      const char       *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.time = EPOCH + time;
  event.task = task;
  event.step = 0;
  event.solver = task >= 0 ? task % N_SOLVERS : -1;
  event.attempt = task >= 0 ? 1 : -1;
  if (payload != NULL)
    event.payload = g_bytes_new (payload, strlen (payload));
  lockstep_event_append_line (&event, out, NULL);
  lockstep_event_clear (&event);
}

/* Every hundredth task failed. */
static void
write_run (const char *folder,
           guint       n_tasks)
{
  g_autofree char    *plan = g_build_filename (folder, "plan.lockstep", NULL);
  g_autofree char    *journal = g_build_filename (folder, "journal.jsonl", NULL);
  g_autofree char    *text = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) payload = g_string_new (NULL);
  g_autoptr (GError)  error = NULL;

  g_string_printf (out, "{\"lockstep-journal\":%d}\n", LOCKSTEP_JOURNAL_VERSION);
  tell (out, LOCKSTEP_EVENT_RUN_STARTED, 0, -1, "{\"name\":\"Bench\",\"folder\":\"/\",\"solvers\":16,\"cpus\":4,\"pid\":1}");
  g_string_printf (payload, "{\"title\":\"work\",\"method\":\"work\",\"tasks\":%u,\"first\":0,\"iterations\":[]}", n_tasks);
  tell (out, LOCKSTEP_EVENT_STEP_STARTED, 0, -1, payload->str);
  for (guint i = 0; i < n_tasks; i++)
    {
      tell (out, LOCKSTEP_EVENT_TASK_STARTED, i * 1000, (int) i, NULL);
      g_string_printf (payload, "{\"delay\":%.6f,\"vkt\":%u,\"network\":{\"los\":\"%c\",\"speed\":%.3f}}",
                       (i * 7919 % n_tasks) / 7.0, i * 104729 % 100003, 'A' + i % 6, 30 + (i * 31 % 997) / 20.0);
      if (i % 100 == 17)
        tell (out, LOCKSTEP_EVENT_TASK_FAILED, i * 1000 + 500, (int) i,
              "{\"cause\":\"step-error\",\"reason\":\"negative depth\",\"final\":true}");
      else
        tell (out, LOCKSTEP_EVENT_TASK_ENDED, i * 1000 + 500 + i % 400, (int) i, payload->str);
    }
  tell (out, LOCKSTEP_EVENT_STEP_ENDED, n_tasks * G_GINT64_CONSTANT (1000), -1, "{}");
  tell (out, LOCKSTEP_EVENT_RUN_ENDED, n_tasks * G_GINT64_CONSTANT (1000), -1, "{\"state\":\"finished\"}");

  text = g_strdup_printf ("{ \"lockstep\": 1, \"name\": \"Bench\", \"solver\": { \"command\": [\"true\"] }, \"steps\": [ { \"step\": \"work\",\n"
                          "  \"tasks\": { \"grid\": { \"alpha\": [0.1, 0.2, 0.3, 0.4], \"seed\": { \"from\": 1, \"to\": %u, \"count\": %u } } } } ] }",
                          n_tasks / 4, n_tasks / 4);
  if (g_mkdir_with_parents (folder, 0755) != 0 || !g_file_set_contents (journal, out->str, (gssize) out->len, &error) ||
      !g_file_set_contents (plan, text, -1, &error))
    g_error ("%s: %s", folder, error != NULL ? error->message : "cannot be made");
}

/* From a folder to rows on the screen. */
static void
open_run (Bench *bench)
{
  const double before = bench_clock ();
  LockstepRun *shown = lockstep_session_get_run (bench->session);

  lockstep_session_show_run (bench->session, bench->folders[bench->n_opened++ % 2]);
  while (lockstep_session_get_run (bench->session) == shown || !lockstep_results_page_get_filled (bench->page))
    g_main_context_iteration (NULL, TRUE);
  bench_frames_wait (bench->window);

  bench_command_answer ("{\"seconds\":%.6f}", bench_clock () - before);
}

static GtkWidget *
find (GtkWidget *widget,
      GType      type)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find (child, type);

  return found;
}

static void
scroll (gpointer data,
        guint    frame)
{
  Bench         *bench = data;
  GtkWidget     *view = find (GTK_WIDGET (bench->page), GTK_TYPE_COLUMN_VIEW);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  const double   room = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  /* By some rows at a time, as a wheel does; now and again somewhere else, as the bar does. */
  if (frame % 50 == 0)
    gtk_adjustment_set_value (adjustment, room * (frame / 50 * 37 % 100) / 100);
  else
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 60);
}

static void
sort (gpointer data,
      guint    frame)
{
  Bench *bench = data;

  if (frame % SORT_FRAMES == 0)
    {
      GtkColumnView                  *view = GTK_COLUMN_VIEW (find (GTK_WIDGET (bench->page), GTK_TYPE_COLUMN_VIEW));
      GListModel                     *columns = gtk_column_view_get_columns (view);
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, bench->n_sorted++ % g_list_model_get_n_items (columns));

      gtk_column_view_sort_by_column (view, column, bench->n_sorted % 2 == 0 ? GTK_SORT_ASCENDING : GTK_SORT_DESCENDING);
    }
  scroll (bench, frame);
}

static void
set_up (Bench      *bench,
        const char *folder,
        guint       n_tasks)
{
  for (guint i = 0; i < 2; i++)
    {
      bench->folders[i] = g_build_filename (folder, i == 0 ? "a" : "b", NULL);
      write_run (bench->folders[i], n_tasks);
    }
  bench->session = lockstep_session_new ();
  bench->page = g_object_new (LOCKSTEP_TYPE_RESULTS_PAGE, "session", bench->session, NULL);
  bench->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1000, 700);
  gtk_window_set_child (GTK_WINDOW (bench->window), GTK_WIDGET (bench->page));
  gtk_window_present (GTK_WINDOW (bench->window));
  while (!gtk_widget_get_mapped (GTK_WIDGET (bench->page)))
    g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  Bench        bench = { 0 };
  BenchCommand command;

  if (argc != 3)
    g_error ("bench-results FOLDER TASKS");
  adw_init ();
  g_resources_register (lockstep_get_resource ());
  set_up (&bench, argv[1], (guint) MAX (atoi (argv[2]), 4));

  bench_command_ready ();
  while (bench_command_read (&command))
    if (g_str_equal (command.word, "open"))
      open_run (&bench);
    else if (g_str_equal (command.word, "scroll"))
      bench_frames_measure (GTK_WIDGET (bench.page), scroll, &bench, command.number);
    else if (g_str_equal (command.word, "sort"))
      bench_frames_measure (GTK_WIDGET (bench.page), sort, &bench, command.number);
    else
      g_error ("There is no command “%s”", command.word);

  return 0;
}
