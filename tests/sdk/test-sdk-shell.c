/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An SDK solver without a controller: --call, --listen, and started by mistake. */

#include <string.h>

#include "sdk-client.h"

/* Runs the solver with these arguments; returns its exit status. */
static int
run (char      **output,
     char      **errors,
     const char *first,
     ...)
{
  g_autoptr (GPtrArray)           arguments = g_ptr_array_new ();
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess)         process = NULL;
  g_autoptr (GError)              error = NULL;
  va_list                         list;

  g_ptr_array_add (arguments, (char *) sdk_test_solver ());
  va_start (list, first);
  for (const char *argument = first; argument; argument = va_arg (list, const char *))
    g_ptr_array_add (arguments, (char *) argument);
  va_end (list);
  g_ptr_array_add (arguments, NULL);

  g_subprocess_launcher_unsetenv (launcher, "LOCKSTEP_STREAM");
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, output, errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));

  return g_subprocess_get_exit_status (process);
}

static void
test_call (void)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (run (&output, &errors, "--call", "merged", "{\"a\": 1e-10}", "--initialize", "{\"b\":2}", NULL),
                   ==, 0);
  g_assert_cmpstr (output, ==, "{\"params\":{\"b\":2,\"a\":1e-10},\"input\":null}\n");
  g_assert_cmpstr (errors, ==, "");
}

/* A run would refuse it. */
static void
test_call_too_large (void)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (run (&output, &errors, "--call", "large", "{\"size\":67200000}", NULL), ==, 1);
  g_assert_cmpstr (output, ==, "");
  g_assert_nonnull (strstr (errors, "large failed: the result is too large"));
}

static void
test_call_whole (void)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (run (&output, &errors, "--call", "merged", "{\"input\":[1],\"params\":{\"a\":0.1}}", NULL), ==, 0);
  g_assert_cmpstr (output, ==, "{\"params\":{\"a\":0.1},\"input\":[1]}\n");
  g_clear_pointer (&output, g_free);
  g_clear_pointer (&errors, g_free);
  g_assert_cmpint (run (&output, &errors, "--call", "text", NULL), ==, 0);
  g_assert_cmpstr (output, ==, "{}\n");
}

static void
test_call_says (void)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (run (&output, &errors, "--call", "flood", NULL), ==, 0);
  g_assert_cmpstr (output, ==, "null\n");
  g_assert_true (g_str_has_suffix (errors, "progress: 100 % there, i = 100000\n"));
  g_clear_pointer (&output, g_free);
  g_clear_pointer (&errors, g_free);
  g_assert_cmpint (run (&output, &errors, "--call", "speak", NULL), ==, 0);
  g_assert_cmpstr (errors, ==, "warning: 3 origins have no \"demand\"\n");
}

static void
check_failure (const char *expected,
               int         status,
               const char *option,
               const char *value,
               const char *more,
               const char *last)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (run (&output, &errors, option, value, more, last, NULL), ==, status);
  g_assert_cmpstr (output, ==, "");
  if (!strstr (errors, expected))
    g_error ("“%s” was expected, but this came: %s", expected, errors);
}

static void
test_failures (void)
{
  check_failure ("tester: fail failed: no path from zone 4", 1, "--call", "fail", NULL, NULL);
  check_failure ("tester: not-finite failed: the value “gap” is NaN", 1, "--call", "not-finite", NULL, NULL);
  check_failure ("there is no such method; the steps are describe", 1, "--call", "combine", NULL, NULL);
  check_failure ("text failed: its params are not JSON", 1, "--call", "text", "{a}", NULL);
  check_failure ("initialize failed: the network cannot be read", 1, "--initialize", "{\"fail\":true}", "--call", "text");
  check_failure ("tester: --call needs a value", 2, "--call", NULL, NULL, NULL);
  check_failure ("tester is a solver for Lockstep", 2, NULL, NULL, NULL, NULL);
  check_failure ("“8800” is no address to listen on", 1, "--listen", "8800", NULL, NULL);
  check_failure ("“127.0.0.1:99999” is no address to listen on", 1, "--listen", "127.0.0.1:99999", NULL, NULL);
  check_failure ("is not an address of this machine alone", 1, "--listen", "0.0.0.0:0", NULL, NULL);
  check_failure ("is not an address of this machine alone", 1, "--listen", "[::]:0", NULL, NULL);
}

static void
test_help (void)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (run (&output, &errors, "--help", NULL), ==, 0);
  g_assert_nonnull (strstr (output, "--listen HOST:PORT"));
  g_assert_cmpstr (errors, ==, "");
}

static void
test_listen (void)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (GSubprocess)      process = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char             *line = NULL;
  SdkClient                   *client;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, sdk_test_solver (), "--listen", "127.0.0.1:0",
                              NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (line, "listening on 127.0.0.1:"));

  client = sdk_client_connect (line + strlen ("listening on "));
  sdk_client_initialize (client, "{\"b\":2}");
  sdk_client_call (client, 1, "merged", NULL);
  sdk_client_expect_result (client, 1, "{\"params\":{\"b\":2},\"input\":null}");
  sdk_client_call (client, 2, "wait", "{\"task\":1}");
  g_free (sdk_client_read (client));
  g_assert_cmpint (sdk_client_finish (client), ==, 0);

  /* The next one finds it as new. */
  client = sdk_client_connect (line + strlen ("listening on "));
  sdk_client_call (client, 1, "merged", NULL);
  sdk_client_expect_error (client, "1", -32002, "initialize has not succeeded");
  sdk_client_call (client, 2, "terminate", NULL);
  sdk_client_expect_result (client, 2, "{}");
  g_assert_cmpint (sdk_client_wait (client), ==, 0);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdk-shell/call", test_call);
  g_test_add_func ("/sdk-shell/call-whole", test_call_whole);
  g_test_add_func ("/sdk-shell/call-too-large", test_call_too_large);
  g_test_add_func ("/sdk-shell/call-says", test_call_says);
  g_test_add_func ("/sdk-shell/failures", test_failures);
  g_test_add_func ("/sdk-shell/help", test_help);
  g_test_add_func ("/sdk-shell/listen", test_listen);

  return g_test_run ();
}
