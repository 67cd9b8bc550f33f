/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-chronicle.h"
#include "lockstep-past-run.h"
#include "lockstep-trace-solvers.h"
#include "run-fixture.h"

/* Times of synthetic events, UTC in µs: any moment will do. */
#define EPOCH (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

/* An event of a trace, by what matters of it. */
typedef struct
{
  LockstepTrace *trace;
  gint64         now; /* µs after EPOCH */
} Teller;

static void
tell (Teller           *teller,
      LockstepEventType type,
      int               solver,
      int               step,
      gint64            task,
      const char       *payload)
{
  LockstepEvent event;

  lockstep_event_init (&event, type);
  event.time = EPOCH + teller->now;
  event.solver = solver;
  event.step = step;
  event.iteration = 1;
  event.task = task;
  event.attempt = task >= 0 ? 1 : -1;
  if (payload != NULL)
    {
      g_autofree char *text = g_strdelimit (g_strdup (payload), "'", '"');

      event.payload = g_bytes_new (text, strlen (text));
    }
  lockstep_trace_take (teller->trace, &event);
  lockstep_event_clear (&event);
}

static Teller
begin (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},'steps':["
                                             "{'repeat':10,'until':'gap < 0.1','steps':["
                                             "{'step':'work','on':'all'},{'step':'join','on':'one'}]}]}");
  Teller                   teller = { lockstep_trace_new (plan), 0 };

  tell (&teller, LOCKSTEP_EVENT_RUN_STARTED, -1, -1, -1, "{'solvers':2}");
  return teller;
}

static void
launch (Teller *teller,
        int     solver)
{
  tell (teller, LOCKSTEP_EVENT_SOLVER_LAUNCHED, solver, -1, -1, "{'host':'local'}");
  teller->now += 100;
  tell (teller, LOCKSTEP_EVENT_SOLVER_READY, solver, -1, -1, NULL);
}

static void
test_look (void)
{
  Teller                   teller = begin ();
  LockstepTrace           *trace = teller.trace;
  LockstepSight            sight;
  const LockstepTraceStep *step;

  /* Both solvers are ready at 200; solver 0 computes from 1,000 to 1,500, solver 1 until 2,000, the barrier. */
  launch (&teller, 0);
  launch (&teller, 1);
  teller.now = 1000;
  tell (&teller, LOCKSTEP_EVENT_STEP_STARTED, -1, 1, -1, "{'tasks':2,'first':0}");
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 0, NULL);
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 1, 1, 1, NULL);
  tell (&teller, LOCKSTEP_EVENT_USAGE, 0, -1, -1, "{'cpu':0.75,'memory':1000}");
  teller.now = 1500;
  tell (&teller, LOCKSTEP_EVENT_TASK_ENDED, 0, 1, 0, "{}");
  teller.now = 2000;
  tell (&teller, LOCKSTEP_EVENT_TASK_ENDED, 1, 1, 1, "{}");
  tell (&teller, LOCKSTEP_EVENT_STEP_ENDED, -1, 1, -1, NULL);
  teller.now = 3000;

  g_assert_cmpuint (lockstep_trace_get_n_rows (trace), ==, 2);
  lockstep_trace_look (trace, 0, 50, &sight);
  g_assert_cmpint (sight.state, ==, LOCKSTEP_SOLVER_INITIALIZING);
  lockstep_trace_look (trace, 0, 150, &sight);
  g_assert_cmpint (sight.state, ==, LOCKSTEP_SOLVER_READY);
  g_assert_false (sight.waiting);
  g_assert_cmpfloat (sight.cpu, <, 0);
  lockstep_trace_look (trace, 0, 1499, &sight);
  g_assert_cmpint (sight.state, ==, LOCKSTEP_SOLVER_BUSY);
  g_assert_cmpint (sight.span->task, ==, 0);
  g_assert_cmpint (sight.since, ==, 1000);
  g_assert_cmpfloat (sight.cpu, ==, 0.75);
  g_assert_cmpfloat (sight.memory, ==, 1000);
  lockstep_trace_look (trace, 0, 1500, &sight);
  g_assert_cmpint (sight.state, ==, LOCKSTEP_SOLVER_READY);
  g_assert_true (sight.waiting);
  g_assert_cmpint (sight.since, ==, 1500);
  lockstep_trace_look (trace, 1, 1500, &sight);
  g_assert_cmpint (sight.state, ==, LOCKSTEP_SOLVER_BUSY);
  lockstep_trace_look (trace, 1, 2000, &sight);
  g_assert_false (sight.waiting);
  lockstep_trace_look (trace, 7, 2000, &sight);
  g_assert_cmpint (sight.state, ==, LOCKSTEP_SOLVER_DEAD);

  g_assert_cmpuint (lockstep_trace_get_n_steps (trace), ==, 1);
  step = lockstep_trace_get_step (trace, 0);
  g_assert_cmpint (step->start, ==, 1000);
  g_assert_cmpint (step->end, ==, 2000);
  g_assert_cmpint (lockstep_trace_find_step (trace, 999), ==, -1);
  g_assert_cmpint (lockstep_trace_find_step (trace, 1000), ==, 0);
  g_assert_cmpint (lockstep_trace_get_length (trace, EPOCH + 3500), ==, 3500);

  lockstep_trace_free (trace);
}

/* A crash, told before or after the failure of its task; the next life; and a run that is told to stop. */
static void
test_deaths (void)
{
  Teller                  teller = begin ();
  const LockstepTraceRow *row;
  const LockstepLife     *life;
  LockstepSight           sight;

  launch (&teller, 0);
  tell (&teller, LOCKSTEP_EVENT_STEP_STARTED, -1, 1, -1, "{'tasks':1,'first':0}");
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 0, NULL);
  teller.now = 1000;
  tell (&teller, LOCKSTEP_EVENT_SOLVER_ENDED, 0, -1, -1, "{'signal':11}");
  teller.now = 1010;
  tell (&teller, LOCKSTEP_EVENT_TASK_FAILED, 0, 1, 0, "{'cause':'crash','reason':'x','final':false}");
  teller.now = 2000;
  launch (&teller, 0);
  teller.now = 3000;
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 0, NULL);
  teller.now = 4000;
  tell (&teller, LOCKSTEP_EVENT_RUN_STOPPING, -1, -1, -1, "{'towards':'terminated'}");
  tell (&teller, LOCKSTEP_EVENT_SOLVER_STOPPING, 0, -1, -1, "{}");
  teller.now = 5000;
  tell (&teller, LOCKSTEP_EVENT_SOLVER_ENDED, 0, -1, -1, "{'exit':0}");
  tell (&teller, LOCKSTEP_EVENT_RUN_ENDED, -1, -1, -1, "{'state':'terminated'}");
  teller.now = 9000;

  row = lockstep_trace_get_row (teller.trace, 0);
  g_assert_cmpstr (row->host, ==, "local");
  g_assert_cmpuint (row->lives->len, ==, 2);
  life = &g_array_index (row->lives, LockstepLife, 0);
  g_assert_true (life->crashed);
  g_assert_cmpint (life->ended, ==, 1000);
  life = &g_array_index (row->lives, LockstepLife, 1);
  g_assert_false (life->crashed);
  g_assert_cmpint (life->ready, ==, 2100);

  g_assert_cmpuint (row->spans->len, ==, 2);
  g_assert_cmpint (lockstep_trace_row_get_span (row, 0)->outcome, ==, LOCKSTEP_SPAN_FAILED);
  g_assert_cmpint (lockstep_trace_row_get_span (row, 0)->end, ==, 1000);
  g_assert_cmpint (lockstep_trace_row_get_span (row, 1)->outcome, ==, LOCKSTEP_SPAN_STOPPED);
  g_assert_cmpint (lockstep_trace_row_get_span (row, 1)->end, ==, 5000);

  lockstep_trace_look (teller.trace, 0, 1500, &sight);
  g_assert_cmpint (sight.state, ==, LOCKSTEP_SOLVER_DEAD);
  g_assert_cmpfloat (sight.cpu, <, 0);
  g_assert_cmpint (lockstep_trace_get_stop (teller.trace), ==, 4000);
  g_assert_cmpint (lockstep_trace_get_length (teller.trace, EPOCH + teller.now), ==, 5000);

  lockstep_trace_free (teller.trace);
}

/* What a solver had reported by then of the task that it was at, and nothing of the one before. */
static void
test_progress (void)
{
  Teller                        teller = begin ();
  g_autoptr (LockstepRunSolver) solver = NULL;
  LockstepSight                 sight;

  launch (&teller, 0);
  tell (&teller, LOCKSTEP_EVENT_STEP_STARTED, -1, 1, -1, "{'tasks':3,'first':6}");
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 7, NULL);
  teller.now = 1000;
  tell (&teller, LOCKSTEP_EVENT_PROGRESS, 0, 1, 7, "{'fraction':0.25}");
  teller.now = 2000;
  tell (&teller, LOCKSTEP_EVENT_PROGRESS, 0, 1, 7, "{'fraction':0.75}");
  teller.now = 3000;
  tell (&teller, LOCKSTEP_EVENT_TASK_ENDED, 0, 1, 7, "{}");
  teller.now = 4000;
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 8, NULL);
  teller.now = 9000;
  tell (&teller, LOCKSTEP_EVENT_PROGRESS, 0, 1, 8, "{'message':'x'}");

  lockstep_trace_look (teller.trace, 0, 999, &sight);
  g_assert_cmpfloat (sight.fraction, <, 0);
  lockstep_trace_look (teller.trace, 0, 1999, &sight);
  g_assert_cmpfloat (sight.fraction, ==, 0.25);
  lockstep_trace_look (teller.trace, 0, 2000, &sight);
  g_assert_cmpfloat (sight.fraction, ==, 0.75);
  lockstep_trace_look (teller.trace, 0, 3500, &sight);
  g_assert_null (sight.span);
  lockstep_trace_look (teller.trace, 0, 9500, &sight);
  g_assert_nonnull (sight.span);
  g_assert_cmpfloat (sight.fraction, <, 0);

  g_assert_null (lockstep_trace_dup_solver (teller.trace, 1500, 1));
  solver = lockstep_trace_dup_solver (teller.trace, 1500, 0);
  g_assert_cmpint (lockstep_run_solver_get_state (solver), ==, LOCKSTEP_SOLVER_BUSY);
  g_assert_cmpfloat (lockstep_run_solver_get_fraction (solver), ==, 0.25);
  g_assert_cmpint (lockstep_run_solver_get_task (solver), ==, 7);
  g_assert_cmpint (lockstep_run_solver_get_part (solver), ==, 1);
  g_assert_cmpint (lockstep_run_solver_get_parts (solver), ==, 3);
  g_clear_object (&solver);
  solver = lockstep_trace_dup_solver (teller.trace, 3500, 0);
  g_assert_cmpfloat (lockstep_run_solver_get_fraction (solver), ==, 1);

  lockstep_trace_free (teller.trace);
}

/* The time between sessions is no time here, and the clock finds back. */
static void
test_sessions (void)
{
  Teller                  teller = begin ();
  const gint64            day = G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC;
  const LockstepTraceRow *row;
  const gint64           *resumptions;
  guint                   n_resumptions;

  launch (&teller, 0);
  tell (&teller, LOCKSTEP_EVENT_STEP_STARTED, -1, 1, -1, "{'tasks':1,'first':0}");
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 0, NULL);
  teller.now = 1000;
  tell (&teller, LOCKSTEP_EVENT_PROGRESS, 0, 1, 0, "{'fraction':0.5}");

  /* Its controller dies; on the next day it goes on. */
  teller.now = day;
  tell (&teller, LOCKSTEP_EVENT_RUN_STARTED, -1, -1, -1, "{'solvers':2,'resumed':true}");
  teller.now = day + 500;
  launch (&teller, 0);
  tell (&teller, LOCKSTEP_EVENT_STEP_STARTED, -1, 1, -1, "{'tasks':1,'first':0,'resumed':true}");
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, 0, NULL);

  row = lockstep_trace_get_row (teller.trace, 0);
  g_assert_cmpint (lockstep_trace_row_get_span (row, 0)->end, ==, 1000);
  g_assert_cmpint (lockstep_trace_row_get_span (row, 0)->outcome, ==, LOCKSTEP_SPAN_STOPPED);
  g_assert_cmpint (lockstep_trace_row_get_span (row, 1)->start, ==, 1600);
  g_assert_cmpint (lockstep_trace_row_get_span (row, 1)->outcome, ==, LOCKSTEP_SPAN_RUNNING);
  resumptions = lockstep_trace_get_resumptions (teller.trace, &n_resumptions);
  g_assert_cmpuint (n_resumptions, ==, 1);
  g_assert_cmpint (resumptions[0], ==, 1000);

  g_assert_cmpint (lockstep_trace_to_clock (teller.trace, 400), ==, EPOCH + 400);
  g_assert_cmpint (lockstep_trace_to_clock (teller.trace, 1600), ==, EPOCH + day + 600);
  g_assert_cmpint (lockstep_trace_from_clock (teller.trace, EPOCH + 400), ==, 400);
  g_assert_cmpint (lockstep_trace_from_clock (teller.trace, EPOCH + day + 600), ==, 1600);
  g_assert_cmpint (lockstep_trace_from_clock (teller.trace, EPOCH + day / 2), ==, 1000);
  g_assert_cmpint (lockstep_trace_from_clock (teller.trace, 0), ==, 0);
  g_assert_cmpint (lockstep_trace_get_latest (teller.trace), ==, EPOCH + day + 600);

  lockstep_trace_free (teller.trace);
}

/* A million tasks: memory stays bounded, the work is not lost, failures stay to be seen. */
static void
test_many (void)
{
  Teller                  teller = begin ();
  const LockstepTraceRow *row;
  gint64                  busy = 0;
  guint64                 n_tasks = 0;
  guint                   n_failed = 0;

  launch (&teller, 0);
  for (gint64 task = 0; task < 1000000; task++)
    {
      tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 0, 1, task, NULL);
      teller.now += 80;
      tell (&teller, task == 333333 ? LOCKSTEP_EVENT_TASK_FAILED : LOCKSTEP_EVENT_TASK_ENDED, 0, 1, task, NULL);
      teller.now += 20;
    }

  row = lockstep_trace_get_row (teller.trace, 0);
  g_assert_cmpuint (row->spans->len, <=, 1 << 19);
  g_assert_cmpuint (row->spans->len, >, 10000);
  for (guint i = 0; i < row->spans->len; i++)
    {
      const LockstepSpan *span = lockstep_trace_row_get_span (row, i);

      g_assert_true (i == 0 || span->start >= lockstep_trace_row_get_span (row, i - 1)->end);
      n_tasks += span->n_tasks;
      busy += span->busy;
      n_failed += span->outcome == LOCKSTEP_SPAN_FAILED && span->n_tasks == 1;
    }
  g_assert_cmpuint (n_tasks, ==, 1000000);
  g_assert_cmpint (busy, ==, 80000000);
  g_assert_cmpuint (n_failed, ==, 1);

  lockstep_trace_free (teller.trace);
}

static void
test_values (void)
{
  Teller              teller = begin ();
  LockstepTraceValue *value;
  LockstepEvent       ended;
  g_autofree char    *text = NULL;
  double              number;

  launch (&teller, 0);
  tell (&teller, LOCKSTEP_EVENT_PROGRESS, 1, 1, 0, "{'fraction':0.5,'values':{'residual':3,'name':'x'}}");
  teller.now = 1000;
  tell (&teller, LOCKSTEP_EVENT_TASK_ENDED, 0, 2, 0, "{'gap':0.25,'text':'x','flows':[1,2]}");
  teller.now = 2000;
  tell (&teller, LOCKSTEP_EVENT_TASK_ENDED, 1, 2, 1, "{'gap':0.125}");
  tell (&teller, LOCKSTEP_EVENT_TASK_ENDED, 1, 1, 1, "{'gap':7}");

  /* What a step on one reports on its way is the run's as well. */
  tell (&teller, LOCKSTEP_EVENT_TASK_STARTED, 1, 2, 2, NULL);
  tell (&teller, LOCKSTEP_EVENT_PROGRESS, 1, -1, 2, "{'values':{'gap':0.0625}}");

  g_assert_cmpuint (lockstep_trace_get_values (teller.trace)->len, ==, 2);
  value = g_ptr_array_index (lockstep_trace_get_values (teller.trace), 0);
  g_assert_cmpstr (value->name, ==, "residual");
  g_assert_false (value->has_target);
  g_assert_cmpuint (value->n_series, ==, 1);
  g_assert_null (g_ptr_array_index (value->by_solver, 0));
  g_assert_true (lockstep_series_get_at (g_ptr_array_index (value->by_solver, 1), 500, &number));
  g_assert_cmpfloat (number, ==, 3);

  value = g_ptr_array_index (lockstep_trace_get_values (teller.trace), 1);
  g_assert_cmpstr (value->name, ==, "gap");
  g_assert_true (value->has_target);
  g_assert_cmpfloat (value->target, ==, 0.1);
  g_assert_cmpuint (value->n_series, ==, 2);
  g_assert_true (lockstep_series_get_at (value->of_one, 1999, &number));
  g_assert_cmpfloat (number, ==, 0.25);
  g_assert_true (lockstep_series_get_at (value->of_one, 2000, &number));
  g_assert_cmpfloat (number, ==, 0.0625);

  /* What the journal did not keep is told by its end alone. */
  g_assert_cmpuint (value->n_left_out, ==, 0);
  text = g_strdup ("{\"left-out\":{\"gap\":7,\"never\":1}}");
  lockstep_event_init (&ended, LOCKSTEP_EVENT_RUN_ENDED);
  ended.payload = g_bytes_new_static (text, strlen (text));
  lockstep_trace_take_left_out (teller.trace, &ended);
  g_assert_cmpuint (value->n_left_out, ==, 7);
  lockstep_event_clear (&ended);

  /* What is told again is no point more. */
  g_assert_cmpuint (lockstep_series_get_count (value->of_one), ==, 3);
  tell (&teller, LOCKSTEP_EVENT_PROGRESS, 1, -1, 2, "{'values':{'gap':0.0625}}");
  g_assert_cmpuint (lockstep_series_get_count (value->of_one), ==, 3);

  /* Somebody who reports under ever new names. */
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *payload = g_strdup_printf ("{'values':{'v%u':1}}", i);

      tell (&teller, LOCKSTEP_EVENT_PROGRESS, 0, 1, 0, payload);
    }
  g_assert_cmpuint (lockstep_trace_get_values (teller.trace)->len, ==, LOCKSTEP_TRACE_MAX_VALUES);

  lockstep_trace_free (teller.trace);
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_until_loaded (LockstepChronicle *chronicle)
{
  gboolean late = FALSE;
  guint    timeout = g_timeout_add_seconds (20, set_true, &late);

  while (lockstep_chronicle_get_loading (chronicle) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timeout);
}

/* A live run and what is read of its folder later come to the same. */
static void
test_chronicle (void)
{
  g_autofree char                *solver = fake_solver ("test-trace", "echo", NULL);
  g_autoptr (LockstepPlan)        plan = make_plan ("{'lockstep':1,'name':'x','solvers':2,'solver':{%s},'steps':["
                                                           "{'step':'work','on':'all'},{'step':'work','tasks':{'grid':{'i':{'from':1,'to':20,'count':20}}}},"
                                                           "{'step':'join','on':'one'}]}",
                                                    solver);
  char                           *folder = make_folder ();
  const LockstepControllerOptions options = { .runs_directory = folder, .grace = 2 };
  g_autoptr (LockstepController)  controller = lockstep_controller_new (plan, &options);
  LockstepRun                    *run = lockstep_controller_get_run (controller);
  g_autoptr (LockstepChronicle)   live = lockstep_chronicle_new (run);
  g_autoptr (LockstepChronicle)   past = NULL;
  g_autoptr (LockstepPastRun)     past_run = NULL;
  LockstepTrace                  *a, *b;

  g_assert_false (lockstep_chronicle_get_loading (live));
  lockstep_controller_start (controller);
  wait_for_end (run);
  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);

  past_run = lockstep_past_run_load (lockstep_run_get_directory (run), FALSE, NULL);
  past = lockstep_chronicle_new (lockstep_past_run_get_run (past_run));
  g_assert_true (lockstep_chronicle_get_loading (past));
  wait_until_loaded (past);
  g_assert_null (lockstep_chronicle_get_problem (past));

  a = lockstep_chronicle_get_trace (live);
  b = lockstep_chronicle_get_trace (past);
  g_assert_cmpuint (lockstep_trace_get_n_spans (a), ==, 23);
  g_assert_cmpuint (lockstep_trace_get_n_steps (a), ==, 3);
  g_assert_cmpuint (lockstep_trace_get_n_spans (b), ==, lockstep_trace_get_n_spans (a));
  g_assert_cmpuint (lockstep_trace_get_n_steps (b), ==, lockstep_trace_get_n_steps (a));
  g_assert_cmpint (lockstep_trace_get_length (b, g_get_real_time ()), ==, lockstep_trace_get_length (a, g_get_real_time ()));
  for (guint i = 0; i < 2; i++)
    {
      const GArray *spans = lockstep_trace_get_row (a, i)->spans, *others = lockstep_trace_get_row (b, i)->spans;

      g_assert_cmpmem (spans->data, spans->len * sizeof (LockstepSpan), others->data, others->len * sizeof (LockstepSpan));
      g_assert_cmpuint (lockstep_trace_get_row (b, i)->lives->len, ==, 1);
    }

  remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/trace/look", test_look);
  g_test_add_func ("/trace/deaths", test_deaths);
  g_test_add_func ("/trace/progress", test_progress);
  g_test_add_func ("/trace/sessions", test_sessions);
  g_test_add_func ("/trace/many", test_many);
  g_test_add_func ("/trace/values", test_values);
  g_test_add_func ("/trace/chronicle", test_chronicle);

  return g_test_run ();
}
