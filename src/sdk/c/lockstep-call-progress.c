/* SPDX-License-Identifier: MIT */

#include "lockstep-call-private.h"

#include <string.h>

#include "lockstep-json-writer.h"
#include "lockstep-node.h"

static void
append_status (LockstepCall *self,
               GString      *out)
{
  lockstep_json_append_name (out, "fraction");
  if (self->fraction < 0)
    g_string_append (out, "null");
  else
    lockstep_json_append_double (out, self->fraction);
  lockstep_json_append_name (out, "message");
  if (self->status)
    lockstep_json_append_string (out, self->status, -1);
  else
    g_string_append (out, "null");
}

gboolean
lockstep_call_append_status (LockstepCall *self,
                             GString      *out)
{
  gboolean computing;

  g_mutex_lock (&self->lock);
  computing = !self->finished;
  if (computing)
    append_status (self, out);
  g_mutex_unlock (&self->lock);

  return computing;
}

static void
append_values (LockstepCall *self,
               GString      *out)
{
  gboolean any = FALSE;

  for (guint i = 0; self->reports && i < self->reports->len; i++)
    {
      LockstepReport *report = &g_array_index (self->reports, LockstepReport, i);

      if (!report->is_new)
        continue;
      if (!any)
        {
          lockstep_json_append_name (out, "values");
          g_string_append_c (out, '{');
          any = TRUE;
        }
      lockstep_json_append_name (out, report->name);
      lockstep_json_append_double (out, report->value);
      report->is_new = FALSE;
    }
  if (any)
    g_string_append_c (out, '}');
}

void
lockstep_call_send_progress (LockstepCall *self)
{
  g_autoptr (GString) params = g_string_new ("{");

  if (self->task >= 0)
    {
      lockstep_json_append_name (params, "task");
      g_string_append_printf (params, "%" G_GINT64_FORMAT, self->task);
    }
  append_status (self, params);
  append_values (self, params);
  g_string_append_c (params, '}');

  self->outlet->notify (self->outlet->data, "progress", params->str, params->len);
  self->sent_at = g_get_monotonic_time ();
  self->waiting = FALSE;
}

void
lockstep_call_flush (LockstepCall *self)
{
  g_mutex_lock (&self->lock);
  if (self->waiting && !self->finished && g_get_monotonic_time () >= self->sent_at + LOCKSTEP_PROGRESS_INTERVAL)
    lockstep_call_send_progress (self);
  g_mutex_unlock (&self->lock);
}

/* There is something new: sends it if the last is long enough ago, or asks to be reminded when it is. */
static void
progress_changed (LockstepCall *self)
{
  if (self->finished)
    return;
  if (self->sent_at == 0 || g_get_monotonic_time () >= self->sent_at + LOCKSTEP_PROGRESS_INTERVAL)
    {
      lockstep_call_send_progress (self);
    }
  else if (!self->waiting)
    {
      self->waiting = TRUE;
      self->outlet->remind (self->outlet->data, self->sent_at + LOCKSTEP_PROGRESS_INTERVAL);
    }
}

/* What is only to be looked at is no reason to lose the work: says so the first time. With the lock held. */
static void
leave_out (LockstepCall *self,
           const GError *error)
{
  if (self->finished || self->has_left_out)
    return;
  self->has_left_out = TRUE;
  lockstep_call_log (self, "warning", "%s; it was left out of the progress", error->message);
}

void
lockstep_call_set_progress (LockstepCall *self,
                            double        fraction,
                            const char   *message)
{
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->lock);
  if (lockstep_check_finite ("progress", fraction, &error))
    self->fraction = MIN (fraction, 1);
  else
    leave_out (self, error);
  if (g_strcmp0 (self->status, message) != 0)
    {
      g_free (self->status);
      self->status = g_strdup (message);
    }
  progress_changed (self);
  g_mutex_unlock (&self->lock);
}

static void
clear_report (gpointer report)
{
  g_free (((LockstepReport *) report)->name);
}

/* The report @name, made if it is new. */
static LockstepReport *
get_report (LockstepCall *self,
            const char   *name)
{
  LockstepReport report = { NULL };

  if (!self->reports)
    {
      self->reports = g_array_new (FALSE, FALSE, sizeof (LockstepReport));
      g_array_set_clear_func (self->reports, clear_report);
    }
  for (guint i = 0; i < self->reports->len; i++)
    if (strcmp (g_array_index (self->reports, LockstepReport, i).name, name) == 0)
      return &g_array_index (self->reports, LockstepReport, i);
  report.name = g_strdup (name);
  g_array_append_val (self->reports, report);

  return &g_array_index (self->reports, LockstepReport, self->reports->len - 1);
}

void
lockstep_call_report (LockstepCall *self,
                      const char   *name,
                      double        value)
{
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->lock);
  if (!lockstep_check_finite (name, value, &error))
    {
      leave_out (self, error);
    }
  else
    {
      LockstepReport *report = get_report (self, name);

      report->value = value;
      report->is_new = TRUE;
      progress_changed (self);
    }
  g_mutex_unlock (&self->lock);
}

void
lockstep_call_log (LockstepCall *self,
                   const char   *level,
                   const char   *format,
                   ...)
{
  g_autoptr (GString) params = g_string_new ("{");
  g_autofree char    *text = NULL;
  va_list             arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  lockstep_json_append_string_member (params, "level", level);
  lockstep_json_append_string_member (params, "text", text);
  g_string_append_c (params, '}');
  self->outlet->notify (self->outlet->data, "log", params->str, params->len);
}
