/* SPDX-License-Identifier: MIT */

/* Pi, by the midpoint rule: each solver adds up its share of the rectangles under 4 / (1 + x²). */

#include <lockstep-sdk.h>

static gboolean
integrate (LockstepCall *call, gpointer user_data, GError **error)
{
  gint64 n = lockstep_call_get_int (call, "rectangles", 1000000);
  guint  part = lockstep_call_get_part (call);
  guint  parts = lockstep_call_get_parts (call);
  double sum = 0;

  for (gint64 i = part; i < n; i += parts)
    {
      double x = (i + 0.5) / n;

      sum += 4 / (1 + x * x) / n;
      if ((i - part) / parts % 100000 == 0)
        lockstep_call_set_progress (call, (double) i / n, NULL);
    }
  lockstep_call_return_double (call, "sum", sum);
  return TRUE;
}

static gboolean
add (LockstepCall *call, gpointer user_data, GError **error)
{
  JsonArray *results = json_node_get_array (lockstep_call_get_input (call));
  double     pi = 0;

  for (guint i = 0; i < json_array_get_length (results); i++)
    pi += json_object_get_double_member (json_array_get_object_element (results, i), "sum");
  lockstep_call_return_double (call, "pi", pi);
  return TRUE;
}

int
main (int argc, char **argv)
{
  static const LockstepMethod methods[] = { { "integrate", integrate }, { "add", add }, { NULL } };

  return lockstep_main (argc, argv, "first-solver", methods, NULL);
}
