/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The solver that the SDK's tests drive. With --bare it has no initialize. */

#include <lockstep-sdk.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static GThread *main_thread;

static gboolean
initialize (LockstepCall *call,
            gpointer      user_data,
            GError      **error)
{
  if (lockstep_call_get_boolean (call, "fail", FALSE))
    {
      const char *directory = lockstep_call_get_directory (call);

      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS, "%sthe network cannot be read",
                   directory != NULL ? directory : "");
      return FALSE;
    }

  return TRUE;
}

/* What the call is about, and what it was given by name. */
static gboolean
describe (LockstepCall *call,
          gpointer      user_data,
          GError      **error)
{
  lockstep_call_return_int (call, "part", lockstep_call_get_part (call));
  lockstep_call_return_int (call, "parts", lockstep_call_get_parts (call));
  lockstep_call_return_int (call, "solver", lockstep_call_get_solver (call));
  lockstep_call_return_int (call, "task", lockstep_call_get_task (call));
  lockstep_call_return_int (call, "attempt", lockstep_call_get_attempt (call));
  lockstep_call_return_int (call, "iteration", lockstep_call_get_iteration (call));
  lockstep_call_return_double (call, "double", lockstep_call_get_double (call, "double", 0.5));
  lockstep_call_return_int (call, "int", lockstep_call_get_int (call, "int", 7));
  lockstep_call_return_boolean (call, "boolean", lockstep_call_get_boolean (call, "boolean", TRUE));
  lockstep_call_return_string (call, "string", lockstep_call_get_string (call, "string", "none"));
  lockstep_call_return_boolean (call, "input", lockstep_call_get_input (call) != NULL);
  lockstep_call_return_boolean (call, "previous", lockstep_call_get_previous (call) != NULL);
  lockstep_call_return_boolean (call, "failures", lockstep_call_get_failures (call) != NULL);
  lockstep_call_return_boolean (call, "main", g_thread_self () == main_thread);

  return TRUE;
}

static gboolean
merged (LockstepCall *call,
        gpointer      user_data,
        GError      **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, lockstep_call_get_params (call));
  lockstep_call_return_node (call, "params", node);
  lockstep_call_return_node (call, "input", lockstep_call_get_input (call));

  return TRUE;
}

static gboolean
text (LockstepCall *call,
      gpointer      user_data,
      GError      **error)
{
  lockstep_call_return_text (call, lockstep_call_get_text (call));

  return TRUE;
}

static gboolean
given_text (LockstepCall *call,
            gpointer      user_data,
            GError      **error)
{
  lockstep_call_return_text (call, lockstep_call_get_string (call, "text", "null"));

  return TRUE;
}

static gboolean
nothing (LockstepCall *call,
         gpointer      user_data,
         GError      **error)
{
  return TRUE;
}

static gboolean
vector (LockstepCall *call,
        gpointer      user_data,
        GError      **error)
{
  g_autofree double *values = NULL;
  gsize              n_values;

  values = lockstep_read_vector (lockstep_call_get_input (call), "the input", &n_values, error);
  if (!values)
    return FALSE;
  lockstep_call_return_int (call, "n", n_values);
  lockstep_call_return_vector (call, "values", values, n_values);

  return TRUE;
}

/* Sends a value that is none, in the way of the parameter "how". */
static gboolean
not_finite (LockstepCall *call,
            gpointer      user_data,
            GError      **error)
{
  const char *how = lockstep_call_get_string (call, "how", "double");
  double      values[] = { 1, 2, -INFINITY };

  if (strcmp (how, "double") == 0)
    lockstep_call_return_double (call, "gap", NAN);
  else if (strcmp (how, "vector") == 0)
    lockstep_call_return_vector (call, "flows", values, G_N_ELEMENTS (values));
  else if (strcmp (how, "report") == 0)
    lockstep_call_report (call, "residual", INFINITY);
  else if (strcmp (how, "progress") == 0)
    lockstep_call_set_progress (call, NAN, "lost");
  else
    {
      g_autoptr (JsonNode) node = json_from_string ("{\"links\":[1,{\"flow\":0}]}", NULL);
      JsonArray           *links = json_object_get_array_member (json_node_get_object (node), "links");

      json_object_set_double_member (json_array_get_object_element (links, 1), "flow", NAN);
      lockstep_call_return_node (call, "network", node);
    }

  return TRUE;
}

/* Computes until it is cancelled. */
static gboolean
wait (LockstepCall *call,
      gpointer      user_data,
      GError      **error)
{
  lockstep_call_set_progress (call, 0.25, "waiting");
  while (!lockstep_call_check_cancelled (call, error))
    g_usleep (100);

  return FALSE;
}

/* Never comes back. */
static gboolean
deaf (LockstepCall *call,
      gpointer      user_data,
      GError      **error)
{
  printf ("not written out yet");
  for (;;)
    g_usleep (1000);

  return FALSE;
}

/* Says a lot in a moment; then, with "wait", nothing more until it is cancelled. */
static gboolean
flood (LockstepCall *call,
       gpointer      user_data,
       GError      **error)
{
  enum
  {
    N = 100000
  };

  for (int i = 1; i <= N; i++)
    {
      lockstep_call_report (call, "i", i);
      lockstep_call_set_progress (call, (double) i / N, i < N ? "on the way" : "there");
    }
  while (lockstep_call_get_boolean (call, "wait", FALSE) && !lockstep_call_is_cancelled (call))
    g_usleep (100);

  return TRUE;
}

static gboolean
speak (LockstepCall *call,
       gpointer      user_data,
       GError      **error)
{
  lockstep_call_log (call, "warning", "%d origins have no \"demand\"", 3);

  return TRUE;
}

static gboolean
fail (LockstepCall *call,
      gpointer      user_data,
      GError      **error)
{
  g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS, "no path from zone 4");
  lockstep_call_return_double (call, "half", 0.5);

  return FALSE;
}

static gboolean
large (LockstepCall *call,
       gpointer      user_data,
       GError      **error)
{
  gsize            size = lockstep_call_get_int (call, "size", 0);
  g_autofree char *string = g_strnfill (size, 'x');

  lockstep_call_return_string (call, "string", string);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  static const LockstepMethod methods[] = {
    { "initialize", initialize },
    { "describe", describe },
    { "merged", merged },
    { "text", text },
    { "given-text", given_text },
    { "nothing", nothing },
    { "vector", vector },
    { "not-finite", not_finite },
    { "wait", wait },
    { "deaf", deaf },
    { "flood", flood },
    { "speak", speak },
    { "fail", fail },
    { "large", large },
    { NULL },
  };
  gboolean bare = argc > 1 && strcmp (argv[1], "--bare") == 0;

  main_thread = g_thread_self ();

  return lockstep_main (argc, argv, "tester", bare ? methods + 1 : methods, NULL);
}
