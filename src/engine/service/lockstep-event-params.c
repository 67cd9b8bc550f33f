/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-event-params.h"

#include "lockstep-json.h"

GBytes *
lockstep_event_params_new (const LockstepEvent *event,
                           guint64              number)
{
  GString *text = g_string_new ("{");

  if (number > 0)
    g_string_append_printf (text, "\"number\":%" G_GUINT64_FORMAT ",", number);
  g_string_append (text, "\"event\":");
  lockstep_event_append_line (event, text, NULL);
  text->str[text->len - 1] = '}'; /* for the newline */

  return g_string_free_to_bytes (text);
}

gboolean
lockstep_event_params_read (GBytes        *params,
                            LockstepEvent *event,
                            guint64       *number,
                            GError       **error)
{
  LockstepJson       object;
  gint64             n = 0;
  g_autoptr (GBytes) line = NULL;

  object.text = g_bytes_get_data (params, &object.length);
  lockstep_json_get_int (lockstep_json_get_member (object, "number"), &n);
  *number = (guint64) MAX (n, 0);
  object = lockstep_json_get_member (object, "event");
  line = object.text != NULL ? lockstep_json_slice (object, params) : g_bytes_new_static ("", 0);

  return lockstep_event_read_line (line, event, NULL, error);
}
