/* SPDX-License-Identifier: MIT */

#include "lockstep-sdk-solver.h"

#include <string.h>

#include "lockstep-json-writer.h"
#include "lockstep-sdk-message.h"

#define PROTOCOL 1

static const char *const reserved[] = { "status", "cancel", "terminate", "progress", "log", NULL };

static gboolean
accept_plan (LockstepCall *call,
             gpointer      user_data,
             GError      **error)
{
  return TRUE;
}

static const LockstepMethod default_initialize = { "initialize", accept_plan };

G_DEFINE_QUARK (lockstep - sdk - error - quark, lockstep_sdk_error)

static gboolean
is_initialize (const LockstepMethod *method)
{
  return strcmp (method->name, "initialize") == 0;
}

gboolean
lockstep_sdk_solver_check (const LockstepSdkSolver *self,
                           GError                 **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (const LockstepMethod *method = self->methods; method->name; method++)
    {
      const char *wrong = NULL;

      if (g_strv_contains (reserved, method->name))
        wrong = "is a word of the protocol";
      else if (!g_hash_table_add (names, (gpointer) method->name))
        wrong = "stands twice in its table";
      else if (!method->func)
        wrong = "has no function";
      if (wrong)
        {
          g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                       "the solver %s cannot start: its method “%s” %s", self->name, method->name, wrong);
          return FALSE;
        }
    }

  return TRUE;
}

const LockstepMethod *
lockstep_sdk_solver_find (const LockstepSdkSolver *self,
                          LockstepJson             name)
{
  for (const LockstepMethod *method = self->methods; method->name; method++)
    if (lockstep_json_is_string (name, method->name))
      return method;

  return lockstep_json_is_string (name, default_initialize.name) ? &default_initialize : NULL;
}

char *
lockstep_sdk_solver_list_steps (const LockstepSdkSolver *self)
{
  GString    *list = g_string_new (NULL);
  const char *last = NULL;

  for (const LockstepMethod *method = self->methods; method->name; method++)
    {
      if (is_initialize (method))
        continue;
      if (last)
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", last);
      last = method->name;
    }
  if (last)
    g_string_append_printf (list, "%s%s", list->len > 0 ? " and " : "", last);

  return g_string_free (list, FALSE);
}

void
lockstep_sdk_solver_reset (LockstepSdkSolver *self)
{
  self->initialized = FALSE;
  self->index = 0;
  g_clear_pointer (&self->plan, g_ref_string_release);
}

static GString *
introduce (const LockstepSdkSolver *self)
{
  GString *out = g_string_new ("{");

  lockstep_json_append_string_member (out, "name", self->name);
  lockstep_json_append_name (out, "methods");
  g_string_append_c (out, '[');
  for (const LockstepMethod *method = self->methods; method->name; method++)
    {
      if (is_initialize (method))
        continue;
      if (out->str[out->len - 1] != '[')
        g_string_append_c (out, ',');
      lockstep_json_append_string (out, method->name, -1);
    }
  g_string_append (out, "]}");

  return out;
}

static gboolean
initialize (LockstepSdkSolver *self,
            LockstepCall      *call,
            int               *code,
            GError           **error)
{
  LockstepJson version = lockstep_json_get_member (call->message, "protocol");
  gint64       protocol = PROTOCOL;
  gint64       index = 0;

  lockstep_sdk_solver_reset (self);
  lockstep_json_get_int (version, &protocol);
  if (protocol != PROTOCOL)
    {
      *code = LOCKSTEP_CODE_INVALID_PARAMS;
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                   "the controller speaks version %" G_GINT64_FORMAT " of the protocol, but the solver %s was built "
                   "for version %d; build it again with the SDK of this Lockstep",
                   protocol, self->name, PROTOCOL);
      return FALSE;
    }
  lockstep_json_get_int (lockstep_json_get_member (call->message, "solver"), &index);
  self->index = CLAMP (index, 0, G_MAXINT32);
  if (call->own.text)
    self->plan = g_ref_string_new_len (call->own.text, call->own.length);

  *code = LOCKSTEP_CODE_STEP_FAILED;
  if (!lockstep_call_run (call, NULL, self->index, self->user_data, error))
    return FALSE;
  self->initialized = TRUE;
  lockstep_call_take_answer (call, introduce (self));

  return TRUE;
}

/* Whether the author has written one. */
static gboolean
has_initialize (const LockstepSdkSolver *self)
{
  for (const LockstepMethod *method = self->methods; method->name; method++)
    if (is_initialize (method))
      return TRUE;

  return FALSE;
}

gboolean
lockstep_sdk_solver_compute (LockstepSdkSolver *self,
                             LockstepCall      *call,
                             int               *code,
                             GError           **error)
{
  g_autoptr (GError) reason = NULL;

  if (is_initialize (call->method))
    return initialize (self, call, code, error);

  if (!self->initialized && has_initialize (self))
    {
      *code = LOCKSTEP_CODE_NOT_INITIALIZED;
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_PARAMS,
                   "%s was called, but initialize has not succeeded before it", call->method->name);
      return FALSE;
    }

  if (lockstep_call_run (call, self->plan, self->index, self->user_data, &reason))
    return TRUE;
  *code = g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ? LOCKSTEP_CODE_NO_ROOM : LOCKSTEP_CODE_STEP_FAILED;
  g_propagate_error (error, g_steal_pointer (&reason));

  return FALSE;
}
