/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-program.h"
#include "lockstep-proposal.h"
#include "lockstep-trial-folder.h"

#include <string.h>

/* What programs print, and what is proposed for it: "progress 1 of 2; value NAME; result NAME". */

typedef struct
{
  const char *name;
  const char *output; /* %d and the like are not filled */
  const char *params;
  const char *expected; /* a line for each: NAME JSON */
} Case;

#define STEPS5(a, b, c, d, e) a "\n" b "\n" c "\n" d "\n" e "\n"

static const Case cases[] = {
  { "loop",
    "model 1.2 of 2027-01-15\nreading case\n" STEPS5 ("TIME =  1   queue   0.5", "TIME =  2   queue 0.7", "TIME =  3   queue 0.2", "TIME =  4   queue 0.9", "TIME =  5   queue  12.5") "MEAN DELAY 1.25\n",
    "{\"t_end\": 5, \"alpha\": 0.3}",
    "progress { \"match\": \"TIME = {number}\", \"of\": \"{t_end}\" }\n"
    "queue \"queue {number}\"\n"
    "mean_delay { \"match\": \"MEAN DELAY {number}\" }\n" },
  { "from-zero",
    STEPS5 ("step 0: residual=1.0e-1", "step 1: residual=1.0e-2", "step 2: residual=1.5e-3", "step 3: residual=1.0e-4", "step 4: residual=1.0e-5"),
    "{\"steps\": 5}",
    /* Nothing is printed at the end, so what it came to is the last value. */
    "progress { \"match\": \"step {number}\", \"of\": \"{steps}\" }\n"
    "residual \"residual={number}\"\n"
    "residual { \"match\": \"residual={number}\" }\n" },
  { "of-how-many",
    "Epoch 1/3 loss 0.9\nEpoch 2/3 loss 0.8\nEpoch 3/3 loss 0.85\nTest accuracy: 0.71\n", "{}",
    "progress { \"match\": \"Epoch {number}\", \"of\": 3 }\n"
    "loss \"loss {number}\"\n"
    "test_accuracy { \"match\": \"Test accuracy: {number}\" }\n" },
  { "percent",
    " 20% done, 7 cars\r 60% done, 9 cars\r100% done, 3 cars\nTotal 19\n", "{}",
    "progress { \"match\": \"{number}% done\", \"of\": 100 }\n"
    "cars \"{number} cars\"\n"
    "total { \"match\": \"Total {number}\" }\n" },
  { "dated",
    "[2027-01-15 12:00:01] iter 10 gap 0.5\n[2027-01-15 12:00:02] iter 20 gap 0.25\n[2027-01-15 12:00:03] iter 30 gap 0.125\n"
    "[2027-01-15 12:00:03] done, 30 iterations, cost 7\n",
    "{\"iterations\": 30}",
    "progress { \"match\": \"iter {number}\", \"of\": \"{iterations}\" }\n"
    "gap \"gap {number}\"\n"
    "cost { \"match\": \"cost {number}\" }\n" },
  { "columns",
    "  it     residual   objective\n   1  0.100D+01  5.0\n   2  0.500D+00  4.0\n   3  0.250D+00  4.5\n", "{}",
    "progress { \"match\": \"/^\\\\s*([-+]?[.\\\\d][-+.\\\\w]*)\\\\s+[-+]?[.\\\\d][-+.\\\\w]*\\\\s+[-+]?[.\\\\d][-+.\\\\w]*\\\\s*$/\", \"of\": 3 }\n"
    "residual \"/^\\\\s*[-+]?[.\\\\d][-+.\\\\w]*\\\\s+([-+]?[.\\\\d][-+.\\\\w]*)\\\\s+[-+]?[.\\\\d][-+.\\\\w]*\\\\s*$/\"\n"
    "objective \"/^\\\\s*[-+]?[.\\\\d][-+.\\\\w]*\\\\s+[-+]?[.\\\\d][-+.\\\\w]*\\\\s+([-+]?[.\\\\d][-+.\\\\w]*)\\\\s*$/\"\n"
    "residual { \"match\": \"/^\\\\s*[-+]?[.\\\\d][-+.\\\\w]*\\\\s+([-+]?[.\\\\d][-+.\\\\w]*)\\\\s+[-+]?[.\\\\d][-+.\\\\w]*\\\\s*$/\" }\n"
    "objective { \"match\": \"/^\\\\s*[-+]?[.\\\\d][-+.\\\\w]*\\\\s+[-+]?[.\\\\d][-+.\\\\w]*\\\\s+([-+]?[.\\\\d][-+.\\\\w]*)\\\\s*$/\" }\n" },
  { "results-only",
    "alpha 0.30\ndelay = 12.5 s\nflow: 1200\n", "{\"alpha\": 0.3}",
    "delay { \"match\": \"delay = {number}\" }\n"
    "flow { \"match\": \"flow: {number}\" }\n" },
  /* The text in front of one number stands in front of another as well. */
  { "ambiguous",
    STEPS5 ("t 1 queue 4", "t 2 queue 3", "t 3 queue 6", "t 4 queue 5", "t 5 queue 7") "mean queue 5\n", "{}",
    "progress { \"match\": \"t {number}\", \"of\": 5 }\n"
    "queue \"/^\\\\s*t\\\\s+[-+]?[.\\\\d][-+.\\\\w]*\\\\s+queue\\\\s+([-+]?[.\\\\d][-+.\\\\w]*)\\\\s*$/\"\n"
    "mean_queue { \"match\": \"mean queue {number}\" }\n" },
  { "small-words", "Temperature at the middle ... 43.2\nx is 5 now\n", "{}",
    "temperature_middle { \"match\": \"Temperature at the middle ... {number}\" }\n"
    "x { \"match\": \"x is {number}\" }\n" },
  { "braces", "{gap} 7\n", "{}", "gap { \"match\": \"gap} {number}\" }\n" },
  /* Units are no names, and how long the program took is neither progress nor a result. */
  { "units", "run 3.2 km speed 40.5 km/h queue (veh): 7\n", "{}",
    "run { \"match\": \"run {number}\" }\n"
    "speed { \"match\": \"speed {number}\" }\n"
    "queue { \"match\": \"queue (veh): {number}\" }\n" },
  { "stopwatch",
    "step 1 time 0.5 gap 4\nstep 2 time 1.0 gap 3\nstep 3 time 1.5 gap 2\n"
    "part a done in 1.1 s\npart b done in 2.2 s\ndone in 3.2 s\nelapsed: 3.3\nCOST 7\n",
    "{}",
    "progress { \"match\": \"step {number}\", \"of\": 3 }\n"
    "gap \"gap {number}\"\n"
    "cost { \"match\": \"COST {number}\" }\n" },
  { "done-again", "done in 1.1 s\ndone in 2.1 s\ndone in 3.1 s\n", "{}", "" },
  { "words", "Hello\nAll is well.\nsha256 0x7f3a9c v1.2.3\n", "{}", "" },
  { "nothing", "", "{}", "" },
};

static LockstepJson
scan (const char *text)
{
  LockstepJson json;

  g_assert_true (lockstep_json_scan (text, strlen (text), &json, NULL));
  return json;
}

static char *
describe (GPtrArray *proposals)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < proposals->len; i++)
    {
      const LockstepProposal *proposal = g_ptr_array_index (proposals, i);

      g_string_append_printf (out, "%s %s\n", proposal->name, proposal->json);
    }

  return g_string_free (out, FALSE);
}

/* What is proposed for a program that printed @output and wrote @file (may be NULL). */
static GPtrArray *
propose (const char *member,
         const char *params,
         const char *output,
         const char *file,
         const char *contents)
{
  g_autoptr (LockstepProgram) program = lockstep_plan_read_program (scan (member), NULL);
  g_autofree char            *folder = g_dir_make_tmp ("lockstep-proposal-XXXXXX", NULL);
  g_autofree char            *log = g_build_filename (folder, "output.log", NULL);
  g_autofree char            *path = g_build_filename (folder, file != NULL ? file : "none", NULL);
  LockstepPlaceholders        placeholders = { .folder = folder, .run = folder, .attempt = 1, .params = { scan (params) } };
  GPtrArray                  *proposals;

  g_assert_nonnull (program);
  g_assert_true (g_file_set_contents (log, output, -1, NULL));
  if (file != NULL)
    g_assert_true (g_file_set_contents (path, contents, -1, NULL));
  proposals = lockstep_proposals_new (program, &placeholders, log, folder, 0);
  lockstep_trial_folder_remove (folder);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));

  return proposals;
}

static void
test_case (gconstpointer data)
{
  const Case           *example = data;
  g_autoptr (GPtrArray) proposals = propose ("{\"command\": [\"true\"]}", example->params, example->output, NULL, NULL);
  g_autofree char      *found = describe (proposals);

  g_assert_cmpstr (found, ==, example->expected);
}

static void
test_example (void)
{
  g_autoptr (GPtrArray)   proposals = propose ("{\"command\": [\"true\"]}", "{}", "a 1\n\na 2\na 3\n  cost: -1.50e3\n", NULL, NULL);
  const LockstepProposal *cost = g_ptr_array_index (proposals, proposals->len - 1);

  g_assert_cmpint (cost->kind, ==, LOCKSTEP_PROBE_RESULT);
  g_assert_cmpstr (cost->found, ==, "-1.50e3");
  g_assert_cmpstr (cost->text, ==, "cost: -1.50e3");
  g_assert_cmpuint (cost->line, ==, 5);
}

static void
test_table (void)
{
  g_autoptr (GPtrArray)   proposals = propose ("{\"command\": [\"true\"]}", "{}", "", "minutes.csv",
                                               "t,Queue [veh],los\n1,4,A\n2,3.50,B\n");
  g_autofree char        *found = describe (proposals);
  const LockstepProposal *queue = g_ptr_array_index (proposals, 0);

  g_assert_cmpstr (found, ==, "queue { \"file\": \"minutes.csv\", \"column\": \"Queue [veh]\" }\n");
  g_assert_cmpstr (queue->found, ==, "3.50");
  g_assert_cmpstr (queue->text, ==, "2,3.50,B");
  g_assert_cmpuint (queue->line, ==, 3);
}

/* Parameters that a program writes beside its results are none. */
static void
test_table_with_params (void)
{
  g_autoptr (GPtrArray) proposals = propose ("{\"command\": [\"true\"]}", "{\"alpha\": 0.3}", "", "out.csv",
                                             "Alpha,delay\n0.30,4\n");
  g_autofree char      *found = describe (proposals);

  g_assert_cmpstr (found, ==, "delay { \"file\": \"out.csv\", \"column\": \"delay\" }\n");
}

static void
test_document (void)
{
  g_autoptr (GPtrArray) proposals = propose ("{\"command\": [\"true\"]}", "{\"alpha\": 0.3}", "", "summary.json",
                                             "{\"alpha\": 0.3, \"name\": \"x\",\n \"network\": {\"delay\": 2.50, \"links\": [1]}}");
  g_autofree char      *found = describe (proposals);

  g_assert_cmpstr (found, ==, "delay { \"file\": \"summary.json\", \"member\": \"network.delay\" }\n");
  g_assert_cmpuint (((LockstepProposal *) g_ptr_array_index (proposals, 0))->line, ==, 2);
}

/* What the plan reads already is not proposed again. */
static void
test_known (void)
{
  g_autoptr (GPtrArray) proposals = propose ("{\"command\": [\"true\"], \"progress\": {\"match\": \"t {number}\", \"of\": 3},"
                                             " \"results\": {\"x\": {\"match\": \"cost {number}\"}}}",
                                             "{}", "t 1 gap 4\nt 2 gap 3\nt 3 gap 2\ncost 1\ncars 2\n", NULL, NULL);
  g_autofree char      *found = describe (proposals);

  g_assert_cmpstr (found, ==, "gap \"gap {number}\"\ncars { \"match\": \"cars {number}\" }\n");
}

static char *
write_to (GPtrArray  *proposals,
          const char *plan)
{
  g_autoptr (GBytes) text = g_bytes_new (plan, strlen (plan));
  g_autoptr (GBytes) changed = lockstep_proposals_write (proposals, text, NULL);

  g_assert_nonnull (changed);
  return g_strndup (g_bytes_get_data (changed, NULL), g_bytes_get_size (changed));
}

static void
test_write (void)
{
  g_autoptr (GPtrArray) proposals = propose ("{\"command\": [\"true\"]}", "{}", "iter 1 gap 4\niter 2 gap 3\niter 3 gap 2\ncost 1\ncars 2\n",
                                             NULL, NULL);
  g_autoptr (GPtrArray) chosen = NULL;
  g_autofree char      *whole = NULL;
  g_autofree char      *line = NULL;
  g_autofree char      *more = NULL;
  g_autoptr (GError)    error = NULL;

  /* Everything else is as it was: order, blanks, numbers, members that nobody knows. */
  whole = write_to (proposals, "{ \"x-mine\": 1.10e-10,\n  \"program\": {\n    \"command\": [\"true\"] },\n  \"steps\": [ { \"tasks\": 3 } ] }\n");
  g_assert_cmpstr (whole, ==,
                   "{ \"x-mine\": 1.10e-10,\n  \"program\": {\n    \"command\": [\"true\"],\n"
                   "    \"progress\": { \"match\": \"iter {number}\", \"of\": 3 },\n"
                   "    \"values\": {\n      \"gap\": \"gap {number}\" },\n"
                   "    \"results\": {\n      \"cost\": { \"match\": \"cost {number}\" },\n      \"cars\": { \"match\": \"cars {number}\" } } },\n"
                   "  \"steps\": [ { \"tasks\": 3 } ] }\n");

  chosen = lockstep_proposals_choose (proposals, "cars, progress", &error);
  g_assert_no_error (error);
  line = write_to (chosen, "{\"program\":{\"command\":[\"true\"]},\"steps\":[{\"tasks\":3}]}");
  g_assert_cmpstr (line, ==,
                   "{\"program\":{\"command\":[\"true\"], \"progress\": { \"match\": \"iter {number}\", \"of\": 3 }, "
                   "\"results\": { \"cars\": { \"match\": \"cars {number}\" } }},\"steps\":[{\"tasks\":3}]}");

  g_clear_pointer (&chosen, g_ptr_array_unref);
  chosen = lockstep_proposals_choose (proposals, "cars", NULL);
  more = write_to (chosen, "{\"program\": {\"command\": [\"true\"], \"results\": {\n  \"a\": {\"match\": \"a {number}\"}\n}}}");
  g_assert_cmpstr (more, ==,
                   "{\"program\": {\"command\": [\"true\"], \"results\": {\n  \"a\": {\"match\": \"a {number}\"},\n"
                   "  \"cars\": { \"match\": \"cars {number}\" }\n}}}");

  g_assert_null (lockstep_proposals_choose (proposals, "cars,bus", &error));
  g_assert_nonnull (strstr (error->message, "“bus” is none of the proposals: progress, gap, cost, cars"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/proposal/printed/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/proposal/example", test_example);
  g_test_add_func ("/proposal/table", test_table);
  g_test_add_func ("/proposal/table-with-params", test_table_with_params);
  g_test_add_func ("/proposal/document", test_document);
  g_test_add_func ("/proposal/known", test_known);
  g_test_add_func ("/proposal/write", test_write);

  return g_test_run ();
}
