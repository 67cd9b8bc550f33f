/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-decimal.h"
#include "lockstep-pattern.h"
#include "lockstep-plan.h"

/* What is read, as JSON; NULL where the pattern does not match, "-" where it reads no number. */
static const struct
{
  const char *pattern;
  const char *line;
  const char *read;
} cases[] = {
  { "TIME = {number}", "TIME = 12.5", "12.5" },
  { "TIME = {number}", " step 3 TIME   =  12.50 s", "12.50" },
  { "TIME = {number}", "TIME =-1e-10", "-1e-10" },
  { "TIME = {number}", "time = 12.5", NULL },
  { "TIME = {number}", "TIMES = 12.5", NULL },
  { "gap={number}", "gap=   0.1", "0.1" },
  { "gap={number}", "gap=.5", "0.5" },
  { "gap={number}", "gap=+007.", "7" },
  { "gap={number}", "gap=1.5D-03", "1.5e-03" },
  { "gap={number}", "gap= 0.123456-101", "0.123456e-101" },
  { "gap={number}", "gap=2020-101", "2020" },
  { "gap={number}", "gap=NaN", "-" },
  { "gap={number}", "gap=-Infinity", "-" },
  { "gap={number}", "gap=******", "-" },
  { "gap={number}", "gap=nancy", NULL },
  { "gap={number}", "gap=1e999", "-" },
  { "R {number}", "R 1,234.5", NULL },
  { "R {number}", "R 3,5", NULL },
  { "R {number}", "R 12:30", NULL },
  { "R {number}", "R 0x1F", NULL },
  { "R {number}", "R 1.2.3", NULL },
  { "R {number}", "R 1_000", NULL },
  { "R {number}", "R 0.5,3", "0.5" },
  { "R {number}", "R 12s", "12" },
  { "R {number}", "R 50%", "50" },
  { "R {number}", "R 3.2ms", "3.2" },
  { "R {number}", "R 12: x", "12" },
  { "R {number}", "R 12, x", "12" },
  { "R {number}", "R 12.", "12" },
  { "R {number}", "R 1e3,", "1e3" },
  { "R {number}", "R 12/30", "12" },
  { "R {number},", "R 3,5", "3" },
  { "R {number}:30", "R 12:30", "12" },
  { "R {integer}", "R 1,234", NULL },
  { "R {integer}", "R 12:30", NULL },
  { "{number} veh", "1,234 veh", NULL },
  { "{number} veh", "12:30 veh", NULL },
  { "{number} veh", "1.2.3 veh", NULL },
  { "{number} veh", "0x10 veh", NULL },
  { "{number}%", "10%..20%", "10" },
  { "{number}%", "(-.5%", "-0.5" },
  { "{integer} veh", "n12 veh", "12" },
  { "{number} veh in total", "so 12 veh in total", "12" },
  { "Iteration {integer}", "Iteration  42:", "42" },
  { "Iteration {integer}", "Iteration 42.", "42" },
  { "Iteration {integer}", "Iteration 42.5", NULL },
  { "status {word}", "status  converged, at last", "\"converged,\"" },
  { "status {word}", "status -Inf", "-" },
  { "status {word}", "status nano", "\"nano\"" },
  { "status {word}", "status *", "\"*\"" },
  { "/gap ([^ ]+)/", "gap +NaN", "-" },
  { "/gap ([^ ]+)/", "gap *****", "-" },
  { "/gap ([^ ]+)/", "gap 1e999", "-" },
  { "status {word}", "status 42", "\"42\"" },
  { "x {{a} = {number}", "x {a} = 3", "3" },
  { "a+b (c) = {number}", "a+b (c) = 3", "3" },
  { "Größe {number}", "Größe 3", "3" },
  { "FATAL", "it is FATAL: x", "\"FATAL\"" },
  { "NO CONVERGENCE", "** NO   CONVERGENCE **", "\"NO   CONVERGENCE\"" },
  { "/^iter +[0-9]+ +gap +([^ ]+)/", "iter 5  gap 1d-3 x", "1e-3" },
  { "/case (\\w+)/", "case alpha", "\"alpha\"" },
  { "/a(b)?c/", "ac", NULL },
  { "/^x$/", "x", "\"x\"" },
};

static void
test_match (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)          error = NULL;
      g_autoptr (LockstepPattern) pattern = lockstep_pattern_new (cases[i].pattern, &error);
      g_autoptr (GString)         json = g_string_new (NULL);
      const char                 *found = NULL;
      gsize                       length = 0;
      gboolean                    matches;

      g_test_message ("“%s” in “%s”", cases[i].pattern, cases[i].line);
      g_assert_no_error (error);
      matches = lockstep_pattern_match (pattern, cases[i].line, strlen (cases[i].line), &found, &length);
      g_assert_cmpint (matches, ==, cases[i].read != NULL);
      if (!matches)
        continue;

      g_assert_true (found >= cases[i].line && found + length <= cases[i].line + strlen (cases[i].line));
      if (!lockstep_pattern_append_value (pattern, found, length, json))
        g_string_assign (json, "-");
      g_assert_cmpstr (json->str, ==, cases[i].read);
      /* What a line is looked up by stands in it. */
      if (lockstep_pattern_get_literal (pattern) != NULL)
        g_assert_nonnull (strstr (cases[i].line, lockstep_pattern_get_literal (pattern)));
    }
}

static void
test_bytes (void)
{
  g_autoptr (LockstepPattern) pattern = lockstep_pattern_new ("/x (\\S+)/", NULL);
  g_autoptr (GString)         json = g_string_new (NULL);
  const char                  line[] = "\xff\0 x \xe9t\xe9";
  const char                 *found;
  gsize                       length;

  g_assert_true (lockstep_pattern_match (pattern, line, sizeof line - 1, &found, &length));
  g_assert_true (lockstep_pattern_append_value (pattern, found, length, json));
  g_assert_cmpstr (json->str, ==, "\"\xef\xbf\xbdt\xef\xbf\xbd\"");
}

static void
assert_refused (const char *text,
                const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lockstep_pattern_new (text, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_refused (void)
{
  assert_refused ("", "expected text");
  assert_refused ("  ", "expected text");
  assert_refused ("a\nb", "one line");
  assert_refused ("{number}", "some text");
  assert_refused ("gap {nubmer}", "found “{nubmer}”");
  assert_refused ("gap {number", "found “{number”");
  assert_refused ("a {number} b {number}", "two placeholders");
  assert_refused ("/gap ([0-9]+/", "char");
  assert_refused ("/(a) (b)/", "one group, found 2");
}

static void
test_decimal (void)
{
  static const char *const no_numbers[] = { "", " ", "-", ".", "1e", "1e+", "e5", "0x10", "1 2", "1,5", "12abc", "1.5-10", "1e400" };
  double                   value;

  for (guint i = 0; i < G_N_ELEMENTS (no_numbers); i++)
    g_assert_false (lockstep_decimal_read (no_numbers[i], strlen (no_numbers[i]), NULL, NULL));

  g_assert_true (lockstep_decimal_read (" 1.5Q+2 ", 8, NULL, &value));
  g_assert_cmpfloat (value, ==, 150.0);
  g_assert_true (lockstep_decimal_read ("-000", 4, NULL, &value));
  g_assert_cmpfloat (value, ==, 0.0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pattern/match", test_match);
  g_test_add_func ("/pattern/bytes", test_bytes);
  g_test_add_func ("/pattern/refused", test_refused);
  g_test_add_func ("/pattern/decimal", test_decimal);

  return g_test_run ();
}
