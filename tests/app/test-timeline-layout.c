/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-timeline-layout.h"

/* 1,000 pixels from 100 on, for 1 s; 20 rows of 20, of which 10 can be seen. */
static LockstepTimelineLayout
make_layout (void)
{
  return (LockstepTimelineLayout){
    .width = 1100 + LOCKSTEP_TIMELINE_RIGHT,
    .height = 400,
    .left = 100,
    .top = 50,
    .rows_height = 200,
    .row_height = 20,
    .n_rows = 20,
    .scale = 1e-3,
  };
}

static void
add (LockstepTraceRow   *row,
     gint64              start,
     gint64              end,
     guint               step,
     LockstepSpanOutcome outcome)
{
  const LockstepSpan span = {
    .start = start,
    .end = LOCKSTEP_TRACE_OPEN,
    .task = row->spans->len,
    .n_tasks = 1,
    .step = (guint16) step,
  };

  lockstep_trace_row_begin (row, &span, 1 << 20);
  if (end != LOCKSTEP_TRACE_OPEN)
    lockstep_trace_row_end (row, span.task, end, outcome);
}

static void
test_places (void)
{
  LockstepTimelineLayout layout = make_layout ();
  guint                  first, end;

  g_assert_cmpfloat (lockstep_timeline_layout_to_x (&layout, 500000), ==, 600);
  g_assert_cmpint (lockstep_timeline_layout_to_time (&layout, 600), ==, 500000);
  g_assert_cmpint (lockstep_timeline_layout_find_row (&layout, 49), ==, -1);
  g_assert_cmpint (lockstep_timeline_layout_find_row (&layout, 50), ==, 0);
  g_assert_cmpint (lockstep_timeline_layout_find_row (&layout, 249), ==, 9);
  g_assert_cmpint (lockstep_timeline_layout_find_row (&layout, 250), ==, -1);

  layout.scroll = 30;
  g_assert_cmpint (lockstep_timeline_layout_find_row (&layout, 50), ==, 1);
  g_assert_cmpfloat (lockstep_timeline_layout_get_row_y (&layout, 1), ==, 40);
  lockstep_timeline_layout_get_rows (&layout, &first, &end);
  g_assert_cmpuint (first, ==, 1);
  g_assert_cmpuint (end, ==, 12);

  g_assert_cmpfloat (lockstep_timeline_layout_choose_row_height (200, 2), ==, LOCKSTEP_TIMELINE_MAX_ROW);
  g_assert_cmpfloat (lockstep_timeline_layout_choose_row_height (200, 10), ==, 20);
  g_assert_cmpfloat (lockstep_timeline_layout_choose_row_height (200, 1000), ==, LOCKSTEP_TIMELINE_MIN_ROW);
}

static void
test_hit (void)
{
  const LockstepTimelineLayout layout = make_layout ();
  LockstepTraceRow            *row = lockstep_trace_row_new (16);

  add (row, 100000, 200000, 0, LOCKSTEP_SPAN_DONE);
  add (row, 300000, 300010, 0, LOCKSTEP_SPAN_DONE); /* far less than a pixel */
  add (row, 500000, LOCKSTEP_TRACE_OPEN, 0, LOCKSTEP_SPAN_RUNNING);

  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 150, 800000), ==, -1);
  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 198, 800000), ==, 0);
  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 250, 800000), ==, 0);
  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 350, 800000), ==, -1);
  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 398, 800000), ==, 1);
  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 402, 800000), ==, 1);
  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 410, 800000), ==, -1);
  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 890, 800000), ==, 2);
  g_assert_cmpint (lockstep_timeline_layout_find_span (&layout, row, 950, 800000), ==, -1);

  lockstep_trace_row_free (row);
}

static void
test_cells (void)
{
  LockstepTimelineLayout layout = make_layout ();
  LockstepTraceRow      *row = lockstep_trace_row_new (16);
  g_autoptr (GArray)     cells = g_array_new (FALSE, FALSE, sizeof (LockstepTimelineCell));
  LockstepTimelineCell  *cell;

  add (row, 10000, 60000, 1, LOCKSTEP_SPAN_DONE);
  add (row, 60000, 100000, 2, LOCKSTEP_SPAN_FAILED);
  add (row, 900000, LOCKSTEP_TRACE_OPEN, 1, LOCKSTEP_SPAN_RUNNING);
  lockstep_timeline_layout_add_cells (&layout, row, 950000, 1, cells);
  g_assert_cmpuint (cells->len, ==, 3);
  cell = &g_array_index (cells, LockstepTimelineCell, 0);
  g_assert_cmpint (cell->start, ==, 10);
  g_assert_cmpint (cell->end, ==, 60);
  g_assert_cmpuint (cell->step, ==, 1);
  g_assert_cmpuint (cell->share, ==, 4);
  cell = &g_array_index (cells, LockstepTimelineCell, 1);
  g_assert_cmpuint (cell->outcome, ==, LOCKSTEP_SPAN_FAILED);
  cell = &g_array_index (cells, LockstepTimelineCell, 2);
  g_assert_cmpint (cell->end, ==, 950);
  g_assert_cmpuint (cell->share, ==, 4);

  /* What is out of sight is left out, and what reaches into it is cut. */
  layout.from = 50000;
  g_array_set_size (cells, 0);
  lockstep_timeline_layout_add_cells (&layout, row, 950000, 2, cells);
  g_assert_cmpuint (cells->len, ==, 3);
  cell = &g_array_index (cells, LockstepTimelineCell, 0);
  g_assert_cmpint (cell->start, ==, 0);
  g_assert_cmpint (cell->end, ==, 20);
  layout.from = 200000;
  layout.scale = 1e-2;
  g_array_set_size (cells, 0);
  lockstep_timeline_layout_add_cells (&layout, row, 950000, 1, cells);
  g_assert_cmpuint (cells->len, ==, 0);

  lockstep_trace_row_free (row);
}

/* A million spans are no more cells than there is room for, and a failure among them is seen. */
static void
test_merged (void)
{
  LockstepTimelineLayout layout = make_layout ();
  LockstepTraceRow      *row = lockstep_trace_row_new (16);
  g_autoptr (GArray)     cells = g_array_new (FALSE, FALSE, sizeof (LockstepTimelineCell));
  guint                  n_failed = 0;

  for (guint i = 0; i < 1000000; i++)
    {
      const gint64 start = (gint64) i * 10;

      add (row, start, start + (i < 500000 ? 10 : 5), i / 1000 % 3, i == 700000 ? LOCKSTEP_SPAN_FAILED : LOCKSTEP_SPAN_DONE);
    }
  layout.scale = 1000.0 / 1e7;
  lockstep_timeline_layout_add_cells (&layout, row, 10000000, 1, cells);

  g_assert_cmpuint (cells->len, <=, 1000);
  g_assert_cmpuint (cells->len, >=, 900);
  for (guint i = 0; i < cells->len; i++)
    {
      const LockstepTimelineCell *cell = &g_array_index (cells, LockstepTimelineCell, i);

      g_assert_cmpuint (cell->share, ==, cell->start < 500 ? 4 : 2);
      g_assert_cmpuint (cell->step, ==, (guint) cell->start % 3);
      n_failed += cell->outcome == LOCKSTEP_SPAN_FAILED;
    }
  g_assert_cmpuint (n_failed, ==, 1);

  lockstep_trace_row_free (row);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/timeline-layout/places", test_places);
  g_test_add_func ("/timeline-layout/hit", test_hit);
  g_test_add_func ("/timeline-layout/cells", test_cells);
  g_test_add_func ("/timeline-layout/merged", test_merged);

  return g_test_run ();
}
