/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A solver whose steps do nothing but what is measured:
 *
 *   null     returns null
 *   vector   reads the vector of its input, where there is one, and returns one of "n" doubles
 *   mean     returns the mean of the vectors of its input
 *            both as {"f64": …}, or as JSON arrays where "form" is "array"
 *   report   waits until it is cancelled, and reports ten times a second
 *   spin     computes until it is cancelled
 *   compute  computes until it has used "seconds" of CPU time; returns how long that took, and what it used
 */

#include <lockstep-sdk.h>

#include <math.h>
#include <string.h>
#include <time.h>

static gboolean
run_null (LockstepCall *call,
          gpointer      user_data,
          GError      **error)
{
  return TRUE;
}

static void
return_values (LockstepCall *call,
               const double *values,
               gsize         n)
{
  if (strcmp (lockstep_call_get_string (call, "form", "f64"), "array") == 0)
    {
      JsonArray           *array = json_array_sized_new ((guint) n);
      g_autoptr (JsonNode) node = json_node_alloc ();

      for (gsize i = 0; i < n; i++)
        json_array_add_double_element (array, values[i]);
      json_node_take_array (json_node_init (node, JSON_NODE_ARRAY), array);
      lockstep_call_return_node (call, "values", node);
    }
  else
    {
      lockstep_call_return_vector (call, "values", values, n);
    }
}

/* The values of a result as one of these steps returned it. */
static double *
read_values (JsonNode *result,
             gsize    *n,
             GError  **error)
{
  return lockstep_read_vector (json_object_get_member (json_node_get_object (result), "values"), "values", n, error);
}

static gboolean
run_vector (LockstepCall *call,
            gpointer      user_data,
            GError      **error)
{
  gsize              n = (gsize) lockstep_call_get_int (call, "n", 1000000);
  JsonNode          *input = lockstep_call_get_input (call);
  g_autofree double *values = NULL;

  if (input != NULL)
    {
      if ((values = read_values (input, &n, error)) == NULL)
        return FALSE;
    }
  else
    {
      values = g_new (double, n);
      for (gsize i = 0; i < n; i++)
        values[i] = sin ((double) i);
    }
  return_values (call, values, n);

  return TRUE;
}

static gboolean
run_mean (LockstepCall *call,
          gpointer      user_data,
          GError      **error)
{
  JsonArray         *parts = json_node_get_array (lockstep_call_get_input (call));
  const guint        n_parts = json_array_get_length (parts);
  g_autofree double *mean = NULL;
  gsize              n = 0;

  for (guint i = 0; i < n_parts; i++)
    {
      gsize              n_values;
      g_autofree double *values = read_values (json_array_get_element (parts, i), &n_values, error);

      if (values == NULL)
        return FALSE;
      if (mean == NULL)
        mean = g_new0 (double, n = n_values);
      for (gsize j = 0; j < MIN (n, n_values); j++)
        mean[j] += values[j] / n_parts;
    }
  return_values (call, mean, n);

  return TRUE;
}

static gboolean
run_report (LockstepCall *call,
            gpointer      user_data,
            GError      **error)
{
  for (guint i = 0; !lockstep_call_check_cancelled (call, error); i++)
    {
      lockstep_call_set_progress (call, fmod (i * 1e-4, 1), "reporting");
      lockstep_call_report (call, "residual", 1.0 / (i + 1));
      g_usleep (G_USEC_PER_SEC / 10);
    }

  return FALSE;
}

static gboolean
run_spin (LockstepCall *call,
          gpointer      user_data,
          GError      **error)
{
  volatile double sum = 0;

  while (!lockstep_call_check_cancelled (call, error))
    for (int i = 0; i < 10000; i++)
      sum += sqrt (i);

  return FALSE;
}

static double
read_clock (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return (double) time.tv_sec + (double) time.tv_nsec * 1e-9;
}

static gboolean
run_compute (LockstepCall *call,
             gpointer      user_data,
             GError      **error)
{
  const double    began = read_clock (CLOCK_MONOTONIC);
  const double    cpu_began = read_clock (CLOCK_THREAD_CPUTIME_ID);
  const double    seconds = lockstep_call_get_double (call, "seconds", 0.001);
  volatile double sum = 0;
  double          cpu;

  while ((cpu = read_clock (CLOCK_THREAD_CPUTIME_ID) - cpu_began) < seconds)
    for (int i = 0; i < 1000; i++)
      sum += sqrt (i);
  lockstep_call_return_double (call, "seconds", read_clock (CLOCK_MONOTONIC) - began);
  lockstep_call_return_double (call, "cpu", cpu);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  static const LockstepMethod methods[] = {
    { "null", run_null },
    { "vector", run_vector },
    { "mean", run_mean },
    { "report", run_report },
    { "spin", run_spin },
    { "compute", run_compute },
    { NULL },
  };

  return lockstep_main (argc, argv, "null", methods, NULL);
}
