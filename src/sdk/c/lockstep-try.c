/* SPDX-License-Identifier: MIT */

#include "lockstep-try.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lockstep-json-writer.h"
#include "lockstep-sdk-message.h"

static const char *const members_of_calls[] = { "params", "input", "previous", "failures", "part", "parts",
                                                "task", "solver", "iteration", "attempt", NULL };

/* The text of a string, or nothing; only the terminal reads it. */
static void
print_string (const char  *before,
              LockstepJson string)
{
  g_autofree char *text = lockstep_json_dup_string (string, NULL);

  if (text)
    fprintf (stderr, "%s%s", before, text);
}

static void
print_progress (LockstepJson params)
{
  LockstepJsonIter iter;
  LockstepJson     name;
  LockstepJson     value;
  double           fraction;

  fputs ("progress:", stderr);
  if (lockstep_json_get_double (lockstep_json_get_member (params, "fraction"), &fraction))
    fprintf (stderr, " %.0f %%", floor (fraction * 100));
  print_string (" ", lockstep_json_get_member (params, "message"));
  lockstep_json_iter_init (&iter, lockstep_json_get_member (params, "values"));
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      print_string (", ", name);
      fprintf (stderr, " = %.*s", (int) value.length, value.text);
    }
  fputs ("\n", stderr);
}

static void
notify (gpointer    data,
        const char *method,
        const char *text,
        gsize       length)
{
  LockstepJson params = { text, length };

  if (strcmp (method, "progress") == 0)
    {
      print_progress (params);
      return;
    }
  print_string ("", lockstep_json_get_member (params, "level"));
  print_string (": ", lockstep_json_get_member (params, "text"));
  fputs ("\n", stderr);
}

/* There is no other thread to send progress that waits: the next, or the end of the call, sends it. */
static void
remind (gpointer data,
        gint64   due)
{
}

static const LockstepOutlet terminal = { notify, remind, NULL };

/* All params of a call, from what a person gave. */
static char *
complete_params (const char *text,
                 GError    **error)
{
  LockstepJson value;

  if (!text)
    return g_strdup ("{}");
  if (!lockstep_json_scan (text, strlen (text), &value, error))
    return NULL;
  for (guint i = 0; members_of_calls[i]; i++)
    if (lockstep_json_get_kind (lockstep_json_get_member (value, members_of_calls[i])) != LOCKSTEP_JSON_ABSENT)
      return lockstep_json_dup_text (value);

  return g_strdup_printf ("{\"params\":%s}", text);
}

static GString *
call (LockstepSdkSolver *solver,
      const char        *name,
      const char        *params,
      GError           **error)
{
  g_autoptr (GString)      quoted = g_string_new (NULL);
  const LockstepMethod    *method;
  g_autoptr (LockstepCall) made = NULL;
  g_autofree char         *text = NULL;
  LockstepJson             answer;
  LockstepJson             message;
  LockstepJson             members[LOCKSTEP_N_PARAMS];
  int                      code;

  lockstep_json_append_string (quoted, name, -1);
  method = lockstep_sdk_solver_find (solver, (LockstepJson){ quoted->str, quoted->len });
  if (!method)
    {
      g_autofree char *steps = lockstep_sdk_solver_list_steps (solver);

      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS, "there is no such method; the steps are %s",
                   steps);
      return NULL;
    }
  text = complete_params (params, error);
  if (!text)
    {
      g_prefix_error_literal (error, "its params are not JSON: ");
      return NULL;
    }
  lockstep_json_scan (text, strlen (text), &message, NULL);
  lockstep_json_get_members (message, lockstep_params_names, LOCKSTEP_N_PARAMS, members);
  made = lockstep_call_new (method, text, message, members, &terminal, error);
  if (!made)
    return NULL;
  text = NULL; /* it is the call's */

  if (!lockstep_sdk_solver_compute (solver, made, &code, error))
    return NULL;
  answer = lockstep_call_get_answer (made);

  return g_string_new_len (answer.text, answer.length);
}

int
lockstep_try (LockstepSdkSolver *solver,
              const char        *method,
              const char        *params,
              const char        *initialize)
{
  g_autoptr (GString) introduction = NULL;
  g_autoptr (GString) result = NULL;
  g_autoptr (GError)  error = NULL;
  g_autofree char    *excess = NULL;

  if (strcmp (method, "initialize") == 0)
    {
      result = call (solver, method, params ? params : initialize, &error);
    }
  else
    {
      introduction = call (solver, "initialize", initialize, &error);
      if (!introduction)
        method = "initialize";
      else
        result = call (solver, method, params, &error);
    }

  if (!result)
    {
      fprintf (stderr, "%s: %s failed: %s\n", solver->name, method, error->message);
      return 1;
    }
  if ((excess = lockstep_sdk_message_dup_excess ((LockstepJson){ "1", 1 }, result->len)))
    {
      fprintf (stderr, "%s: %s failed: %s\n", solver->name, method, excess);
      return 1;
    }
  printf ("%s\n", result->str);

  return fflush (stdout) == 0 ? 0 : 1;
}
