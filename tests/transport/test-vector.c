/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Vectors of doubles keep every bit, in both of their forms. */

#include <math.h>
#include <string.h>

#include "lockstep-vector.h"

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
test_round_trip (void)
{
  static const gsize sizes[] = { 0, 1, 2, 3, 1000, 1001, 1002, 1003, 3071, 3072, 3073, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GString) out = g_string_new ("[");
      g_autofree double  *values = g_new0 (double, sizes[i] + 1);
      g_autofree double  *back = NULL;
      LockstepJson        value;
      gsize               n;

      for (gsize j = 0; j < sizes[i]; j++)
        values[j] = j % 7 == 0 ? -0.0 : ldexp (g_test_rand_double () - 0.5, g_test_rand_int_range (-1080, 1020));

      lockstep_vector_append (out, values, sizes[i]);
      g_string_append_c (out, ']');
      g_assert_cmpuint (strlen (out->str), ==, out->len);

      value = lockstep_json_get_path (scan (out->str), "0");
      g_assert_cmpint (lockstep_json_get_kind (value), ==,
                       sizes[i] > LOCKSTEP_VECTOR_PLAIN_MAX ? LOCKSTEP_JSON_OBJECT : LOCKSTEP_JSON_ARRAY);

      back = lockstep_vector_read (value, &n);
      g_assert_nonnull (back);
      g_assert_cmpmem (back, n * sizeof (double), values, sizes[i] * sizeof (double));
    }
}

/* The form that other languages must write. */
static void
test_form (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  double              values[] = { 1, 0.1, -2.5e10 };
  double              many[1001] = { 1, -2 };

  lockstep_vector_append (out, values, G_N_ELEMENTS (values));
  g_assert_cmpstr (out->str, ==, "[1,0.1,-25000000000]");

  g_string_truncate (out, 0);
  lockstep_vector_append (out, many, G_N_ELEMENTS (many));
  g_assert_true (g_str_has_prefix (out->str, "{\"f64\":\"AAAAAAAA8D8AAAAAAAAAwAAAAAAA"));
  g_assert_true (g_str_has_suffix (out->str, "AA==\"}"));
}

static void
test_read (void)
{
  static const struct
  {
    const char *text;
    gsize       n;
    double      values[2];
  } vectors[] = {
    { "[]", 0, { 0 } },
    { "[ 1 , 2.5e-1 ]", 2, { 1, 0.25 } },
    { "{\"f64\":\"\"}", 0, { 0 } },
    { "{ \"f64\" : \"AAAAAAAA8D8=\" }", 1, { 1 } },
    { "{\"f64\":\"AAAAAAAA8D8AAAAAAAAAwA==\"}", 2, { 1, -2 } },
    /* Some writers escape every slash, and any character may be escaped. */
    { "{\"f64\":\"\\u0041AAAAAAA8D8=\"}", 1, { 1 } },
    { "{\"f64\":\"\\/\\/\\/\\/\\/\\/\\/\\/738=\"}", 1, { 1.7976931348623157e308 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      gsize              n = 77;
      g_autofree double *values = lockstep_vector_read (scan (vectors[i].text), &n);

      g_assert_nonnull (values);
      g_assert_cmpmem (values, n * sizeof (double), vectors[i].values, vectors[i].n * sizeof (double));
    }
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "null",
    "1",
    "\"AAAAAAAA8D8=\"",
    "{}",
    "[1,null]",
    "[1,\"2\"]",
    "[[1]]",
    "{\"f64\":1}",
    "{\"f64\":[1]}",
    "{\"f32\":\"AAAAAAAA8D8=\"}",
    "{\"f64\":\"AAAAAAAA8D8=\",\"n\":1}",
    "{\"f64\":\"AAAAAAAA8D8\"}",
    "{\"f64\":\"AAAAAAAA8D8==\"}",
    "{\"f64\":\"AAAA\"}",
    "{\"f64\":\"AAAAAAAA8D8= AAAAAAAA8D8=\"}",
    "{\"f64\":\"AAAAAAAA=D8=\"}",
    "{\"f64\":\"AAAAAAAA-D8=\"}",
    "{\"f64\":\"AAAAAAAAéD8=\"}",
    "{\"f64\":\"====\"}",
    "{\"f64\":\"=\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gsize              n;
      g_autofree double *values = lockstep_vector_read (scan (texts[i]), &n);

      if (values != NULL)
        g_error ("Read as a vector, though it is none: %s", texts[i]);
    }

  g_assert_null (lockstep_vector_read ((LockstepJson){ NULL, 0 }, &(gsize){ 0 }));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vector/round-trip", test_round_trip);
  g_test_add_func ("/vector/form", test_form);
  g_test_add_func ("/vector/read", test_read);
  g_test_add_func ("/vector/refused", test_refused);

  return g_test_run ();
}
