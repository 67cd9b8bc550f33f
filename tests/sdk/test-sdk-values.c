/* SPDX-License-Identifier: GPL-3.0-or-later */

/* That values pass through an SDK solver unchanged, and those that cannot are refused by name. */

#include <math.h>
#include <string.h>

#include "sdk-client.h"

static SdkClient *
start (const char *params)
{
  const char *arguments[] = { sdk_test_solver (), NULL };
  SdkClient  *client = sdk_client_start (arguments);

  sdk_client_initialize (client, params);

  return client;
}

static void
test_text (void)
{
  const char *params = "{\"input\":[1e-10,0.1,5e-324,1e22,9223372036854775807,9223372036854775808,-0,1.0,"
                       "\"a\\u0000b\\/\\u00e9\\ud83d\\ude00\"],\"params\":{ \"x\" : 1E5 }}";
  SdkClient  *client = start ("{}");

  sdk_client_call (client, 1, "text", params);
  sdk_client_expect_result (client, 1, params);
  /* Members after the params are none of them. */
  sdk_client_send (client, "{\"method\":\"text\",\"params\":{\"a\":[{}]} ,\"id\":2,\"jsonrpc\":\"2.0\"}");
  sdk_client_expect_result (client, 2, "{\"a\":[{}]}");
  sdk_client_call (client, 3, "text", NULL);
  sdk_client_expect_result (client, 3, "{}");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_nodes (void)
{
  SdkClient *client = start ("{}");

  sdk_client_call (client, 1, "merged",
                   "{\"input\":[1e-10,0.1,5e-324,1e22,9223372036854775807,-9223372036854775808,9223372036854775808,1.0,"
                   "-0.0,true,null,\"\\u00e9\\\"\\n\",{\"a\":{},\"b\":[]}]}");
  sdk_client_expect_result (client, 1,
                            "{\"params\":{},\"input\":[1e-10,0.1,5e-324,1e22,9223372036854775807,-9223372036854775808,"
                            "9.223372036854776e18,1,-0,true,null,\"\xc3\xa9\\\"\\n\",{\"a\":{},\"b\":[]}]}");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_params (void)
{
  SdkClient *client = start ("{\"int\":9223372036854775807,\"double\":5e-324,\"string\":\"plan\"}");

  sdk_client_call (client, 1, "merged", "{\"params\":{\"string\":\"task\",\"boolean\":false}}");
  sdk_client_expect_result (client, 1,
                            "{\"params\":{\"int\":9223372036854775807,\"double\":5e-324,\"string\":\"task\","
                            "\"boolean\":false},\"input\":null}");
  sdk_client_call (client, 2, "describe",
                   "{\"part\":1,\"parts\":3,\"task\":5,\"attempt\":2,\"iteration\":4,\"input\":0,\"previous\":{},"
                   "\"failures\":[],\"params\":{\"string\":\"t\\u00e9\",\"boolean\":false}}");
  sdk_client_expect_result (client, 2,
                            "{\"part\":1,\"parts\":3,\"solver\":2,\"task\":5,\"attempt\":2,\"iteration\":4,"
                            "\"double\":5e-324,\"int\":9223372036854775807,\"boolean\":false,\"string\":\"t\xc3\xa9\","
                            "\"input\":true,\"previous\":true,\"failures\":true,\"main\":true}");
  sdk_client_call (client, 3, "describe", "{\"input\":null,\"params\":{\"int\":2e3}}");
  sdk_client_expect_result (client, 3,
                            "{\"part\":0,\"parts\":1,\"solver\":2,\"task\":0,\"attempt\":1,\"iteration\":1,"
                            "\"double\":5e-324,\"int\":2000,\"boolean\":true,\"string\":\"plan\",\"input\":false,"
                            "\"previous\":false,\"failures\":false,\"main\":true}");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_wrong_params (void)
{
  SdkClient *client = start ("{}");

  sdk_client_call (client, 1, "describe", "{\"params\":{\"double\":\"x\"}}");
  sdk_client_expect_error (client, "1", -32000, "“double” is a string, but a number was expected");
  sdk_client_call (client, 2, "describe", "{\"params\":{\"int\":0.5}}");
  sdk_client_expect_error (client, "2", -32000, "“int” is a number, but an integer was expected");
  sdk_client_call (client, 3, "describe", "{\"params\":{\"int\":9223372036854775808}}");
  sdk_client_expect_error (client, "3", -32000, "“int” is a number, but an integer was expected");
  sdk_client_call (client, 4, "describe", "{\"params\":{\"boolean\":1}}");
  sdk_client_expect_error (client, "4", -32000, "“boolean” is a number, but true or false was expected");
  sdk_client_call (client, 5, "describe", "{\"params\":{\"string\":null}}");
  sdk_client_expect_error (client, "5", -32000, "“string” is null, but a string was expected");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

#define LEFT_OUT(name, value)                                                                             \
  "{\"jsonrpc\":\"2.0\",\"method\":\"log\",\"params\":{\"level\":\"warning\",\"text\":\"the value “" name \
  "” is " value ", which cannot be sent: only finite numbers can; it was left out of the progress\"}}"

/* In a result it is an error; what is only to be looked at is left out. */
static void
test_not_finite (void)
{
  SdkClient *client = start ("{}");

  sdk_client_call (client, 1, "not-finite", NULL);
  sdk_client_expect_error (client, "1", -32000, "the value “gap” is NaN");
  sdk_client_call (client, 2, "not-finite", "{\"params\":{\"how\":\"vector\"}}");
  sdk_client_expect_error (client, "2", -32000, "the value “flows[2]” is -infinity");
  sdk_client_call (client, 3, "not-finite", "{\"params\":{\"how\":\"report\"}}");
  sdk_client_expect (client, LEFT_OUT ("residual", "infinity"));
  sdk_client_expect_result (client, 3, "null");
  sdk_client_call (client, 4, "not-finite", "{\"params\":{\"how\":\"progress\"}}");
  sdk_client_expect (client, LEFT_OUT ("progress", "NaN"));
  sdk_client_expect (client, "{\"jsonrpc\":\"2.0\",\"method\":\"progress\",\"params\":{\"fraction\":null,"
                             "\"message\":\"lost\"}}");
  sdk_client_expect_result (client, 4, "null");
  sdk_client_call (client, 5, "not-finite", "{\"params\":{\"how\":\"node\"}}");
  sdk_client_expect_error (client, "5", -32000, "the value “network.links[1].flow” is NaN");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

/* {"f64": …} of the numbers 0/8, 1/8, 2/8 … */
static char *
encode (gsize n_values)
{
  g_autofree double *values = g_new (double, n_values);
  g_autofree char   *digits = NULL;

  g_assert_cmpint (G_BYTE_ORDER, ==, G_LITTLE_ENDIAN);
  for (gsize i = 0; i < n_values; i++)
    values[i] = i / 8.0;
  digits = g_base64_encode ((guchar *) values, n_values * sizeof *values);

  return g_strdup_printf ("{\"f64\":\"%s\"}", digits);
}

static char *
write_plain (gsize n_values)
{
  GString *text = g_string_new ("[");

  for (gsize i = 0; i < n_values; i++)
    g_string_append_printf (text, "%s%g", i > 0 ? "," : "", i / 8.0);
  g_string_append_c (text, ']');

  return g_string_free (text, FALSE);
}

static void
check_vector (SdkClient  *client,
              gsize       n_values,
              const char *sent,
              const char *expected)
{
  g_autofree char *params = g_strdup_printf ("{\"input\":%s}", sent);
  g_autofree char *result = g_strdup_printf ("{\"n\":%" G_GSIZE_FORMAT ",\"values\":%s}", n_values, expected);

  sdk_client_call (client, 1, "vector", params);
  sdk_client_expect_result (client, 1, result);
}

static void
test_vectors (void)
{
  static const gsize sizes[] = { 0, 3, 1000, 1001, 100000 };
  SdkClient         *client = start ("{}");

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *encoded = encode (sizes[i]);
      g_autofree char *plain = write_plain (sizes[i]);
      const char      *expected = sizes[i] > 1000 ? encoded : plain;

      check_vector (client, sizes[i], encoded, expected);
      if (sizes[i] <= 1001)
        check_vector (client, sizes[i], plain, expected);
    }
  sdk_client_call (client, 2, "vector", "{\"input\":[1,\"2\"]}");
  sdk_client_expect_error (client, "2", -32000, "the input is not a vector");
  sdk_client_call (client, 3, "vector", "{\"input\":{\"f64\":\"AAAA\"}}");
  sdk_client_expect_error (client, "3", -32000, "the input is not a vector");
  sdk_client_call (client, 4, "vector", "{}");
  sdk_client_expect_error (client, "4", -32000, "the input is not a vector");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_given_text (void)
{
  SdkClient       *client = start ("{}");
  g_autofree char *deep = g_strnfill (121, '[');
  g_autofree char *deep_end = g_strnfill (121, ']');
  g_autofree char *deep_params = g_strdup_printf ("{\"params\":{\"text\":\"%s%s\"}}", deep, deep_end);

  sdk_client_call (client, 1, "given-text", "{\"params\":{\"text\":\"{\\n  \\\"a\\\": [1,\\r\\n 2]\\n}\"}}");
  sdk_client_expect_result (client, 1, "{   \"a\": [1,   2] }");
  sdk_client_call (client, 2, "given-text", "{\"params\":{\"text\":\"{'a': NaN}\"}}");
  sdk_client_expect_error (client, "2", -32000, "the result is not JSON");
  sdk_client_call (client, 3, "given-text", deep_params);
  sdk_client_expect_error (client, "3", -32000, "nested deeper than 120 levels");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

/* Long lines and short ones behind each other, with nothing to tell where one read ends. */
static void
test_long_lines (void)
{
  enum
  {
    N = 20
  };
  SdkClient          *client = start ("{}");
  g_autofree char    *filling = g_strnfill (700001, 'z');
  g_autoptr (GString) lines = g_string_new (NULL);

  for (int i = 1; i <= N; i++)
    g_string_append_printf (lines,
                            "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"nothing\",\"params\":{\"input\":\"%s\"}}\n"
                            "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"text\",\"params\":{\"task\":1}}\n",
                            2 * i, filling, 2 * i + 1);
  sdk_client_write (client, lines->str, lines->len);
  for (int i = 1; i <= N; i++)
    {
      sdk_client_expect_result (client, 2 * i, "null");
      sdk_client_expect_result (client, 2 * i + 1, "{\"task\":1}");
    }
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

static void
test_large (void)
{
  SdkClient       *client = start ("{}");
  gsize            size = 8 * 1024 * 1024;
  g_autofree char *filling = g_strnfill (size, 'y');
  g_autofree char *params = g_strdup_printf ("{\"input\":\"%s\"}", filling);
  g_autofree char *line = NULL;

  sdk_client_call (client, 1, "text", params);
  sdk_client_expect_result (client, 1, params);
  sdk_client_call (client, 2, "large", "{\"params\":{\"size\":67000000}}");
  line = sdk_client_read (client);
  g_assert_cmpuint (strlen (line), >, 67000000);
  sdk_client_call (client, 3, "large", "{\"params\":{\"size\":67200000}}");
  sdk_client_expect_error (client, "3", -32000, "the result is too large");
  sdk_client_call (client, 4, "nothing", NULL);
  sdk_client_expect_result (client, 4, "null");
  g_assert_cmpint (sdk_client_finish (client), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdk-values/text", test_text);
  g_test_add_func ("/sdk-values/nodes", test_nodes);
  g_test_add_func ("/sdk-values/params", test_params);
  g_test_add_func ("/sdk-values/wrong-params", test_wrong_params);
  g_test_add_func ("/sdk-values/not-finite", test_not_finite);
  g_test_add_func ("/sdk-values/vectors", test_vectors);
  g_test_add_func ("/sdk-values/given-text", test_given_text);
  g_test_add_func ("/sdk-values/long-lines", test_long_lines);
  g_test_add_func ("/sdk-values/large", test_large);

  return g_test_run ();
}
