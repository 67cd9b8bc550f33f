/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-command.h"
#include "lockstep-application.h"
#include "lockstep-journal.h"
#include "lockstep-resources.h"
#include "lockstep-run-lock.h"
#include "lockstep-window.h"

/* The window itself, whose frames are counted.
 *
 *   bench-window hello         a window of the toolkit with a word in it: prints a line at its first frame, and ends
 *   bench-window first-frame   the same with Lockstep's
 *   bench-window run PLAN      starts PLAN, asks once to terminate it, and waits for its end:
 *                              {"frames","seconds","gap","answer","memory"}: answer is how long the dialog took
 *   bench-window solvers FOLDER N SECONDS
 *                              shows a run of N solvers, each of which tells of its progress ten times a second: the same, and cpu
 */

#define PER_SECOND 10

/* Messages are told in so many portions a second. */
#define PORTIONS 100

/* Frames are counted while it lasts; what is drawn in them is what has changed. */
typedef struct
{
  GtkWindow *window;
  guint      n_frames;
  double     start;
  double     last;
  double     gap; /* the longest between two frames (s) */
} Frames;

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Frames      *frames = user_data;
  const double now = bench_clock ();

  if (frames->n_frames > 0)
    frames->gap = MAX (frames->gap, now - frames->last);
  frames->last = now;
  frames->n_frames++;

  return G_SOURCE_CONTINUE;
}

static guint
begin_frames (Frames    *frames,
              GtkWindow *window)
{
  frames->window = window;
  frames->start = bench_clock ();

  return gtk_widget_add_tick_callback (GTK_WIDGET (window), tick_cb, frames, NULL);
}

/* The most memory that was resident (MB). */
static double
get_memory (void)
{
  g_autofree char *text = NULL;
  const char      *peak;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || (peak = strstr (text, "VmHWM:")) == NULL)
    return 0;

  return g_ascii_strtod (peak + strlen ("VmHWM:"), NULL) / 1024;
}

static void
painted_cb (gboolean *painted)
{
  *painted = TRUE;
}

static void
wait_for_frame (GtkWidget *widget)
{
  GdkFrameClock *clock;
  gboolean       painted = FALSE;
  gulong         handler;

  while ((clock = gtk_widget_get_frame_clock (widget)) == NULL || !gtk_widget_get_mapped (widget))
    g_main_context_iteration (NULL, TRUE);
  handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (painted_cb), &painted);
  gtk_widget_queue_draw (widget);
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
}

static LockstepApplication *
make_application (void)
{
  LockstepApplication *application = lockstep_application_new ();
  g_autoptr (GError)   error = NULL;

  g_application_set_flags (G_APPLICATION (application), g_application_get_flags (G_APPLICATION (application)) | G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (application), NULL, &error))
    g_error ("%s", error->message);

  return application;
}

static LockstepWindow *
make_window (void)
{
  LockstepWindow *window = lockstep_window_new (GTK_APPLICATION (make_application ()));

  gtk_window_present (GTK_WINDOW (window));
  wait_for_frame (GTK_WIDGET (window));

  return window;
}

static void
say_hello (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.lockstep.Hello", G_APPLICATION_NON_UNIQUE);
  GtkWidget                 *window;

  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    g_error ("There is no application");
  window = adw_application_window_new (GTK_APPLICATION (application));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), gtk_label_new ("Hello"));
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));
  wait_for_frame (window);
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_mapped (window))
        return window;
    }

  return NULL;
}

/* How long it takes until a person who wants to terminate is asked. */
static double
ask_to_terminate (LockstepWindow *window)
{
  const double before = bench_clock ();
  GtkWidget   *dialog;
  double       seconds;

  g_action_group_activate_action (G_ACTION_GROUP (window), "terminate", NULL);
  while ((dialog = find_dialog ()) == NULL)
    g_main_context_iteration (NULL, TRUE);
  wait_for_frame (dialog);
  seconds = bench_clock () - before;
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));

  return seconds;
}

static void
run_plan (const char *path)
{
  LockstepWindow   *window = make_window ();
  LockstepSession  *session = lockstep_window_get_session (window);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  Frames            frames = { 0 };
  LockstepRun      *run;
  double            answer = 0;
  guint             tick;

  lockstep_window_open (window, file, TRUE);
  while ((run = lockstep_session_get_run (session)) == NULL || lockstep_run_get_state (run) < LOCKSTEP_RUN_STEPPING)
    if (lockstep_session_get_problem (session) != NULL)
      g_error ("%s", lockstep_session_get_problem (session));
    else
      g_main_context_iteration (NULL, TRUE);
  if (lockstep_run_get_state (run) != LOCKSTEP_RUN_STEPPING)
    g_error ("%s", lockstep_run_get_error (run));

  tick = begin_frames (&frames, GTK_WINDOW (window));
  while (!lockstep_run_has_ended (run))
    {
      g_main_context_iteration (NULL, TRUE);
      if (answer == 0 && bench_clock () - frames.start > 0.5 && lockstep_session_get_live (session))
        {
          answer = ask_to_terminate (window);
          /* A dialog that comes and goes is not what the gap is about. */
          frames.last = bench_clock ();
        }
    }
  gtk_widget_remove_tick_callback (GTK_WIDGET (window), tick);

  printf ("{\"frames\":%u,\"seconds\":%.6f,\"gap\":%.6f,\"answer\":%.6f,\"memory\":%.3f}\n", frames.n_frames,
          frames.last - frames.start, frames.gap, answer, get_memory ());
}

static void
append_event (GString          *out,
              LockstepEventType type,
              int               solver,
              const char       *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.solver = solver;
  event.step = type >= LOCKSTEP_EVENT_STEP_STARTED ? 0 : -1;
  event.task = solver >= 0 && type == LOCKSTEP_EVENT_TASK_STARTED ? solver : -1;
  event.attempt = event.task >= 0 ? 1 : -1;
  event.payload = g_bytes_new (payload, strlen (payload));
  lockstep_event_append_line (&event, out, NULL);
  lockstep_event_clear (&event);
}

/* The folder of a run at work. */
static void
write_run (const char *folder,
           guint       n_solvers)
{
  g_autofree char   *plan = g_build_filename (folder, "plan.lockstep", NULL);
  g_autofree char   *journal = g_build_filename (folder, "journal.jsonl", NULL);
  g_autofree char   *text = NULL;
  g_autofree char   *started = g_strdup_printf ("{\"name\":\"Many\",\"folder\":\"/\",\"solvers\":%u,\"cpus\":4,\"pid\":1}", n_solvers);
  g_autofree char   *step = g_strdup_printf ("{\"title\":\"work\",\"method\":\"work\",\"tasks\":%u,\"first\":0,\"iterations\":[]}", n_solvers);
  g_autoptr (GError) error = NULL;
  GString           *out = g_string_new (NULL);

  text = g_strdup_printf ("{\"lockstep\":1,\"name\":\"Many\",\"solver\":{\"command\":[\"true\"]},\"solvers\":%u,"
                          "\"steps\":[{\"step\":\"work\",\"on\":\"all\"}]}",
                          n_solvers);
  g_string_printf (out, "{\"lockstep-journal\":%d}\n", LOCKSTEP_JOURNAL_VERSION);
  append_event (out, LOCKSTEP_EVENT_RUN_STARTED, -1, started);
  for (guint i = 0; i < n_solvers; i++)
    {
      append_event (out, LOCKSTEP_EVENT_SOLVER_LAUNCHED, (int) i, "{\"host\":\"local\"}");
      append_event (out, LOCKSTEP_EVENT_SOLVER_READY, (int) i, "{\"name\":\"simulated\",\"methods\":[]}");
    }
  append_event (out, LOCKSTEP_EVENT_STEP_STARTED, -1, step);
  for (guint i = 0; i < n_solvers; i++)
    append_event (out, LOCKSTEP_EVENT_TASK_STARTED, (int) i, "{}");
  if (!g_file_set_contents (plan, text, -1, &error) || !g_file_set_contents (journal, out->str, (gssize) out->len, &error))
    g_error ("%s", error->message);
  g_string_free (out, TRUE);
}

/* What the solvers say. */
typedef struct
{
  LockstepRun *run;
  guint        n_solvers;
  guint64      n_told;
  double       start;
} Crowd;

static gboolean
tell_cb (gpointer user_data)
{
  Crowd        *crowd = user_data;
  const guint64 due = (guint64) ((bench_clock () - crowd->start) * PER_SECOND * crowd->n_solvers);

  for (; crowd->n_told < due; crowd->n_told++)
    {
      const double  fraction = (double) (crowd->n_told / crowd->n_solvers % 1000) / 1000;
      char          payload[128];
      LockstepEvent event;

      g_snprintf (payload, sizeof payload, "{\"fraction\":%.4f,\"message\":\"zone %d of 1000\",\"values\":{\"gap\":%.4f}}", fraction,
                  (int) (fraction * 1000), 1 - fraction);
      lockstep_event_init (&event, LOCKSTEP_EVENT_PROGRESS);
      event.solver = (int) (crowd->n_told % crowd->n_solvers);
      event.step = 0;
      event.task = event.solver;
      event.payload = g_bytes_new (payload, strlen (payload));
      lockstep_run_fold (crowd->run, &event);
      lockstep_event_clear (&event);
    }

  return G_SOURCE_CONTINUE;
}

static void
show_solvers (const char *folder,
              guint       n_solvers,
              double      seconds)
{
  g_autoptr (LockstepRunLock) lock = NULL;
  LockstepWindow             *window = make_window ();
  LockstepSession            *session = lockstep_window_get_session (window);
  Frames                      frames = { 0 };
  Crowd                       crowd = { .n_solvers = n_solvers };
  double                      cpu, until;

  write_run (folder, n_solvers);
  lock = lockstep_run_lock_take (folder, NULL);
  lockstep_session_show_run (session, folder);
  while ((crowd.run = lockstep_session_get_run (session)) == NULL || lockstep_session_get_loading (session))
    g_main_context_iteration (NULL, TRUE);

  /* Until it stands still. */
  crowd.start = bench_clock ();
  g_timeout_add_full (150, 1000 / PORTIONS, tell_cb, &crowd, NULL);
  for (until = crowd.start + 2; bench_clock () < until;)
    g_main_context_iteration (NULL, TRUE);

  begin_frames (&frames, GTK_WINDOW (window));
  cpu = bench_cpu_clock ();
  for (until = frames.start + seconds; bench_clock () < until;)
    g_main_context_iteration (NULL, TRUE);
  printf ("{\"frames\":%u,\"seconds\":%.6f,\"gap\":%.6f,\"cpu\":%.6f,\"told\":%" G_GUINT64_FORMAT "}\n", frames.n_frames,
          frames.last - frames.start, frames.gap, bench_cpu_clock () - cpu, crowd.n_told);
}

int
main (int    argc,
      char **argv)
{
  if (argc >= 2 && g_str_equal (argv[1], "hello"))
    {
      say_hello ();
      puts ("{}");
    }
  else if (argc >= 2 && g_str_equal (argv[1], "first-frame"))
    {
      make_window ();
      puts ("{}");
    }
  else if (argc == 3 && g_str_equal (argv[1], "run"))
    {
      run_plan (argv[2]);
    }
  else if (argc == 5 && g_str_equal (argv[1], "solvers"))
    {
      show_solvers (argv[2], (guint) atoi (argv[3]), g_ascii_strtod (argv[4], NULL));
    }
  else
    {
      g_error ("bench-window hello | first-frame | run PLAN | solvers FOLDER N SECONDS");
    }

  fflush (stdout);
  _Exit (0);
}
