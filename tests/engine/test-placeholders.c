/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-placeholders.h"
#include "lockstep-plan.h"

#include <locale.h>

#define TASK "{\"alpha\":0.1,\"tiny\":1e-10,\"n\":3.0,\"text\":\"; rm -rf x\",\"on\":true,\"list\":[1, 2],\"mean delay\":5," \
             "\"neg\":-2,\"brace\":\"{alpha}\"}"
#define PLAN "{\"alpha\":9,\"t_end\":7200,\"zero\":\"a\\u0000b\",\"attempt\":7}"

static LockstepPlaceholders
make_placeholders (void)
{
  return (LockstepPlaceholders){
    .folder = "/plan dir",
    .run = "/runs/1",
    .task = 137,
    .attempt = 2,
    .solver = 3,
    .threads = 4,
    .params = { { TASK, strlen (TASK) }, { NULL, 0 }, { PLAN, strlen (PLAN) } },
  };
}

static const struct
{
  const char *text;
  const char *filled;
} cases[] = {
  { "", "" },
  { "plain", "plain" },
  { "{alpha}", "0.1" },
  { "--a={alpha},{tiny}", "--a=0.1,1e-10" },
  { "{t_end}", "7200" },
  { "{text}", "; rm -rf x" },
  { "{brace}", "{alpha}" },
  { "{on} {list} {mean delay}", "true [1, 2] 5" },
  { "{alpha:%10.4f}|", "    0.1000|" },
  { "{alpha:%-8s}|{mean delay:%03d}", "0.1     |005" },
  { "{n:%d} {neg:%+d} {n:%x} {tiny:%.2E} {alpha:%g}", "3 -2 3 1.00E-10 0.1" },
  { "{plan}/model.py {run} {task} {solver} {threads} {task:%06d}", "/plan dir/model.py /runs/1 137 3 4 000137" },
  { "{{alpha}", "{alpha}" },
  { "{{{alpha}}", "{0.1}" },
  { "{\"a\": {alpha}}", "{\"a\": 0.1}" },
  { "if (x) { y(); } {} { alpha } {1,2} {", "if (x) { y(); } {} { alpha } {1,2} {" },
  { "{a: 1}", "{a: 1}" },
};

static void
test_fill (void)
{
  const LockstepPlaceholders placeholders = make_placeholders ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)  error = NULL;
      g_autoptr (GString) out = g_string_new (NULL);

      g_assert_true (lockstep_placeholders_fill (&placeholders, cases[i].text, strlen (cases[i].text), out, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (out->str, ==, cases[i].filled);
    }
}

static void
assert_refused (const char *text,
                const char *part)
{
  const LockstepPlaceholders placeholders = make_placeholders ();
  g_autoptr (GError)         error = NULL;
  g_autoptr (GString)        out = g_string_new (NULL);
  gsize                      offset = 0;

  g_assert_false (lockstep_placeholders_fill (&placeholders, text, strlen (text), out, &offset, &error));
  g_assert_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_cmpint (text[offset], ==, '{');
}

static void
test_refused (void)
{
  assert_refused ("x {alhpa}", "did you mean {alpha}?");
  assert_refused ("{unheard_of}", "known here are alpha, tiny");
  assert_refused ("{alpha:10.4f}", "printf format with one conversion");
  assert_refused ("{alpha:%f%f}", "printf format with one conversion");
  assert_refused ("{alpha:%n}", "printf format with one conversion");
  assert_refused ("{alpha:%*d}", "printf format with one conversion");
  assert_refused ("{alpha:%ld}", "printf format with one conversion");
  assert_refused ("{alpha:%9999f}", "printf format with one conversion");
  assert_refused ("{alpha:%d}", "expects a whole number, found the number 0.1");
  assert_refused ("{neg:%u}", "a whole number from 0");
  assert_refused ("{text:%f}", "expects a number, found the string");
  assert_refused ("{plan:%f}", "expects a number");
  assert_refused ("{zero}", "\\u0000");
  assert_refused ("{attempt}", "same name");
}

int
main (int    argc,
      char **argv)
{
  /* Numbers are the same where a comma is the decimal point. */
  setlocale (LC_ALL, "de_DE.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/placeholders/fill", test_fill);
  g_test_add_func ("/placeholders/refused", test_refused);

  return g_test_run ();
}
