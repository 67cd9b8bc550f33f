/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is read fast must be read as everything else is. */

#include <string.h>

#include "lockstep-message.h"
#include "lockstep-peer.h"

static gboolean
read_line (const char      *line,
           LockstepMessage *message,
           GBytes         **bytes,
           int             *code)
{
  *bytes = g_bytes_new (line, strlen (line));

  return lockstep_message_read (message, *bytes, code, NULL);
}

static void
assert_text (LockstepJson value,
             const char  *text)
{
  g_autofree char *found = lockstep_json_dup_text (value);

  g_assert_cmpstr (found, ==, text);
}

static void
test_results (void)
{
  static const struct
  {
    const char *line;
    const char *id;
    const char *result;
  } cases[] = {
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":[1,2]}}", "1", "{\"a\":[1,2]}" },
    { "{\"jsonrpc\":\"2.0\",\"id\":120,\"result\": null }", "120", "null" },
    { "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"}\"}", "7", "\"}\"" },
    { "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":1}", "0", "1" },
    { "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1} ", "7", "1" },
    { "{\"jsonrpc\": \"2.0\", \"id\": 7, \"result\": [1, 2]}", "7", "[1, 2]" },
    { "{\"result\":1,\"id\":7,\"jsonrpc\":\"2.0\"}", "7", "1" },
    { "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1,\"more\":{}}", "7", "1" },
    { "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1,\"result\":2}", "7", "2" },
    { "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1,\"id\":8}", "8", "1" },
    { "{\"jsonrpc\":\"2.0\",\"id\":7,\"r\\u0065sult\":1}", "7", "1" },
    { "{\"jsonrpc\":\"2.0\",\"\\u0069d\":7,\"result\":1}", "7", "1" },
    { "{\"jsonrpc\":\"2.\\u0030\",\"id\":7,\"result\":1,\"resul\":2,\"i\":3}", "7", "1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = NULL;
      LockstepMessage    message;
      int                code;

      g_test_message ("%s", cases[i].line);
      g_assert_true (read_line (cases[i].line, &message, &bytes, &code));
      g_assert_cmpint (message.kind, ==, LOCKSTEP_MESSAGE_RESULT);
      assert_text (message.id, cases[i].id);
      assert_text (message.result, cases[i].result);
      g_assert_cmpint (lockstep_json_get_kind (message.error), ==, LOCKSTEP_JSON_ABSENT);
      g_assert_cmpint (lockstep_json_get_kind (message.method), ==, LOCKSTEP_JSON_ABSENT);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *line;
    int         code;
  } cases[] = {
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":}", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}}", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"id\":01,\"result\":1}", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"id\":,\"result\":1}", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\x01\"}", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"id\":", LOCKSTEP_RPC_PARSE_ERROR },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{\"code\":1,\"message\":\"\"}}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"method\":\"step\"}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"jsonrpc\":\"1.0\"}", LOCKSTEP_RPC_INVALID_REQUEST },
    { "{\"id\":1,\"result\":1}", LOCKSTEP_RPC_INVALID_REQUEST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = NULL;
      LockstepMessage    message;
      int                code = 0;

      g_test_message ("%s", cases[i].line);
      g_assert_false (read_line (cases[i].line, &message, &bytes, &code));
      g_assert_cmpint (code, ==, cases[i].code);
    }
}

/* The envelope counts, whichever way it is read. */
static void
test_depth (void)
{
  for (guint depth = LOCKSTEP_JSON_MAX_DEPTH - 2; depth <= LOCKSTEP_JSON_MAX_DEPTH; depth++)
    for (guint spaced = 0; spaced < 2; spaced++)
      {
        g_autofree char   *opening = g_strnfill (depth, '[');
        g_autofree char   *closing = g_strnfill (depth, ']');
        g_autofree char   *line = g_strdup_printf ("{\"jsonrpc\":%s\"2.0\",\"id\":1,\"result\":%s%s}",
                                                 spaced ? " " : "", opening, closing);
        g_autoptr (GBytes) bytes = NULL;
        LockstepMessage    message;
        int                code;

        g_assert_cmpint (read_line (line, &message, &bytes, &code), ==, depth < LOCKSTEP_JSON_MAX_DEPTH);
      }
}

static void
test_written (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  lockstep_message_append_call (out, 42, "step \"two\"", TRUE);
  g_assert_cmpstr (out->str, ==, "{\"jsonrpc\":\"2.0\",\"id\":42,\"method\":\"step \\\"two\\\"\",\"params\":");

  g_string_truncate (out, 0);
  lockstep_message_append_call (out, 0, "log", FALSE);
  g_assert_cmpstr (out->str, ==, "{\"jsonrpc\":\"2.0\",\"method\":\"log\"");

  g_string_truncate (out, 0);
  lockstep_message_append_result (out, "\"a\"");
  g_assert_cmpstr (out->str, ==, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":");

  g_string_truncate (out, 0);
  lockstep_message_append_error (out, NULL, -32700, "No");
  g_assert_cmpstr (out->str, ==,
                   "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"No\"}");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message/results", test_results);
  g_test_add_func ("/message/refused", test_refused);
  g_test_add_func ("/message/depth", test_depth);
  g_test_add_func ("/message/written", test_written);

  return g_test_run ();
}
