/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bench-frames.h"

#include "bench-command.h"

typedef struct
{
  void (*move) (gpointer data,
                guint    frame);
  gpointer data;
  guint    n_frames;
  double   until;
  double   last;
  double   gap;
} Frames;

static gboolean
frame_cb (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  Frames      *frames = user_data;
  const double now = bench_clock ();

  frames->gap = MAX (frames->gap, now - frames->last);
  frames->last = now;
  frames->move (frames->data, frames->n_frames++);
  gtk_widget_queue_draw (widget);

  return now < frames->until ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
bench_frames_measure (GtkWidget *widget,
                      void (*move) (gpointer data,
                                    guint    frame),
                      gpointer data,
                      double   seconds)
{
  const double before = bench_clock (), cpu_before = bench_cpu_clock ();
  Frames       frames = { .move = move, .data = data, .until = before + seconds, .last = before };

  gtk_widget_add_tick_callback (widget, frame_cb, &frames, NULL);
  while (frames.last < frames.until)
    g_main_context_iteration (NULL, TRUE);

  bench_command_answer ("{\"frames\":%u,\"seconds\":%.6f,\"gap\":%.6f,\"cpu\":%.6f}", frames.n_frames, frames.last - before,
                        frames.gap, bench_cpu_clock () - cpu_before);
}

static void
painted_cb (GdkFrameClock *clock,
            guint         *n_frames)
{
  (*n_frames)++;
}

void
bench_frames_wait (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  guint          n_frames = 0;
  gulong         handler;

  gtk_widget_queue_draw (widget);
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &n_frames);
  while (n_frames == 0)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
}
