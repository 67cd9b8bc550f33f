/* SPDX-License-Identifier: MIT */

#include "lockstep-call-private.h"

#include "lockstep-json-writer.h"
#include "lockstep-node.h"
#include "lockstep-vector.h"

/* Begins the member @name; NULL, and the call has failed, when there can be none. */
static GString *
begin_member (LockstepCall *self,
              const char   *name)
{
  if (self->is_whole)
    {
      lockstep_call_fail (self, g_error_new (LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_RESULT,
                                             "the result was given as one text: “%s” cannot be added", name));
      return NULL;
    }
  if (!self->result)
    self->result = g_string_new ("{");
  lockstep_json_append_name (self->result, name);

  return self->result;
}

void
lockstep_call_return_double (LockstepCall *self,
                             const char   *name,
                             double        value)
{
  GError  *error = NULL;
  GString *out;

  g_mutex_lock (&self->lock);
  if (!lockstep_check_finite (name, value, &error))
    lockstep_call_fail (self, error);
  else if ((out = begin_member (self, name)))
    lockstep_json_append_double (out, value);
  g_mutex_unlock (&self->lock);
}

void
lockstep_call_return_int (LockstepCall *self,
                          const char   *name,
                          gint64        value)
{
  GString *out;

  g_mutex_lock (&self->lock);
  if ((out = begin_member (self, name)))
    g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
  g_mutex_unlock (&self->lock);
}

void
lockstep_call_return_boolean (LockstepCall *self,
                              const char   *name,
                              gboolean      value)
{
  GString *out;

  g_mutex_lock (&self->lock);
  if ((out = begin_member (self, name)))
    g_string_append (out, value ? "true" : "false");
  g_mutex_unlock (&self->lock);
}

void
lockstep_call_return_string (LockstepCall *self,
                             const char   *name,
                             const char   *value)
{
  GString *out;

  g_mutex_lock (&self->lock);
  out = begin_member (self, name);
  if (out && value)
    lockstep_json_append_string (out, value, -1);
  else if (out)
    g_string_append (out, "null");
  g_mutex_unlock (&self->lock);
}

/* The vector's first value that is not finite makes the call fail. */
static gboolean
check_vector (LockstepCall *self,
              const char   *name,
              const double *values,
              gsize         n_values)
{
  for (gsize i = 0; i < n_values; i++)
    {
      g_autofree char *element = NULL;
      GError          *error = NULL;

      if (G_LIKELY (values[i] - values[i] == 0))
        continue;
      element = g_strdup_printf ("%s[%" G_GSIZE_FORMAT "]", name, i);
      lockstep_check_finite (element, values[i], &error);
      lockstep_call_fail (self, error);
      return FALSE;
    }

  return TRUE;
}

void
lockstep_call_return_vector (LockstepCall *self,
                             const char   *name,
                             const double *values,
                             gsize         n_values)
{
  GString *out;

  g_mutex_lock (&self->lock);
  if (check_vector (self, name, values, n_values) && (out = begin_member (self, name)))
    lockstep_vector_append (out, values, n_values);
  g_mutex_unlock (&self->lock);
}

void
lockstep_call_return_node (LockstepCall *self,
                           const char   *name,
                           JsonNode     *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GError             *error = NULL;
  GString            *out;

  g_mutex_lock (&self->lock);
  if (!lockstep_node_write (text, value, name, &error))
    lockstep_call_fail (self, error);
  else if ((out = begin_member (self, name)))
    g_string_append_len (out, text->str, text->len);
  g_mutex_unlock (&self->lock);
}

/* How many arrays and objects are within each other in scanned text. */
static guint
measure_depth (const char *text)
{
  guint    depth = 0;
  guint    deepest = 0;
  gboolean in_string = FALSE;

  for (; *text; text++)
    {
      if (in_string && *text == '\\')
        text++;
      else if (*text == '"')
        in_string = !in_string;
      else if (!in_string && (*text == '{' || *text == '['))
        {
          depth++;
          deepest = MAX (deepest, depth);
        }
      else if (!in_string && (*text == '}' || *text == ']'))
        depth--;
    }

  return deepest;
}

void
lockstep_call_return_text (LockstepCall *self,
                           const char   *text)
{
  GString     *result = g_string_new (text);
  LockstepJson value;
  GError      *error = NULL;

  g_mutex_lock (&self->lock);
  if (!lockstep_json_scan (result->str, result->len, &value, &error))
    g_prefix_error_literal (&error, "the result is not JSON: ");
  else if (measure_depth (result->str) > LOCKSTEP_NODE_MAX_DEPTH)
    g_set_error (&error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_RESULT, "the result is nested deeper than %d levels",
                 LOCKSTEP_NODE_MAX_DEPTH);
  if (error)
    {
      lockstep_call_fail (self, error);
      g_string_free (result, TRUE);
    }
  else
    {
      /* Between tokens is the only place for them in JSON, and a message is one line. */
      g_strdelimit (result->str, "\r\n", ' ');
      if (self->result)
        g_string_free (self->result, TRUE);
      self->result = result;
      self->is_whole = TRUE;
    }
  g_mutex_unlock (&self->lock);
}
