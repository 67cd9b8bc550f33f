/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-spans.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

GArray *
lockstep_task_spans_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (LockstepTaskSpan));
}

static gboolean
parse_span (const char       *text,
            LockstepTaskSpan *span)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 2);
  guint64        from, to;

  if (ends[0] == NULL || !g_ascii_string_to_unsigned (g_strstrip (ends[0]), 10, 0, G_MAXINT64, &from, NULL))
    return FALSE;
  to = from;
  if (ends[1] != NULL && !g_ascii_string_to_unsigned (g_strstrip (ends[1]), 10, from, G_MAXINT64, &to, NULL))
    return FALSE;

  *span = (LockstepTaskSpan){ .from = (gint64) from, .to = (gint64) to };
  return TRUE;
}

GArray *
lockstep_task_spans_parse (const char *text,
                           GError    **error)
{
  g_autoptr (GArray) spans = lockstep_task_spans_new ();
  g_auto (GStrv)     parts = g_strsplit (text, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      LockstepTaskSpan span;

      if (!parse_span (parts[i], &span))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("“%s” is no list of tasks; expected their numbers, as in “17,33-40”"), text);
          return NULL;
        }
      g_array_append_val (spans, span);
    }
  if (spans->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("The list of tasks is empty; expected their numbers, as in “17,33-40”"));
      return NULL;
    }

  return g_steal_pointer (&spans);
}

void
lockstep_task_spans_add (GArray *spans,
                         gint64  task)
{
  LockstepTaskSpan *last = spans->len > 0 ? &g_array_index (spans, LockstepTaskSpan, spans->len - 1) : NULL;

  if (last != NULL && last->to == task - 1)
    last->to = task;
  else
    g_array_append_val (spans, ((LockstepTaskSpan){ .from = task, .to = task }));
}

void
lockstep_task_spans_append_json (GArray  *spans,
                                 GString *out)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < spans->len; i++)
    {
      const LockstepTaskSpan *span = &g_array_index (spans, LockstepTaskSpan, i);

      g_string_append_printf (out, "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]", i > 0 ? "," : "", span->from, span->to);
    }
  g_string_append_c (out, ']');
}
