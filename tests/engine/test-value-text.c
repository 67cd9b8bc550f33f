/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-value-text.h"

#include <string.h>

static char *
dup_text (const char *json,
          gboolean   *cut)
{
  g_autoptr (GError) error = NULL;
  LockstepJson       value;

  lockstep_json_scan (json, strlen (json), &value, &error);
  g_assert_no_error (error);

  return lockstep_value_dup_text (value, cut);
}

/* JSON, and what a person reads. */
static const char *const rows[][2] = {
  { "{\"design\":1,\"seed\":1}", "design 1 · seed 1" },
  { " { \"sum\" : 30344.42326860417 , \"gap\" : 1e-10 } ", "sum 30344.42326860417 · gap 1e-10" },
  { "{\"n\":0.10,\"big\":9223372036854775808,\"ok\":true,\"none\":null}", "n 0.10 · big 9223372036854775808 · ok true · none null" },
  { "{\"city\":\"Dresden \\u00df\",\"empty\":\"\",\"two\":\"a\\nb\\u0000c\"}", "city Dresden ß · empty \"\" · two a b c" },
  { "{\"list\": [1, 2.50 , \"a b\"], \"at\": {\"x\": 1, \"say \\\" \": []}}", "list [1,2.50,\"a b\"] · at {\"x\":1,\"say \\\" \":[]}" },
  { "{}", "" },
  { "[1, 2,\n 3]", "[1,2,3]" },
  { "0.30", "0.30" },
  { "\"done\"", "done" },
  { "null", "null" },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean         cut;
      g_autofree char *text = dup_text (rows[i][0], &cut);

      g_assert_cmpstr (text, ==, rows[i][1]);
      g_assert_false (cut);
    }
}

/* Cut between characters, with what comes behind it. */
static void
test_long (gconstpointer data)
{
  const char *const  *row = data;
  g_autoptr (GString) json = g_string_new ("{\"a\":");
  g_autofree char    *text = NULL;
  gboolean            cut;

  g_string_append (json, row[0]);
  for (guint i = 0; i < 5000; i++)
    g_string_append (json, row[1]);
  g_string_append_printf (json, "%s,\"b\":7}", row[2]);

  text = dup_text (json->str, &cut);
  g_assert_true (cut);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (strlen (text), <, 200);
  g_assert_true (g_str_has_prefix (text, "a "));
  g_assert_true (g_str_has_suffix (text, "… · b 7"));
}

static void
test_many (void)
{
  g_autoptr (GString) json = g_string_new ("{\"a0\":0");
  g_autofree char    *text = NULL;
  gboolean            cut;

  for (guint i = 1; i < 5000; i++)
    g_string_append_printf (json, ",\"a%u\":%u", i, i);
  g_string_append_c (json, '}');

  text = dup_text (json->str, &cut);
  g_assert_true (cut);
  g_assert_cmpuint (strlen (text), <, 1200);
  g_assert_true (g_str_has_prefix (text, "a0 0 · a1 1 · "));
  g_assert_true (g_str_has_suffix (text, " · …"));
}

int
main (int    argc,
      char **argv)
{
  static const char *const string[] = { "\"", "ßx", "\"" };
  static const char *const list[] = { "[0", ", \"語\"", "]" };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/value-text/rows", test_rows);
  g_test_add_data_func ("/value-text/long-string", string, test_long);
  g_test_add_data_func ("/value-text/long-list", list, test_long);
  g_test_add_func ("/value-text/many", test_many);

  return g_test_run ();
}
