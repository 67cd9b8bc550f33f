/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-causes.h"

#include "lockstep-cause-text.h"
#include "lockstep-summary.h"
#include "run-fixture.h"

/* What a program prints, and what is left of it. */
static const char *const foldings[][2] = {
  { "", "" },
  { "Segmentation fault", "Segmentation fault" },
  { "residual 1.25e-07 after 300 iterations", "residual # after # iterations" },
  { "x = -17, y = +.5, z=3.", "x = #, y = #, z=#." },
  { "case-17 of model v1.2.3", "case-# of model v#.#" },
  { "1.0D+03 and 2e5 and 3d", "# and # and #d" },
  { "bad pointer 0x7ffd3c02 (7f3a2b), hash 12ab34cd", "bad pointer # (#), hash #" },
  { "123456e-10 is 1,000 and 50%", "# is #,# and #%" },
  { "decade a280 node12 x_y3", "decade a# node# x_y#" },
  { "192.168.0.17:8080", "#.#:#" },
  { "12:30:01 [7] (-3) a-1 (2)-1", "#:#:# [#] (#) a-# (#)-#" },
  { "cannot open /home/u/run12/case-7.nml", "cannot open case-#.nml" },
  { "cannot open ./data/net.dat.", "cannot open net.dat." },
  { "cannot open data/net.dat: no such file", "cannot open net.dat: no such file" },
  { "File \"/usr/lib/python3/site.py\", line 12, in main", "File \"site.py\", line #, in main" },
  { "rm '/tmp/my run 3/out 4.csv' failed", "rm 'out #.csv' failed" },
  { "“/tmp/a b/c”, «../x y/z», `~/w/q'", "“c”, «z», `q'" },
  { "file=/scratch/u/17/ is full, / too", "file=# is full, / too" },
  { "12 m/s, N/A, 3/4, 3.5/4.5, and/or", "# m/s, N/A, #/#, #/#, and/or" },
  { "  much \t white\r space  ", "much white space" },
  { "Traceback (most recent call last):\n  File \"x\"\nValueError: 'beta' is 3\n\n", "ValueError: 'beta' is #" },
  { "\033[31;1mError\033[0m: \033[4mbad", "Error: bad" },
  { "The program exited with code 3. It printed 12 lines.", "The program exited with code 3. It printed # lines." },
  { "exit status: 127, killed by signal 11 (SIGSEGV)", "exit status: 127, killed by signal 11 (SIGSEGV)" },
  { "errno=2, postcode 123, code 1.5, code 12345, signal 3b", "errno=2, postcode #, code #, code #, signal #b" },
  { "Größe 5 µm über Ø7", "Größe # µm über Ø#" },
};

static void
test_folding (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (foldings); i++)
    {
      g_autofree char *folded = lockstep_cause_dup_folded (foldings[i][0]);

      g_assert_cmpstr (folded, ==, foldings[i][1]);
    }
}

static void
test_long_line (void)
{
  g_autofree char *ascii = g_strnfill (1000000, 'x');
  g_autofree char *spaces = g_strnfill (1000000, ' ');
  g_autofree char *folded = lockstep_cause_dup_folded (ascii);
  g_autofree char *folded_spaces = lockstep_cause_dup_folded (spaces);
  GString         *wide = g_string_new (NULL);
  g_autofree char *folded_wide = NULL;

  g_assert_cmpint (g_utf8_strlen (folded, -1), ==, LOCKSTEP_CAUSE_TEXT_MAX);
  g_assert_true (g_str_has_suffix (folded, "x…"));
  g_assert_cmpstr (folded_spaces, ==, "");

  for (guint i = 0; i < 5000; i++)
    g_string_append (wide, "語");
  folded_wide = lockstep_cause_dup_folded (wide->str);
  g_assert_true (g_utf8_validate (folded_wide, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (folded_wide, -1), ==, LOCKSTEP_CAUSE_TEXT_MAX);
  g_string_free (wide, TRUE);
}

/* "cause: text × count, e.g. task; …" of the groups in their order. */
static char *
describe (GListModel *causes)
{
  GString    *out = g_string_new (NULL);
  const guint n_causes = g_list_model_get_n_items (causes);

  for (guint i = 0; i < n_causes; i++)
    {
      g_autoptr (LockstepCause) cause = g_list_model_get_item (causes, i);

      g_string_append_printf (out, "%s%s: %s × %u, e.g. %d", i > 0 ? "; " : "", lockstep_cause_get_cause (cause),
                              lockstep_cause_get_text (cause), (guint) lockstep_cause_get_count (cause),
                              (int) lockstep_cause_get_task (cause));
    }

  return g_string_free (out, FALSE);
}

static void
assert_groups (LockstepCauses *causes,
               const char     *expected)
{
  g_autofree char *description = NULL;

  lockstep_causes_flush (causes);
  description = describe (lockstep_causes_get_model (causes));
  g_assert_cmpstr (description, ==, expected);
}

static void
test_groups (void)
{
  LockstepCauses           *causes = lockstep_causes_new ();
  g_autoptr (LockstepCause) kept = NULL;

  assert_groups (causes, "");
  lockstep_causes_add (causes, "crash", "at step 1", 7, 0, 2);
  lockstep_causes_add (causes, "timeout", "It took longer than 8 min.", 8, 1, 1);
  lockstep_causes_add (causes, "step-error", "at step 2", 9, 0, 1);
  assert_groups (causes, "crash: at step # × 1, e.g. 7; timeout: It took longer than # min. × 1, e.g. 8; "
                         "step-error: at step # × 1, e.g. 9");

  lockstep_causes_add (causes, "timeout", "It took longer than 9 min.", 12, 3, 4);
  assert_groups (causes, "timeout: It took longer than # min. × 2, e.g. 8; crash: at step # × 1, e.g. 7; "
                         "step-error: at step # × 1, e.g. 9");
  g_assert_cmpuint (lockstep_causes_get_count (causes), ==, 4);
  g_assert_cmpstr (lockstep_cause_get_cause (lockstep_causes_lookup (causes, 9)), ==, "step-error");
  g_assert_null (lockstep_causes_lookup (causes, 10));

  /* A task that failed once more counts once, for its new cause. */
  lockstep_causes_add (causes, "crash", "at step 5", 9, 0, 2);
  assert_groups (causes, "crash: at step # × 2, e.g. 7; timeout: It took longer than # min. × 2, e.g. 8");

  /* The example goes, and another one is it. */
  g_assert_true (lockstep_causes_remove (causes, 8));
  g_assert_false (lockstep_causes_remove (causes, 8));
  g_assert_false (lockstep_causes_remove (causes, 100));
  assert_groups (causes, "crash: at step # × 2, e.g. 7; timeout: It took longer than # min. × 1, e.g. 12");
  kept = g_object_ref (lockstep_causes_lookup (causes, 12));
  g_assert_cmpint (lockstep_cause_get_solver (kept), ==, 3);
  g_assert_cmpint (lockstep_cause_get_attempt (kept), ==, 4);
  g_assert_true (lockstep_causes_remove (causes, 12));
  assert_groups (causes, "crash: at step # × 2, e.g. 7");
  g_assert_cmpint (lockstep_cause_get_task (kept), ==, -1);

  lockstep_causes_free (causes);
  g_assert_cmpuint (lockstep_cause_get_count (kept), ==, 0);
}

/* What views see changes only when they are told. */
static void
test_flush (void)
{
  LockstepCauses           *causes = lockstep_causes_new ();
  GListModel               *model = lockstep_causes_get_model (causes);
  g_autoptr (LockstepCause) first = NULL;
  guint                     n_counts = 0;

  lockstep_causes_add (causes, "crash", "x", 0, 0, 1);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  lockstep_causes_flush (causes);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);

  first = g_list_model_get_item (model, 0);
  g_signal_connect_swapped (first, "notify::count", G_CALLBACK (g_atomic_int_inc), &n_counts);
  for (guint i = 1; i < 100; i++)
    lockstep_causes_add (causes, "crash", "x", i, 0, 1);
  g_assert_cmpuint (n_counts, ==, 0);
  lockstep_causes_flush (causes);
  lockstep_causes_flush (causes);
  g_assert_cmpuint (n_counts, ==, 1);
  g_assert_cmpuint (lockstep_cause_get_count (first), ==, 100);

  lockstep_causes_free (causes);
}

/* So many different lines do not become so many groups. */
static void
test_bound (void)
{
  LockstepCauses           *causes = lockstep_causes_new ();
  GListModel               *model = lockstep_causes_get_model (causes);
  g_autoptr (LockstepCause) last = NULL;
  const guint               n_failures = 100000;

  for (guint i = 0; i < n_failures; i++)
    {
      char line[8];

      for (guint k = 0, rest = i; k < 7; k++, rest /= 7)
        line[k] = (char) ('g' + rest % 7);
      line[7] = '\0';
      lockstep_causes_add (causes, "step-error", line, i, 0, 1);
    }
  lockstep_causes_flush (causes);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, LOCKSTEP_CAUSES_MAX + 1);
  g_assert_cmpuint (lockstep_causes_get_count (causes), ==, n_failures);
  last = g_list_model_get_item (model, LOCKSTEP_CAUSES_MAX);
  g_assert_cmpstr (lockstep_cause_get_cause (last), ==, "other");
  g_assert_cmpuint (lockstep_cause_get_count (last), ==, n_failures - LOCKSTEP_CAUSES_MAX);
  g_assert_cmpint (lockstep_cause_get_task (last), ==, LOCKSTEP_CAUSES_MAX);

  for (guint i = 0; i < n_failures; i++)
    g_assert_true (lockstep_causes_remove (causes, i));
  lockstep_causes_flush (causes);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);

  lockstep_causes_free (causes);
}

static void
test_forget (void)
{
  LockstepCauses        *causes = lockstep_causes_new ();
  g_autoptr (GHashTable) kept = g_hash_table_new (NULL, NULL);

  for (guint i = 10; i < 20; i++)
    lockstep_causes_add (causes, "crash", "x", i, 0, 1);
  g_hash_table_add (kept, GUINT_TO_POINTER (3));
  lockstep_causes_forget (causes, 12, kept);
  g_assert_cmpuint (lockstep_causes_get_count (causes), ==, 3);
  g_assert_nonnull (lockstep_causes_lookup (causes, 11));
  g_assert_null (lockstep_causes_lookup (causes, 12));
  g_assert_nonnull (lockstep_causes_lookup (causes, 15));

  lockstep_causes_free (causes);
}

/* Folds an event whose payload is @payload, with ' for ". */
static void
fold (LockstepRun      *run,
      LockstepEventType type,
      gint64            task,
      const char       *payload)
{
  g_autofree char *text = g_strdelimit (g_strdup (payload), "'", '"');
  LockstepEvent    event;

  lockstep_event_init (&event, type);
  event.solver = task >= 0 ? 0 : -1;
  event.step = 0;
  event.iteration = 1;
  event.task = task;
  event.attempt = 1;
  event.payload = g_bytes_new (text, strlen (text));
  lockstep_run_fold (run, &event);
  lockstep_event_clear (&event);
}

static void
assert_causes (LockstepRun *run,
               guint        n_failures,
               guint        n_done,
               const char  *expected)
{
  g_autofree char *description = describe (lockstep_run_get_causes (run));

  g_assert_cmpstr (description, ==, expected);
  g_assert_cmpuint (lockstep_run_get_n_failures (run), ==, n_failures);
  g_assert_cmpuint (lockstep_run_get_n_done (run), ==, n_done);
}

static LockstepRun *
make_run (void)
{
  g_autoptr (LockstepPlan) plan = make_plan ("{'lockstep':1,'name':'x','solver':{'command':['true']},"
                                             "'steps':[{'step':'work','tasks':4}]}");
  LockstepRun             *run = lockstep_run_new (plan);

  fold (run, LOCKSTEP_EVENT_RUN_STARTED, -1, "{}");
  fold (run, LOCKSTEP_EVENT_STEP_STARTED, -1, "{'tasks':4,'first':0,'iterations':[]}");

  return run;
}

static void
test_run (void)
{
  g_autoptr (LockstepRun) run = make_run ();
  g_autoptr (GBytes)      summary = NULL;
  LockstepJson            json;

  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 1, "{'final':false,'cause':'crash','reason':'exit code 7'}");
  assert_causes (run, 0, 0, "");
  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 1, "{'final':true,'cause':'crash','reason':'exit code 7','line':'row 12'}");
  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 3, "{'final':true,'cause':'timeout','reason':'8 min'}");
  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 2, "{'final':true,'cause':'crash','reason':'exit code 7','line':'row 13'}");
  assert_causes (run, 3, 3, "crash: row # × 2, e.g. 1; timeout: # min × 1, e.g. 3");
  g_assert_cmpstr (lockstep_cause_get_cause (lockstep_run_get_cause (run, 3)), ==, "timeout");
  g_assert_null (lockstep_run_get_cause (run, 0));

  summary = lockstep_summary_new (run, NULL, G_MAXSIZE);
  g_assert_true (lockstep_json_scan (g_bytes_get_data (summary, NULL), g_bytes_get_size (summary), &json, NULL));
  g_assert_cmpuint (lockstep_json_count (lockstep_json_get_member (json, "causes")), ==, 2);
  g_assert_true (lockstep_json_is_string (lockstep_json_get_path (json, "causes.0.cause"), "crash"));
  g_assert_true (lockstep_json_is_string (lockstep_json_get_path (json, "causes.0.text"), "row #"));
  g_assert_cmpint (*lockstep_json_get_path (json, "causes.0.count").text, ==, '2');
  g_assert_cmpint (*lockstep_json_get_path (json, "causes.1.task").text, ==, '3');

  /* A result after all. */
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 1, "5");
  assert_causes (run, 2, 3, "crash: row # × 1, e.g. 2; timeout: # min × 1, e.g. 3");
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 1, "5");
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 0, "5");
  assert_causes (run, 2, 4, "crash: row # × 1, e.g. 2; timeout: # min × 1, e.g. 3");
  fold (run, LOCKSTEP_EVENT_STEP_ENDED, -1, "{}");
  g_assert_cmpuint (g_hash_table_size (lockstep_run_get_failures (run)), ==, 2);
}

/* Solvers that a signal killed have that in common, whatever they printed before; where memory ran out, it is that. */
static void
test_signals (void)
{
  g_autoptr (LockstepRun)   run = make_run ();
  g_autoptr (LockstepCause) cause = NULL;
  g_autofree char          *title = NULL;

  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 0, "{'final':true,'cause':'crash','signal':11,'reason':'x','line':'loading'}");
  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 1, "{'final':true,'cause':'crash','signal':11,'reason':'x','line':'assigning'}");
  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 2, "{'final':true,'cause':'crash','signal':9,'reason':'x','line':'loading'}");
  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 3, "{'final':true,'cause':'memory','signal':9,'reason':'x','line':'loading'}");
  assert_causes (run, 4, 4, "crash: killed by SIGSEGV (segmentation fault) × 2, e.g. 0; crash: killed by SIGKILL × 1, e.g. 2; "
                            "memory: loading × 1, e.g. 3");

  cause = g_list_model_get_item (lockstep_run_get_causes (run), 0);
  title = lockstep_cause_dup_title (cause);
  g_assert_cmpstr (title, ==, "crashed: killed by SIGSEGV (segmentation fault)");
}

/* The tasks that are tried once more in another session have not failed any more, until they do. */
static void
test_resumed (void)
{
  g_autoptr (LockstepRun) run = make_run ();

  for (int i = 0; i < 4; i++)
    fold (run, LOCKSTEP_EVENT_TASK_FAILED, i, "{'final':true,'cause':'crash','reason':'x'}");
  fold (run, LOCKSTEP_EVENT_STEP_ENDED, -1, "{}");
  fold (run, LOCKSTEP_EVENT_RUN_ENDED, -1, "{'state':'finished'}");
  assert_causes (run, 4, 4, "crash: x × 4, e.g. 0");

  fold (run, LOCKSTEP_EVENT_RUN_STARTED, -1, "{}");
  fold (run, LOCKSTEP_EVENT_STEP_STARTED, -1, "{'tasks':4,'first':0,'iterations':[],'resumed':true,'again':[[0,0],[2,3]]}");
  assert_causes (run, 1, 1, "crash: x × 1, e.g. 1");
  fold (run, LOCKSTEP_EVENT_TASK_ENDED, 0, "1");
  fold (run, LOCKSTEP_EVENT_TASK_FAILED, 2, "{'final':true,'cause':'stall','reason':'y'}");
  assert_causes (run, 2, 3, "crash: x × 1, e.g. 1; stall: y × 1, e.g. 2");
}

/* Real failures get here with their lines, and with their signals. */
static void
test_real_run (gconstpointer data)
{
  const char *const        *row = data;
  char                     *folder = make_folder ();
  g_autofree char          *solver = fake_solver (folder, row[0], row[1], NULL);
  g_autoptr (LockstepPlan)  plan = make_plan ("{'lockstep':1,'name':'x','solver':{%s},'solvers':2,"
                                               "'steps':[{'step':'work','tasks':3}]}",
                                              solver);
  g_autoptr (LockstepRun)   run = run_plan (plan, folder);
  g_autoptr (LockstepCause) cause = g_list_model_get_item (lockstep_run_get_causes (run), 0);

  g_assert_cmpint (lockstep_run_get_state (run), ==, LOCKSTEP_RUN_FINISHED);
  g_assert_cmpuint (g_list_model_get_n_items (lockstep_run_get_causes (run)), ==, 1);
  g_assert_cmpuint (lockstep_cause_get_count (cause), ==, 3);
  g_assert_cmpstr (lockstep_cause_get_cause (cause), ==, "crash");
  g_assert_cmpstr (lockstep_cause_get_text (cause), ==, row[2]);
  remove_folder (folder);
}

/* The fake's mode and its argument, and what its failures have in common. */
static const char *const exit_row[] = { "exits-in-step", "7", "fake-solver: cannot open city.net: No such file or directory" };
static const char *const signal_row[] = { "dies", "segv", "killed by SIGSEGV (segmentation fault)" };

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/causes/folding", test_folding);
  g_test_add_func ("/causes/long-line", test_long_line);
  g_test_add_func ("/causes/groups", test_groups);
  g_test_add_func ("/causes/flush", test_flush);
  g_test_add_func ("/causes/bound", test_bound);
  g_test_add_func ("/causes/forget", test_forget);
  g_test_add_func ("/causes/run", test_run);
  g_test_add_func ("/causes/signals", test_signals);
  g_test_add_func ("/causes/resumed", test_resumed);
  g_test_add_data_func ("/causes/real-run/exit", exit_row, test_real_run);
  g_test_add_data_func ("/causes/real-run/signal", signal_row, test_real_run);

  return g_test_run ();
}
