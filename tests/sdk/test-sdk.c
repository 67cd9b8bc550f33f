/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How an SDK solver behaves on its stream: order, progress, status, cancellation, and its end. */

#include <json-glib/json-glib.h>
#include <string.h>

#include "sdk-client.h"

#define CANCEL(task) "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{\"task\":" #task "}}"

static SdkClient *
start (void)
{
  const char *arguments[] = { sdk_test_solver (), NULL };
  SdkClient  *client = sdk_client_start (arguments);

  sdk_client_initialize (client, "{}");

  return client;
}

static void
test_handshake (void)
{
  const char *arguments[] = { sdk_test_solver (), NULL };
  SdkClient  *client = sdk_client_start (arguments);

  sdk_client_call (client, 0, "initialize",
                   "{\"protocol\":1,\"solver\":0,\"run\":\"r\",\"directory\":\"/\",\"params\":{}}");
  sdk_client_expect_result (client, 0,
                            "{\"name\":\"tester\",\"methods\":[\"describe\",\"merged\",\"text\",\"given-text\",\"nothing\","
                            "\"vector\",\"not-finite\",\"wait\",\"deaf\",\"flood\",\"speak\",\"fail\",\"large\"]}");
  sdk_client_call (client, 1, "nothing", NULL);
  sdk_client_expect_result (client, 1, "null");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_initialize_first (void)
{
  const char *arguments[] = { sdk_test_solver (), NULL };
  SdkClient  *client = sdk_client_start (arguments);

  sdk_client_call (client, 1, "nothing", "{}");
  sdk_client_expect_error (client, "1", -32002, "nothing was called, but initialize has not succeeded");
  sdk_client_call (client, 2, "initialize", "{\"protocol\":1,\"params\":{\"fail\":true}}");
  sdk_client_expect_error (client, "2", -32000, "the network cannot be read");
  sdk_client_call (client, 6, "initialize", "{\"protocol\":1,\"directory\":\"/r\\u00fcn/\",\"params\":{\"fail\":true}}");
  sdk_client_expect_error (client, "6", -32000, "/rün/the network cannot be read");
  sdk_client_call (client, 3, "nothing", "{}");
  sdk_client_expect_error (client, "3", -32002, "initialize has not succeeded");
  sdk_client_call (client, 4, "initialize", "{\"protocol\":2}");
  sdk_client_expect_error (client, "4", -32602, "version 2 of the protocol");
  sdk_client_initialize (client, "{}");
  sdk_client_call (client, 5, "nothing", "{}");
  sdk_client_expect_result (client, 5, "null");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_without_initialize (void)
{
  const char *arguments[] = { sdk_test_solver (), "--bare", NULL };
  SdkClient  *client = sdk_client_start (arguments);

  sdk_client_call (client, 1, "nothing", "{}");
  sdk_client_expect_result (client, 1, "null");
  sdk_client_initialize (client, "{\"int\":12}");
  sdk_client_call (client, 2, "merged", NULL);
  sdk_client_expect_result (client, 2, "{\"params\":{\"int\":12},\"input\":null}");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_order (void)
{
  enum
  {
    N = 2000
  };
  SdkClient          *client = start ();
  g_autoptr (GString) lines = g_string_new (NULL);

  /* All at once, and the last without its end at first. */
  for (int i = 1; i <= N; i++)
    g_string_append_printf (lines, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"text\",\"params\":{\"task\":%d}}\n", i, i);
  sdk_client_write (client, lines->str, lines->len - 20);
  for (int i = 1; i < N; i++)
    {
      g_autofree char *result = g_strdup_printf ("{\"task\":%d}", i);

      sdk_client_expect_result (client, i, result);
    }
  sdk_client_write (client, lines->str + lines->len - 20, 20);
  sdk_client_expect_result (client, N, "{\"task\":2000}");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_status (void)
{
  SdkClient *client = start ();

  sdk_client_call (client, 1, "status", NULL);
  sdk_client_expect_result (client, 1, "{\"state\":\"ready\",\"fraction\":null,\"message\":null}");
  sdk_client_call (client, 2, "wait", "{\"task\":3}");
  sdk_client_expect (client, "{\"jsonrpc\":\"2.0\",\"method\":\"progress\",\"params\":"
                             "{\"task\":3,\"fraction\":0.25,\"message\":\"waiting\"}}");
  for (int i = 10; i < 110; i++)
    {
      sdk_client_call (client, i, "status", NULL);
      sdk_client_expect_result (client, i, "{\"state\":\"busy\",\"fraction\":0.25,\"message\":\"waiting\"}");
    }
  sdk_client_send (client, CANCEL (3));
  sdk_client_expect_error (client, "2", -32000, "wait was cancelled");
  sdk_client_call (client, 111, "status", NULL);
  sdk_client_expect_result (client, 111, "{\"state\":\"ready\",\"fraction\":null,\"message\":null}");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

/* Steps of the queue, and those after it, run on the same thread, whoever has read them. */
static void
test_queue (void)
{
  SdkClient *client = start ();

  sdk_client_call (client, 1, "wait", "{\"task\":1}");
  sdk_client_call (client, 2, "describe", "{\"task\":2}");
  sdk_client_call (client, 3, "nothing", "{\"task\":3}");
  sdk_client_call (client, 4, "fail", "{\"task\":4}");
  g_free (sdk_client_read (client));
  sdk_client_send (client, CANCEL (3));
  sdk_client_expect_error (client, "3", -32000, "cancelled before it began");
  sdk_client_send (client, CANCEL (77));
  sdk_client_send (client, CANCEL (1));
  sdk_client_expect_error (client, "1", -32000, "wait was cancelled");
  sdk_client_expect_result (client, 2,
                            "{\"part\":0,\"parts\":1,\"solver\":2,\"task\":2,\"attempt\":1,\"iteration\":1,\"double\":0.5,"
                            "\"int\":7,\"boolean\":true,\"string\":\"none\",\"input\":false,\"previous\":false,"
                            "\"failures\":false,\"main\":true}");
  sdk_client_expect_error (client, "4", -32000, "no path from zone 4");
  sdk_client_call (client, 5, "nothing", NULL);
  sdk_client_expect_result (client, 5, "null");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

/* A cancellation that comes when a call is over, but its answer is not written yet, is for the next attempt. */
static void
test_cancel_of_next_attempt (void)
{
  SdkClient       *client = start ();
  g_autofree char *result = NULL;

  sdk_client_call (client, 1, "large", "{\"task\":7,\"params\":{\"size\":4000000}}");
  sdk_client_wait_readable (client);
  sdk_client_call (client, 2, "wait", "{\"task\":7,\"attempt\":2}");
  sdk_client_send (client, CANCEL (7));
  sdk_client_wait_taken (client);
  result = sdk_client_read (client);
  g_assert_true (g_str_has_prefix (result, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":"));
  sdk_client_expect_error (client, "2", -32000, "cancelled before it began");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

/* The params of a progress notification, or NULL for another message. */
static JsonObject *
parse_progress (JsonNode *message)
{
  JsonObject *object = json_node_get_object (message);

  if (g_strcmp0 (json_object_get_string_member_with_default (object, "method", NULL), "progress") != 0)
    return NULL;

  return json_object_get_object_member (object, "params");
}

static void
test_progress (void)
{
  SdkClient *client = start ();
  gint64     before = g_get_monotonic_time ();
  int        n_messages = 0;
  double     fraction = 0;
  double     value = 0;

  sdk_client_call (client, 1, "flood", "{\"task\":4}");
  for (;;)
    {
      g_autofree char     *line = sdk_client_read (client);
      g_autoptr (JsonNode) message = json_from_string (line, NULL);
      JsonObject          *progress = parse_progress (message);

      if (!progress)
        {
          g_assert_cmpstr (line, ==, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");
          break;
        }
      n_messages++;
      g_assert_cmpint (json_object_get_int_member (progress, "task"), ==, 4);
      if (json_object_has_member (progress, "fraction") && !json_object_get_null_member (progress, "fraction"))
        fraction = json_object_get_double_member (progress, "fraction");
      if (json_object_has_member (progress, "values"))
        value = json_object_get_double_member (json_object_get_object_member (progress, "values"), "i");
    }

  g_assert_cmpfloat (fraction, ==, 1);
  g_assert_cmpfloat (value, ==, 100000);
  g_assert_cmpint (n_messages, <=, 2 + (g_get_monotonic_time () - before) / 100000);
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

/* What was held back comes when its time is over, although the step says nothing more. */
static void
test_progress_held_back (void)
{
  SdkClient *client = start ();
  gboolean   there = FALSE;

  sdk_client_call (client, 1, "flood", "{\"task\":4,\"params\":{\"wait\":true}}");
  while (!there)
    {
      g_autofree char *line = sdk_client_read (client);

      there = strstr (line, "\"fraction\":1,\"message\":\"there\"") != NULL;
    }
  sdk_client_send (client, CANCEL (4));
  sdk_client_expect_result (client, 1, "null");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_log (void)
{
  SdkClient *client = start ();

  sdk_client_call (client, 1, "speak", NULL);
  sdk_client_expect (client, "{\"jsonrpc\":\"2.0\",\"method\":\"log\",\"params\":"
                             "{\"level\":\"warning\",\"text\":\"3 origins have no \\\"demand\\\"\"}}");
  sdk_client_expect_result (client, 1, "null");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_terminate (void)
{
  SdkClient *client = start ();

  sdk_client_call (client, 1, "terminate", NULL);
  sdk_client_expect_result (client, 1, "{}");
  g_assert_cmpint (sdk_client_wait (client), ==, 0);
}

static void
test_terminate_busy (void)
{
  SdkClient *client = start ();
  gboolean   answered = FALSE;
  gboolean   failed = FALSE;

  sdk_client_call (client, 1, "wait", "{\"task\":1}");
  g_free (sdk_client_read (client));
  sdk_client_call (client, 2, "nothing", "{\"task\":2}");
  sdk_client_call (client, 3, "terminate", NULL);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *line = sdk_client_read (client);

      answered |= g_strcmp0 (line, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}") == 0;
      failed |= strstr (line, "wait was cancelled") != NULL;
    }
  g_assert_true (answered);
  g_assert_true (failed);
  g_assert_cmpint (sdk_client_wait (client), ==, 0);
}

static void
test_terminate_deaf (void)
{
  SdkClient *client = start ();

  sdk_client_call (client, 1, "deaf", "{\"task\":1}");
  sdk_client_call (client, 2, "status", NULL);
  sdk_client_expect_result (client, 2, "{\"state\":\"busy\",\"fraction\":null,\"message\":null}");
  sdk_client_call (client, 3, "terminate", NULL);
  sdk_client_expect_result (client, 3, "{}");
  sdk_client_expect_output (client, "not written out yet");
  g_assert_cmpint (sdk_client_wait (client), ==, 0);
}

static void
test_end_of_stream (void)
{
  SdkClient *client = start ();

  sdk_client_call (client, 1, "wait", "{\"task\":1}");
  g_free (sdk_client_read (client));
  g_assert_cmpint (sdk_client_finish (client), ==, 0);

  client = start ();
  sdk_client_call (client, 1, "deaf", "{\"task\":1}");
  sdk_client_call (client, 2, "status", NULL);
  g_free (sdk_client_read (client));
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_wrong_calls (void)
{
  SdkClient *client = start ();

  sdk_client_call (client, 1, "combine", "{}");
  sdk_client_expect_error (client, "1", -32601, "no method “combine”; its steps are describe, merged");
  sdk_client_call (client, 2, "nothing", "[1]");
  sdk_client_expect_error (client, "2", -32602, "are an array, but an object was expected");
  sdk_client_call (client, 3, "nothing", "{\"part\":2,\"parts\":2}");
  sdk_client_expect_error (client, "3", -32602, "“part” of the call is 2, but an integer from 0 to 1");
  sdk_client_call (client, 4, "nothing", "{\"task\":\"x\"}");
  sdk_client_expect_error (client, "4", -32602, "“task” of the call is \\\"x\\\"");
  sdk_client_call (client, 5, "nothing", "{\"params\":7}");
  sdk_client_expect_error (client, "5", -32602, "“params” of the call is a number");
  sdk_client_call (client, 6, "nothing", NULL);
  sdk_client_expect_result (client, 6, "null");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_garbage (void)
{
  SdkClient *client = start ();

  sdk_client_send (client, "what is this?");
  sdk_client_expect_error (client, "null", -32700, "the line is not JSON");
  sdk_client_send (client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"text\",\"params\":{\"input\":1e400}}");
  sdk_client_expect_error (client, "null", -32700, "the line is not JSON");
  sdk_client_send (client, "[]");
  sdk_client_expect_error (client, "null", -32600, "a message is an object");
  sdk_client_send (client, "{\"jsonrpc\":\"2.0\",\"id\":2}");
  sdk_client_expect_error (client, "2", -32600, "needs \\\"method\\\"");
  sdk_client_send (client, "{\"id\":3,\"method\":\"text\"}");
  sdk_client_expect_error (client, "3", -32600, "needs \\\"jsonrpc\\\"");
  sdk_client_send (client, "{\"jsonrpc\":\"2.0\",\"id\":[4],\"method\":\"text\"}");
  sdk_client_expect_error (client, "null", -32600, "the id of a call");
  /* None of these asks for an answer. */
  sdk_client_send (client, "");
  sdk_client_send (client, "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":1}");
  sdk_client_send (client, "{\"jsonrpc\":\"2.0\",\"method\":\"nothing\"}");
  sdk_client_send (client, "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\"}");
  sdk_client_send (client, "{\"jsonrpc\":\"2.0\",\"id\":\"six\",\"method\":\"nothing\"}\r");
  sdk_client_expect (client, "{\"jsonrpc\":\"2.0\",\"id\":\"six\",\"result\":null}");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdk/handshake", test_handshake);
  g_test_add_func ("/sdk/initialize-first", test_initialize_first);
  g_test_add_func ("/sdk/without-initialize", test_without_initialize);
  g_test_add_func ("/sdk/order", test_order);
  g_test_add_func ("/sdk/status", test_status);
  g_test_add_func ("/sdk/queue", test_queue);
  g_test_add_func ("/sdk/cancel-of-next-attempt", test_cancel_of_next_attempt);
  g_test_add_func ("/sdk/progress", test_progress);
  g_test_add_func ("/sdk/progress-held-back", test_progress_held_back);
  g_test_add_func ("/sdk/log", test_log);
  g_test_add_func ("/sdk/terminate", test_terminate);
  g_test_add_func ("/sdk/terminate-busy", test_terminate_busy);
  g_test_add_func ("/sdk/terminate-deaf", test_terminate_deaf);
  g_test_add_func ("/sdk/end-of-stream", test_end_of_stream);
  g_test_add_func ("/sdk/wrong-calls", test_wrong_calls);
  g_test_add_func ("/sdk/garbage", test_garbage);

  return g_test_run ();
}
