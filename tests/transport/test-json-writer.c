/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Doubles in their shortest form, and strings that are always JSON. */

#include <locale.h>
#include <math.h>
#include <string.h>

#include "lockstep-json-writer.h"

static double
double_from_bits (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);

  return value;
}

static void
assert_round_trip (double value)
{
  char               text[LOCKSTEP_JSON_DOUBLE_SIZE];
  LockstepJson       json;
  double             back;
  g_autoptr (GError) error = NULL;

  g_assert_true (lockstep_json_format_double (text, value) == text);
  g_assert_cmpuint (strlen (text), <, LOCKSTEP_JSON_DOUBLE_SIZE);

  lockstep_json_scan (text, strlen (text), &json, &error);
  g_assert_no_error (error);
  g_assert_true (lockstep_json_get_double (json, &back));
  g_assert_cmpmem (&back, sizeof back, &value, sizeof value);
}

static void
test_doubles (void)
{
  static const struct
  {
    double      value;
    const char *text;
  } doubles[] = {
    { 0.0, "0" },
    { -0.0, "-0" },
    { 1.0, "1" },
    { -17.0, "-17" },
    { 0.1, "0.1" },
    { 0.3, "0.3" },
    { 0.1 + 0.2, "0.30000000000000004" },
    { 1.0 / 3.0, "0.3333333333333333" },
    { 1e-10, "1e-10" },
    { 1e-5, "1e-5" },
    { 1e22, "1e22" },
    { 1e23, "1e23" },
    { 1e100, "1e100" },
    { 5e-324, "5e-324" },
    { 1e-323, "1e-323" },
    { 2.2250738585072014e-308, "2.2250738585072014e-308" },
    { 2.225073858507201e-308, "2.225073858507201e-308" },
    { 1.7976931348623157e308, "1.7976931348623157e308" },
    { 0x1p-1017, "7.120236347223045e-307" },
    { -0x1p-1007, "-7.291122019556398e-304" },
    { 123456789012345.0, "123456789012345" },
    { 9007199254740992.0, "9007199254740992" },
    { 123456.789, "123456.789" },
  };
  char text[LOCKSTEP_JSON_DOUBLE_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++)
    {
      g_assert_cmpstr (lockstep_json_format_double (text, doubles[i].value), ==, doubles[i].text);
      assert_round_trip (doubles[i].value);
    }
}

/* Any bits that are a finite double, each power of two, and subnormals of every size. */
static void
test_round_trip (void)
{
  for (guint i = 0; i < 200000; i++)
    {
      guint64 bits = (guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
      double  value = double_from_bits (bits);

      if (isfinite (value))
        assert_round_trip (value);

      assert_round_trip (double_from_bits (bits >> (12 + i % 52)));
    }

  for (int exponent = -1074; exponent < 1024; exponent++)
    {
      assert_round_trip (ldexp (1, exponent));
      assert_round_trip (nextafter (ldexp (1, exponent), 0));
      assert_round_trip (nextafter (ldexp (1, exponent), INFINITY));
    }
}

/* The digits of a decimal from the first that is not zero to the last that is not. */
static int
count_significant (const char *text)
{
  int digits = 0, significant = 0;

  for (const char *c = text; *c != '\0' && *c != 'e'; c++)
    {
      if (!g_ascii_isdigit (*c) || (digits == 0 && *c == '0'))
        continue;
      digits++;
      if (*c != '0')
        significant = digits;
    }

  return significant;
}

/* @value is written with as few digits as any decimal that reads back the same. */
static void
assert_shortest (double value)
{
  char text[LOCKSTEP_JSON_DOUBLE_SIZE];
  char shorter[64];
  char format[16];
  int  digits;

  lockstep_json_format_double (text, value);
  digits = count_significant (text);
  if (digits <= 1)
    return;

  g_snprintf (format, sizeof format, "%%.%de", digits - 2);
  g_ascii_formatd (shorter, sizeof shorter, format, value);
  g_assert_true (g_ascii_strtod (shorter, NULL) != value);
}

static void
test_shortest (void)
{
  /* Whole numbers whose last digits are zeros. */
  assert_shortest (562949953421310);
  assert_shortest (1e15);
  assert_shortest (120);
  for (guint i = 0; i < 20000; i++)
    {
      guint64 bits = (guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
      double  value = i % 10 == 0 ? double_from_bits (bits >> 12) : double_from_bits (bits);

      if (isfinite (value) && value != 0)
        assert_shortest (value);
    }
}

static void
test_locale (void)
{
  static const char *const locales[] = { "de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8" };
  char                     text[LOCKSTEP_JSON_DOUBLE_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      if (setlocale (LC_ALL, locales[i]) == NULL || *localeconv ()->decimal_point != ',')
        continue;

      g_assert_cmpstr (lockstep_json_format_double (text, 0.5), ==, "0.5");
      test_doubles ();
      setlocale (LC_ALL, "C");
      return;
    }

  g_test_skip ("No locale with a decimal comma is installed");
}

static void
test_strings (void)
{
  static const struct
  {
    const char *text;
    gssize      length;
    const char *json;
  } strings[] = {
    { "", -1, "\"\"" },
    { "plain", -1, "\"plain\"" },
    { "plain", 2, "\"pl\"" },
    { "a \"name\" \\ / of sorts", -1, "\"a \\\"name\\\" \\\\ / of sorts\"" },
    { "\b\f\n\r\t\x01\x1f\x7f", -1, "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"" },
    { "a\0b", 3, "\"a\\u0000b\"" },
    { "Zürich € 😀", -1, "\"Zürich € 😀\"" },
    { "12345678\xff", -1, "\"12345678\xef\xbf\xbd\"" },
    { "\xe2\x82", -1, "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
    { "\xed\xa0\x80", -1, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError)  error = NULL;
      LockstepJson        value;

      lockstep_json_append_string (out, strings[i].text, strings[i].length);
      g_assert_cmpstr (out->str, ==, strings[i].json);

      lockstep_json_scan (out->str, out->len, &value, &error);
      g_assert_no_error (error);
    }
}

/* Any bytes become JSON, and UTF-8 comes back as it was. */
static void
test_any_string (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      char                bytes[40];
      gsize               length = (gsize) g_test_rand_int_range (0, sizeof bytes + 1);
      gsize               back_length;
      LockstepJson        value;
      g_autofree char    *back = NULL;
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError)  error = NULL;

      for (gsize j = 0; j < length; j++)
        bytes[j] = (char) g_test_rand_int_range (0, i % 2 ? 128 : 256);

      lockstep_json_append_string (out, bytes, (gssize) length);
      lockstep_json_scan (out->str, out->len, &value, &error);
      g_assert_no_error (error);

      back = lockstep_json_dup_string (value, &back_length);
      if (i % 2)
        g_assert_cmpmem (back, back_length, bytes, length);
    }
}

static void
test_members (void)
{
  g_autoptr (GString) out = g_string_new ("{");

  lockstep_json_append_string_member (out, "name", "a \"b\"");
  lockstep_json_append_name (out, "list");
  g_string_append (out, "[{");
  lockstep_json_append_name (out, "x");
  lockstep_json_append_double (out, 1.5);
  g_string_append (out, "}]");
  lockstep_json_append_string_member (out, "end", "{");
  lockstep_json_append_string_member (out, "last", "");
  lockstep_json_append_string_member (out, "unknown", NULL);
  lockstep_json_append_double_member (out, "half", 0.5);
  lockstep_json_append_double_member (out, "none", NAN);
  g_string_append (out, "}");

  g_assert_cmpstr (out->str, ==, "{\"name\":\"a \\\"b\\\"\",\"list\":[{\"x\":1.5}],\"end\":\"{\",\"last\":\"\",\"unknown\":null,"
                                 "\"half\":0.5,\"none\":null}");
}

static void
test_ints (void)
{
  static const gint64 numbers[] = { 0, 7, 10, -1, 1234567890, -1234567890, G_MAXINT64, G_MININT64 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      g_autofree char    *expected = g_strdup_printf ("%" G_GINT64_FORMAT, numbers[i]);

      lockstep_json_append_int (out, numbers[i]);
      g_assert_cmpstr (out->str, ==, expected);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-writer/ints", test_ints);
  g_test_add_func ("/json-writer/doubles", test_doubles);
  g_test_add_func ("/json-writer/round-trip", test_round_trip);
  g_test_add_func ("/json-writer/shortest", test_shortest);
  g_test_add_func ("/json-writer/locale", test_locale);
  g_test_add_func ("/json-writer/strings", test_strings);
  g_test_add_func ("/json-writer/any-string", test_any_string);
  g_test_add_func ("/json-writer/members", test_members);

  return g_test_run ();
}
