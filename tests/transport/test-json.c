/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The strict reader of JSON: what it accepts, what it refuses and where, and that values come out as they stand. */

#include <math.h>

#include "lockstep-json-text.h"
#include "lockstep-json.h"

/* Texts with bytes that C strings cannot hold. */
#define TEXT(literal) literal, sizeof (literal) - 1

typedef struct
{
  const char *text;
  gsize       length;
} Text;

typedef struct
{
  const char       *text;
  gsize             length;
  LockstepJsonError code;
  const char       *place; /* how the message ends */
} Refusal;

/* A copy without anything behind it, so that a sanitizer sees a byte too many being read. */
static char *
dup_exactly (const char *text,
             gsize       length)
{
  return g_memdup2 (text, length > 0 ? length : 1);
}

static LockstepJson
scan (const char *text)
{
  LockstepJson       value;
  g_autoptr (GError) error = NULL;

  lockstep_json_scan (text, strlen (text), &value, &error);
  g_assert_no_error (error);

  return value;
}

static void
assert_text (LockstepJson value,
             const char  *text)
{
  g_assert_cmpmem (value.text, value.length, text, strlen (text));
}

/* That to scan and to tell members apart in one walk comes to the same as one after the other. */
static void
assert_walks_agree (const char *text,
                    gsize       length)
{
  static const char *const names[] = { "b", "a", "abc", "c", "twice", "é" };
  LockstepJson             value;
  LockstepJson             same;
  LockstepJson             members[G_N_ELEMENTS (names)];
  LockstepJson             expected[G_N_ELEMENTS (names)];
  g_autoptr (GError)       error = NULL;
  g_autoptr (GError)       refusal = NULL;

  lockstep_json_scan (text, length, &value, &error);
  lockstep_json_scan_members (text, length, 0, names, G_N_ELEMENTS (names), members, &same, &refusal);
  g_assert_cmpstr (refusal ? refusal->message : NULL, ==, error ? error->message : NULL);
  g_assert_true (same.text == value.text && same.length == value.length);
  if (error)
    return;

  lockstep_json_get_members (value, names, G_N_ELEMENTS (names), expected);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (members[i].text == expected[i].text && members[i].length == expected[i].length);
}

static void
test_accepted (void)
{
  static const Text texts[] = {
    { TEXT ("null") },
    { TEXT ("true") },
    { TEXT ("false") },
    { TEXT (" \t\r\n null \t\r\n ") },
    { TEXT ("0") },
    { TEXT ("-0") },
    { TEXT ("-0.0e-0") },
    { TEXT ("1234567890") },
    { TEXT ("-1.5E+10") },
    { TEXT ("1e00000000000000000000000005") },
    { TEXT ("1e-99999999999999999999") },
    { TEXT ("0e99999999999999999999") },
    { TEXT ("1.7976931348623157e308") },
    { TEXT ("0.00000000000000000000000000000000001e340") },
    { TEXT ("\"\"") },
    { TEXT ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00E9\\uABCD\"") },
    { TEXT ("\"\\ud83d\\ude00\\uDBFF\\uDFFF\"") },
    { TEXT ("\"\\\\ud800\"") },
    { TEXT ("\"\x7f\"") },
    { TEXT ("\"\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf\"") },
    { TEXT ("\"\xee\x80\x80 \xef\xbf\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf\"") },
    { TEXT ("\"\xe2\x80\xa8\"") },
    { TEXT ("[]") },
    { TEXT ("[ ]") },
    { TEXT ("{}") },
    { TEXT ("{ \n }") },
    { TEXT ("[1,2 , 3\n,[ ],{}]") },
    { TEXT ("{\"a\":1,\"a\":2,\"\":null}") },
    { TEXT ("{\"a\" : [ {\"b\":[[]]} , true ] }") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char   *copy = dup_exactly (texts[i].text, texts[i].length);
      LockstepJson       value;
      g_autoptr (GError) error = NULL;

      lockstep_json_scan (copy, texts[i].length, &value, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (value.length, >, 0);
      assert_walks_agree (copy, texts[i].length);
    }
}

static void
test_refused (void)
{
  static const Refusal refusals[] = {
    { TEXT (""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT (" \n  "), LOCKSTEP_JSON_ERROR_SYNTAX, "line 2, column 3" },
    { TEXT ("\xef\xbb\xbfnull"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("nul"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("nulL"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("nullx"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 5" },
    { TEXT ("True"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("NaN"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("[NaN]"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("Infinity"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("-Infinity"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("'x'"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("0x10"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("01"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("-01"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("+1"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT (".5"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("5."), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("5.e1"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("1e"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("1e+"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 4" },
    { TEXT ("1,5"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("1d5"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("-"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("1 2"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("{} {}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 4" },
    { TEXT ("[]]"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("null\0"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 5" },
    { TEXT ("null\v"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 5" },
    { TEXT ("["), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("[1"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("[1,"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 4" },
    { TEXT ("[1,]"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 4" },
    { TEXT ("[,1]"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("[1 2]"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 4" },
    { TEXT ("[1}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("]"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("{"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("{\"a\"}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 5" },
    { TEXT ("{\"a\":}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 6" },
    { TEXT ("{\"a\":1,}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 8" },
    { TEXT ("{\"a\" 1}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 6" },
    { TEXT ("{\"a\":1]"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 7" },
    { TEXT ("{a:1}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("{1:1}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("{,}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("/* no */ 1"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 1" },
    { TEXT ("\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("\"abc"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 5" },
    { TEXT ("\"abc\\"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 6" },
    { TEXT ("\"abc\\\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 7" },
    { TEXT ("\"\\x41\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("\"\\\0\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("\"\\u12\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 6" },
    { TEXT ("\"\\u12G4\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 6" },
    { TEXT ("\"\\u"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 4" },
    { TEXT ("\"a\nb\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 3" },
    { TEXT ("\"12345678\t\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 10" },
    { TEXT ("\"\0\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 2" },
    { TEXT ("\"1234567\x1f\""), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 9" },
    { TEXT ("\"\\ud800\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\\ud800x\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\\ud800\\n\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\\ud800\\ud800\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\\ud800\\u0041\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\\udc00\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\\udfff\\ud800\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("{\"\\ud800\":1}"), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 3" },
    { TEXT ("\"\x80\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xc0\xaf\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xc1\xbf\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xc3\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xe0\x9f\xbf\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xe2\x82\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xed\xa0\x80\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xf0\x8f\xbf\xbf\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xf4\x90\x80\x80\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xf5\x80\x80\x80\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"\xff\""), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 2" },
    { TEXT ("\"12345678\xe2\x82"), LOCKSTEP_JSON_ERROR_ENCODING, "line 1, column 10" },
    { TEXT ("1e400"), LOCKSTEP_JSON_ERROR_RANGE, "line 1, column 1" },
    { TEXT ("[0,\n -1e309]"), LOCKSTEP_JSON_ERROR_RANGE, "line 2, column 2" },
    { TEXT ("1.7976931348623159e308"), LOCKSTEP_JSON_ERROR_RANGE, "line 1, column 1" },
    { TEXT ("1e99999999999999999999"), LOCKSTEP_JSON_ERROR_RANGE, "line 1, column 1" },
    { TEXT ("[\"Zürich\", x]"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 1, column 12" },
    { TEXT ("{\n\"a\": 1,\r\n  \"b\" = 2\n}"), LOCKSTEP_JSON_ERROR_SYNTAX, "line 3, column 7" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char   *copy = dup_exactly (refusals[i].text, refusals[i].length);
      LockstepJson       value;
      g_autoptr (GError) error = NULL;

      if (lockstep_json_scan (copy, refusals[i].length, &value, &error))
        g_error ("Accepted, though it is none: %s", refusals[i].text);

      if (!g_error_matches (error, LOCKSTEP_JSON_ERROR, (int) refusals[i].code) ||
          !g_str_has_suffix (error->message, refusals[i].place))
        g_error ("Case %u: expected code %d at %s, got %d: %s", i, refusals[i].code, refusals[i].place,
                 error->code, error->message);

      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpint (lockstep_json_get_kind (value), ==, LOCKSTEP_JSON_ABSENT);
      assert_walks_agree (copy, refusals[i].length);
    }
}

/* Whatever is cut off a document, or changed in it, is refused or accepted, but never read beyond. */
static void
test_mutations (void)
{
  const char *text = "{\"abc\":10,\"a\\u00e9\": [1.5e-3, -0, \"x\\ud83d\\ude00é€😀\", true, null, {}], "
                     "\"b\": {\"c\": [[]]}}";
  gsize       length = strlen (text);

  for (gsize cut = 0; cut < length; cut++)
    {
      g_autofree char *copy = dup_exactly (text, cut);
      LockstepJson     value;

      g_assert_false (lockstep_json_scan (copy, cut, &value, NULL));
      assert_walks_agree (copy, cut);
    }

  for (guint i = 0; i < 200000; i++)
    {
      g_autofree char *copy = dup_exactly (text, length);
      LockstepJson     value;
      LockstepJson     name;
      LockstepJsonIter iter;

      for (int changes = g_test_rand_int_range (1, 4); changes > 0; changes--)
        copy[g_test_rand_int_range (0, (int) length)] = (char) g_test_rand_int_range (0, 256);

      if (i % 10 == 0)
        assert_walks_agree (copy, length);
      if (!lockstep_json_scan (copy, length, &value, NULL))
        continue;

      g_assert_true (g_utf8_validate_len (copy, length, NULL));

      lockstep_json_iter_init (&iter, value);
      while (lockstep_json_iter_next (&iter, &name, &value))
        {
          g_autofree char *decoded = lockstep_json_dup_string (name, NULL);

          g_assert_nonnull (decoded);
          g_assert_true (lockstep_json_scan (value.text, value.length, &value, NULL));
        }
    }
}

static void
test_depth (void)
{
  for (guint braces = 0; braces < 2; braces++)
    for (guint depth = LOCKSTEP_JSON_MAX_DEPTH; depth <= LOCKSTEP_JSON_MAX_DEPTH + 1; depth++)
      {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (GError)  error = NULL;
        LockstepJson        value;

        for (guint i = 0; i < depth; i++)
          g_string_append (text, braces && i + 1 < depth ? "{\"a\":" : "[");
        for (guint i = depth; i > 0; i--)
          g_string_append (text, braces && i < depth ? "}" : "]");

        if (lockstep_json_scan (text->str, text->len, &value, &error))
          g_assert_cmpuint (depth, ==, LOCKSTEP_JSON_MAX_DEPTH);
        else
          g_assert_error (error, LOCKSTEP_JSON_ERROR, LOCKSTEP_JSON_ERROR_DEPTH);
        g_assert_true ((error != NULL) == (depth > LOCKSTEP_JSON_MAX_DEPTH));
        assert_walks_agree (text->str, text->len);
      }
}

static void
test_brackets (void)
{
  g_autofree char   *text = g_strnfill (100000, '[');
  g_autoptr (GError) error = NULL;
  LockstepJson       value;

  g_assert_false (lockstep_json_scan (text, 100000, &value, &error));
  g_assert_error (error, LOCKSTEP_JSON_ERROR, LOCKSTEP_JSON_ERROR_DEPTH);
  g_assert_true (g_str_has_suffix (error->message, "line 1, column 129"));
}

static void
test_kinds (void)
{
  g_assert_cmpint (lockstep_json_get_kind (scan ("null")), ==, LOCKSTEP_JSON_NULL);
  g_assert_cmpint (lockstep_json_get_kind (scan ("true")), ==, LOCKSTEP_JSON_BOOLEAN);
  g_assert_cmpint (lockstep_json_get_kind (scan ("-1")), ==, LOCKSTEP_JSON_NUMBER);
  g_assert_cmpint (lockstep_json_get_kind (scan ("\"\"")), ==, LOCKSTEP_JSON_STRING);
  g_assert_cmpint (lockstep_json_get_kind (scan ("[]")), ==, LOCKSTEP_JSON_ARRAY);
  g_assert_cmpint (lockstep_json_get_kind (scan ("{}")), ==, LOCKSTEP_JSON_OBJECT);
  g_assert_cmpint (lockstep_json_get_kind ((LockstepJson){ NULL, 0 }), ==, LOCKSTEP_JSON_ABSENT);

  g_assert_cmpstr (lockstep_json_describe (scan ("1")), ==, "a number");
  g_assert_cmpstr (lockstep_json_describe (scan ("{}")), ==, "an object");
  g_assert_cmpstr (lockstep_json_describe (scan ("false")), ==, "false");
}

static void
test_members (void)
{
  LockstepJson     value = scan (" { \"a\" : [ 1 , \"]}\\\"\" ,{ } ],\n\"b\":{\"c\":[10,{\"d\":1e-10}]},"
                                     "\"\\u0063\":-0 ,"
                                     "\"twice\":1,\"twice\":2, \"é\":null}\n");
  LockstepJson     element;
  LockstepJson     name;
  LockstepJsonIter iter;

  assert_walks_agree (value.text, value.length);
  g_assert_cmpuint (lockstep_json_count (value), ==, 6);
  assert_text (lockstep_json_get_member (value, "a"), "[ 1 , \"]}\\\"\" ,{ } ]");
  assert_text (lockstep_json_get_member (value, "c"), "-0");
  assert_text (lockstep_json_get_member (value, "twice"), "2");
  assert_text (lockstep_json_get_member (value, "é"), "null");
  g_assert_null (lockstep_json_get_member (value, "d").text);
  g_assert_null (lockstep_json_get_member (value, "").text);
  g_assert_null (lockstep_json_get_member (lockstep_json_get_member (value, "a"), "a").text);

  assert_text (lockstep_json_get_path (value, "b.c.1.d"), "1e-10");
  assert_text (lockstep_json_get_path (value, "a.0"), "1");
  assert_text (lockstep_json_get_path (value, "a.2"), "{ }");
  g_assert_null (lockstep_json_get_path (value, "a.3").text);
  g_assert_null (lockstep_json_get_path (value, "a.-1").text);
  g_assert_null (lockstep_json_get_path (value, "a.x").text);
  g_assert_null (lockstep_json_get_path (value, "b.c.0.d").text);
  g_assert_null (lockstep_json_get_path (value, "b.x.y").text);

  lockstep_json_iter_init (&iter, lockstep_json_get_member (value, "a"));
  g_assert_true (lockstep_json_iter_next (&iter, &name, &element));
  g_assert_null (name.text);
  assert_text (element, "1");
  g_assert_true (lockstep_json_iter_next (&iter, NULL, &element));
  assert_text (element, "\"]}\\\"\"");
  g_assert_true (lockstep_json_iter_next (&iter, NULL, NULL));
  g_assert_false (lockstep_json_iter_next (&iter, &name, &element));
  g_assert_false (lockstep_json_iter_next (&iter, &name, &element));

  lockstep_json_iter_init (&iter, scan ("\"[1,2]\""));
  g_assert_false (lockstep_json_iter_next (&iter, NULL, NULL));
  g_assert_cmpuint (lockstep_json_count (scan ("3")), ==, 0);
  g_assert_cmpuint (lockstep_json_count ((LockstepJson){ NULL, 0 }), ==, 0);
}

/* Values of every length and at every offset, since bytes are looked at eight at a time. */
static void
test_extents (void)
{
  for (guint length = 0; length < 40; length++)
    for (guint spaces = 0; spaces < 9; spaces++)
      {
        g_autofree char *space = g_strnfill (spaces, ' ');
        g_autofree char *filling = g_strnfill (length, length % 2 ? 'x' : (char) 0x5b);
        g_autofree char *string = g_strdup_printf ("\"%s\\\"é\\\\\"", filling);
        g_autofree char *array = g_strdup_printf ("[%s%s%s]", string, length % 3 ? "," : " ,", string);
        g_autofree char *text = g_strdup_printf ("{%s\"a\":%s,\"b\":%s%s}", space, string, space, array);
        LockstepJson     value = scan (text);

        assert_text (lockstep_json_get_member (value, "a"), string);
        assert_text (lockstep_json_get_member (value, "b"), array);
        g_assert_cmpuint (lockstep_json_count (lockstep_json_get_member (value, "b")), ==, 2);
      }
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *text;
    double      number;
  } doubles[] = {
    { "0", 0.0 },
    { "1e-10", 1e-10 },
    { "0.1", 0.1 },
    { "5e-324", 5e-324 },
    { "2.2250738585072011e-308", 2.2250738585072011e-308 },
    { "1e22", 1e22 },
    { "-1.7976931348623157E+308", -1.7976931348623157E+308 },
    { "9007199254740993", 9007199254740992.0 },
    { "1e-400", 0.0 },
  };
  static const struct
  {
    const char *text;
    gint64      number;
  } integers[] = {
    { "0", 0 },
    { "-0", 0 },
    { "42", 42 },
    { "9223372036854775807", G_MAXINT64 },
    { "-9223372036854775808", G_MININT64 },
  };
  static const char *const no_integers[] = {
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551617",
    "1.0",
    "1e3",
    "\"1\"",
    "null",
    "[1]",
  };
  g_autofree char *zeros = g_strnfill (300, '0');
  g_autofree char *long_number = g_strdup_printf ("0.%s5e301", zeros);
  double           number;
  gint64           integer;

  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++)
    {
      g_autofree char *copy = dup_exactly (doubles[i].text, strlen (doubles[i].text));
      LockstepJson     value;

      /* At the very end of the text, with nothing behind it. */
      g_assert_true (lockstep_json_scan (copy, strlen (doubles[i].text), &value, NULL));
      g_assert_true (lockstep_json_get_double (value, &number));
      g_assert_cmpfloat (number, ==, doubles[i].number);
    }

  g_assert_true (lockstep_json_get_double (scan ("-0"), &number));
  g_assert_true (number == 0 && signbit (number));
  g_assert_true (lockstep_json_get_double (scan (long_number), &number));
  g_assert_cmpfloat (number, ==, 5);
  g_assert_false (lockstep_json_get_double (scan ("\"1\""), &number));
  g_assert_false (lockstep_json_get_double ((LockstepJson){ NULL, 0 }, &number));

  for (guint i = 0; i < G_N_ELEMENTS (integers); i++)
    {
      g_assert_true (lockstep_json_get_int (scan (integers[i].text), &integer));
      g_assert_cmpint (integer, ==, integers[i].number);
    }

  for (guint i = 0; i < G_N_ELEMENTS (no_integers); i++)
    g_assert_false (lockstep_json_get_int (scan (no_integers[i]), &integer));
}

static void
test_booleans (void)
{
  gboolean boolean = FALSE;

  g_assert_true (lockstep_json_get_boolean (scan ("true"), &boolean));
  g_assert_true (boolean);
  g_assert_true (lockstep_json_get_boolean (scan (" false "), &boolean));
  g_assert_false (boolean);
  g_assert_false (lockstep_json_get_boolean (scan ("1"), &boolean));
}

static void
test_strings (void)
{
  LockstepJson      value = scan ("\"a\\u0000b\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00 é\"");
  gsize             length;
  g_autofree char  *decoded = lockstep_json_dup_string (value, &length);
  g_autofree char  *text = lockstep_json_dup_text (value);
  static const char expected[] = "a\0b\"\\/\b\f\n\r\té€😀 é";

  g_assert_cmpmem (decoded, length, expected, sizeof expected - 1);
  g_assert_cmpint (decoded[length], ==, '\0');
  g_assert_cmpuint (strlen (text), ==, value.length);

  g_assert_null (lockstep_json_dup_string (scan ("1"), &length));

  g_assert_true (lockstep_json_is_string (scan ("\"step\""), "step"));
  g_assert_true (lockstep_json_is_string (scan ("\"\\u0073tep\""), "step"));
  g_assert_true (lockstep_json_is_string (scan ("\"\""), ""));
  g_assert_false (lockstep_json_is_string (scan ("\"steps\""), "step"));
  g_assert_false (lockstep_json_is_string (scan ("\"ste\""), "step"));
  g_assert_false (lockstep_json_is_string (scan ("\"step\\u0000\""), "step"));
  g_assert_false (lockstep_json_is_string (scan ("null"), "null"));
}

static void
test_slice (void)
{
  g_autofree char   *filling = g_strnfill (10000, 'x');
  g_autofree char   *text = g_strdup_printf ("{\"large\":\"%s\",\"small\":[1]}", filling);
  g_autoptr (GBytes) document = g_bytes_new (text, strlen (text));
  const char        *start = g_bytes_get_data (document, NULL);
  LockstepJson       value;
  g_autoptr (GBytes) large = NULL;
  g_autoptr (GBytes) small = NULL;

  g_assert_true (lockstep_json_scan (start, g_bytes_get_size (document), &value, NULL));
  large = lockstep_json_slice (lockstep_json_get_member (value, "large"), document);
  small = lockstep_json_slice (lockstep_json_get_member (value, "small"), document);

  g_assert_true (g_bytes_get_data (large, NULL) == (gconstpointer) (start + strlen ("{\"large\":")));
  g_assert_cmpuint (g_bytes_get_size (large), ==, 10002);
  g_assert_cmpmem (g_bytes_get_data (small, NULL), g_bytes_get_size (small), "[1]", 3);
  g_assert_false ((const char *) g_bytes_get_data (small, NULL) >= start &&
                  (const char *) g_bytes_get_data (small, NULL) < start + strlen (text));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/accepted", test_accepted);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/mutations", test_mutations);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/brackets", test_brackets);
  g_test_add_func ("/json/kinds", test_kinds);
  g_test_add_func ("/json/members", test_members);
  g_test_add_func ("/json/extents", test_extents);
  g_test_add_func ("/json/numbers", test_numbers);
  g_test_add_func ("/json/booleans", test_booleans);
  g_test_add_func ("/json/strings", test_strings);
  g_test_add_func ("/json/slice", test_slice);

  return g_test_run ();
}
