/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>
#include <math.h>
#include <stdlib.h>

#include "bench-command.h"
#include "bench-frames.h"
#include "lockstep-chronicle.h"
#include "lockstep-journal.h"
#include "lockstep-past-run.h"
#include "lockstep-timeline-private.h"

/* A window with the timeline of a run that is over. Set up with FOLDER SPANS, it writes the folder of such a run of 16
 * solvers and three steps, and then answers:
 *
 *   open           how long it takes from the run to its picture: {"seconds"}
 *   pan SECONDS    it is scrolled, most of it in sight: {"frames","seconds","gap","cpu"}
 *   zoom SECONDS   it is zoomed in and out: the same
 *   look SECONDS   the pointer moves over it, all of it in sight: the same
 */

#define N_SOLVERS 16
#define N_STEPS   3

/* µs */
#define TASK  200000
#define EPOCH (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

typedef struct
{
  GtkWidget         *window;
  LockstepPastRun   *past;
  LockstepChronicle *chronicle;
  LockstepTimeline  *timeline;
  guint              n_spans;
} Bench;

static void
tell (GString          *out,
      LockstepEventType type,
      gint64            time,
      int               solver,
      int               step,
      gint64            task,
      const char       *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.time = EPOCH + time;
  event.solver = solver;
  event.step = step;
  event.iteration = step >= 0 ? 1 : -1;
  event.task = task;
  event.attempt = task >= 0 ? 1 : -1;
  if (payload != NULL)
    event.payload = g_bytes_new (payload, strlen (payload));
  lockstep_event_append_line (&event, out, NULL);
  lockstep_event_clear (&event);
}

/* One step: every solver computes, each a little longer than the one before it, so that there is waiting to be seen. */
static gint64
tell_step (GString *out,
           gint64   time,
           int      step,
           gint64   first)
{
  g_autofree char *started = g_strdup_printf ("{\"tasks\":%d,\"first\":%" G_GINT64_FORMAT "}", N_SOLVERS, first);

  tell (out, LOCKSTEP_EVENT_STEP_STARTED, time, -1, step, -1, started);
  for (int solver = 0; solver < N_SOLVERS; solver++)
    tell (out, LOCKSTEP_EVENT_TASK_STARTED, time, solver, step, first + solver, NULL);
  for (int solver = 0; solver < N_SOLVERS; solver++)
    {
      time += TASK / N_SOLVERS;
      if (solver == 0)
        tell (out, LOCKSTEP_EVENT_USAGE, time, solver, -1, -1, "{\"memory\":1000000000,\"cpu\":0.9}");
      tell (out, LOCKSTEP_EVENT_TASK_ENDED, time, solver, step, first + solver, "{\"gap\":0.5}");
    }
  tell (out, LOCKSTEP_EVENT_STEP_ENDED, time, -1, step, -1, "{\"seconds\":0.2,\"waited\":1.5}");

  return time + TASK / N_SOLVERS;
}

static void
write_run (const char *folder,
           guint       n_spans)
{
  g_autofree char   *plan = g_build_filename (folder, "plan.lockstep", NULL);
  g_autofree char   *journal = g_build_filename (folder, "journal.jsonl", NULL);
  g_autofree char   *started = g_strdup_printf ("{\"name\":\"Bench\",\"folder\":\"/\",\"solvers\":%d,\"cpus\":4,\"pid\":1}", N_SOLVERS);
  g_autoptr (GError) error = NULL;
  GString           *out = g_string_new (NULL);
  gint64             time = 0, first = 0;

  g_string_printf (out, "{\"lockstep-journal\":%d}\n", LOCKSTEP_JOURNAL_VERSION);
  tell (out, LOCKSTEP_EVENT_RUN_STARTED, time, -1, -1, -1, started);
  for (int solver = 0; solver < N_SOLVERS; solver++)
    {
      tell (out, LOCKSTEP_EVENT_SOLVER_LAUNCHED, time, solver, -1, -1, "{\"host\":\"local\"}");
      tell (out, LOCKSTEP_EVENT_SOLVER_READY, time + 1000, solver, -1, -1, NULL);
    }
  for (int step = 0; first < n_spans; first += N_SOLVERS, step = (step + 1) % N_STEPS)
    time = tell_step (out, time + 2000, 1 + step, first);
  tell (out, LOCKSTEP_EVENT_RUN_ENDED, time, -1, -1, -1, "{\"state\":\"finished\"}");

  if (!g_file_set_contents (journal, out->str, (gssize) out->len, &error) ||
      !g_file_set_contents (plan,
                            "{ \"lockstep\": 1, \"name\": \"Bench\", \"solver\": { \"command\": [\"true\"] }, \"solvers\": 16,\n"
                            "  \"steps\": [ { \"repeat\": 1000000, \"steps\": [ { \"step\": \"a\", \"on\": \"all\" },\n"
                            "    { \"step\": \"b\", \"on\": \"all\" }, { \"step\": \"c\", \"on\": \"all\" } ] } ] }",
                            -1, &error))
    g_error ("%s", error->message);
  g_string_free (out, TRUE);
}

static gboolean
is_open (Bench *bench)
{
  return !lockstep_chronicle_get_loading (bench->chronicle) &&
         lockstep_trace_get_n_spans (lockstep_chronicle_get_trace (bench->chronicle)) >= bench->n_spans;
}

static void
count_cb (GdkFrameClock *clock,
          guint         *n_frames)
{
  (*n_frames)++;
}

static void
set_true_cb (gboolean *flag)
{
  *flag = TRUE;
}

/* From a run that is known to its picture on the screen. */
static void
open_timeline (Bench *bench)
{
  const double   before = bench_clock ();
  GdkFrameClock *clock = gtk_widget_get_frame_clock (bench->window);
  gboolean       changed = FALSE;
  guint          n_frames = 0;
  gulong         handler;

  g_clear_object (&bench->chronicle);
  bench->chronicle = lockstep_chronicle_new (lockstep_past_run_get_run (bench->past));
  lockstep_timeline_set_chronicle (bench->timeline, bench->chronicle);
  g_signal_connect_swapped (bench->chronicle, "changed", G_CALLBACK (set_true_cb), &changed);
  while (!is_open (bench) || !changed)
    g_main_context_iteration (NULL, TRUE);

  gtk_widget_queue_draw (GTK_WIDGET (bench->timeline));
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (count_cb), &n_frames);
  while (n_frames == 0)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
  g_signal_handlers_disconnect_by_data (bench->chronicle, &changed);

  bench_command_answer ("{\"seconds\":%.6f}", bench_clock () - before);
}

static void
pan (gpointer data,
     guint    frame)
{
  Bench                        *bench = data;
  const LockstepTimelineLayout *layout = lockstep_timeline_get_layout (bench->timeline);

  if (frame == 0)
    lockstep_timeline_zoom (bench->timeline, 1.3, -1);
  lockstep_timeline_scroll_to (bench->timeline, (gint64) ((frame % 100) * 2 / layout->scale), 0);
}

static void
zoom (gpointer data,
      guint    frame)
{
  Bench *bench = data;

  if (frame % 240 == 0)
    lockstep_timeline_fit (bench->timeline);
  lockstep_timeline_zoom (bench->timeline, frame % 240 < 120 ? 1.05 : 1 / 1.05, 500);
}

static void
look (gpointer data,
      guint    frame)
{
  Bench *bench = data;

  if (frame == 0)
    lockstep_timeline_fit (bench->timeline);
  lockstep_timeline_set_hover (bench->timeline, 100 + frame * 7 % 800, 100 + frame * 3 % 200);
}

static void
measure (Bench *bench,
         void (*move) (gpointer bench,
                       guint    frame),
         double seconds)
{
  bench_frames_measure (GTK_WIDGET (bench->timeline), move, bench, seconds);
}

static void
make_window (Bench *bench)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  bench->timeline = g_object_new (LOCKSTEP_TYPE_TIMELINE, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (bench->timeline));
  bench->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1000, 700);
  gtk_window_set_child (GTK_WINDOW (bench->window), scrolled);
  gtk_window_present (GTK_WINDOW (bench->window));
  while (!gtk_widget_get_mapped (GTK_WIDGET (bench->timeline)) || gtk_widget_get_width (GTK_WIDGET (bench->timeline)) == 0)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  Bench              bench = { 0 };
  g_autoptr (GError) error = NULL;
  BenchCommand       command;

  if (argc != 3)
    g_error ("bench-timeline FOLDER SPANS");
  adw_init ();
  bench.n_spans = (guint) atoi (argv[2]);
  write_run (argv[1], bench.n_spans);
  if ((bench.past = lockstep_past_run_load (argv[1], FALSE, &error)) == NULL)
    g_error ("%s", error->message);
  make_window (&bench);

  bench_command_ready ();
  while (bench_command_read (&command))
    if (g_str_equal (command.word, "open"))
      open_timeline (&bench);
    else if (g_str_equal (command.word, "pan"))
      measure (&bench, pan, command.number);
    else if (g_str_equal (command.word, "zoom"))
      measure (&bench, zoom, command.number);
    else if (g_str_equal (command.word, "look"))
      measure (&bench, look, command.number);
    else
      g_error ("There is no command “%s”", command.word);

  return 0;
}
