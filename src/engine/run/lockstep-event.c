/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-event.h"

#include <gio/gio.h>

#include "lockstep-json-writer.h"

typedef struct
{
  const char *name;
  gboolean    is_fact;
} EventKind;

static const EventKind kinds[LOCKSTEP_N_EVENTS] = {
  [LOCKSTEP_EVENT_RUN_STARTED] = { "run-started", TRUE },
  [LOCKSTEP_EVENT_RUN_STOPPING] = { "run-stopping", TRUE },
  [LOCKSTEP_EVENT_RUN_PAUSED] = { "run-paused", TRUE },
  [LOCKSTEP_EVENT_RUN_CONTINUED] = { "run-continued", TRUE },
  [LOCKSTEP_EVENT_RUN_FINISHING] = { "run-finishing", TRUE },
  [LOCKSTEP_EVENT_RUN_ENDED] = { "run-ended", TRUE },
  [LOCKSTEP_EVENT_SOLVER_LAUNCHED] = { "solver-launched", TRUE },
  [LOCKSTEP_EVENT_SOLVER_STARTED] = { "solver-started", TRUE },
  [LOCKSTEP_EVENT_SOLVER_READY] = { "solver-ready", TRUE },
  [LOCKSTEP_EVENT_SOLVER_STOPPING] = { "solver-stopping", TRUE },
  [LOCKSTEP_EVENT_SOLVER_ENDED] = { "solver-ended", TRUE },
  [LOCKSTEP_EVENT_STEP_STARTED] = { "step-started", TRUE },
  [LOCKSTEP_EVENT_TASK_STARTED] = { "task-started", TRUE },
  [LOCKSTEP_EVENT_TASK_ENDED] = { "task-ended", TRUE },
  [LOCKSTEP_EVENT_TASK_FAILED] = { "task-failed", TRUE },
  [LOCKSTEP_EVENT_TASK_LATE] = { "task-late", TRUE },
  [LOCKSTEP_EVENT_STEP_ENDED] = { "step-ended", TRUE },
  [LOCKSTEP_EVENT_LOOP_ITERATED] = { "loop-iterated", TRUE },
  [LOCKSTEP_EVENT_LOOP_LEAVING] = { "loop-leaving", TRUE },
  [LOCKSTEP_EVENT_ESTIMATE] = { "estimate", TRUE },
  [LOCKSTEP_EVENT_LOG] = { "log", TRUE },
  [LOCKSTEP_EVENT_PROGRESS] = { "progress", FALSE },
  [LOCKSTEP_EVENT_USAGE] = { "usage", FALSE },
  [LOCKSTEP_EVENT_OUTPUT] = { "output", FALSE },
};

const char *
lockstep_event_type_to_name (LockstepEventType type)
{
  g_return_val_if_fail (type < LOCKSTEP_N_EVENTS, NULL);

  return kinds[type].name;
}

gboolean
lockstep_event_type_from_name (const char        *name,
                               LockstepEventType *type)
{
  for (guint i = 0; i < LOCKSTEP_N_EVENTS; i++)
    if (g_str_equal (kinds[i].name, name))
      {
        *type = i;
        return TRUE;
      }

  return FALSE;
}

gboolean
lockstep_event_type_is_fact (LockstepEventType type)
{
  g_return_val_if_fail (type < LOCKSTEP_N_EVENTS, FALSE);

  return kinds[type].is_fact;
}

void
lockstep_event_init (LockstepEvent    *event,
                     LockstepEventType type)
{
  *event = (LockstepEvent){
    .type = type,
    .time = g_get_real_time (),
    .solver = -1,
    .step = -1,
    .iteration = -1,
    .task = -1,
    .attempt = -1,
    .part = -1,
    .parts = -1,
  };
}

void
lockstep_event_clear (LockstepEvent *event)
{
  g_clear_pointer (&event->payload, g_bytes_unref);
}

/* Appends `,"name":number` unless the index does not apply. */
#define append_index(out, name, index)                        \
  G_STMT_START                                                \
  {                                                           \
    if ((index) >= 0)                                         \
      {                                                       \
        lockstep_json_append_literal (out, ",\"" name "\":"); \
        lockstep_json_append_int (out, index);                \
      }                                                       \
  }                                                           \
  G_STMT_END

void
lockstep_event_append_line (const LockstepEvent *event,
                            GString             *out,
                            const char          *result_file)
{
  lockstep_json_append_literal (out, "{\"event\":\"");
  lockstep_json_append_text (out, kinds[event->type].name, strlen (kinds[event->type].name));
  lockstep_json_append_literal (out, "\"");
  append_index (out, "time", event->time);
  append_index (out, "solver", event->solver);
  append_index (out, "step", event->step);
  append_index (out, "iteration", event->iteration);
  append_index (out, "task", event->task);
  append_index (out, "attempt", event->attempt);
  append_index (out, "part", event->part);
  append_index (out, "parts", event->parts);

  if (result_file != NULL)
    {
      lockstep_json_append_string_member (out, "file", result_file);
    }
  else if (event->payload != NULL)
    {
      gsize       length;
      const char *text = g_bytes_get_data (event->payload, &length);

      lockstep_json_append_literal (out, ",\"data\":");
      lockstep_json_append_text (out, text, length);
    }
  lockstep_json_append_literal (out, "}\n");
}

static gint64
read_index (LockstepJson value)
{
  gint64 index;

  return lockstep_json_get_int (value, &index) && index >= 0 ? index : -1;
}

/* Takes in one member of the line @bytes. A journal may have millions of lines, so that each is walked once. */
static void
read_member (LockstepEvent *event,
             LockstepJson   name,
             LockstepJson   value,
             GBytes        *bytes,
             char         **type_name,
             char         **result_file)
{
  if (lockstep_json_is_string (name, "event"))
    {
      g_free (*type_name);
      *type_name = lockstep_json_dup_string (value, NULL);
    }
  else if (lockstep_json_is_string (name, "time"))
    event->time = read_index (value);
  else if (lockstep_json_is_string (name, "solver"))
    event->solver = (int) read_index (value);
  else if (lockstep_json_is_string (name, "step"))
    event->step = (int) read_index (value);
  else if (lockstep_json_is_string (name, "iteration"))
    event->iteration = (int) read_index (value);
  else if (lockstep_json_is_string (name, "task"))
    event->task = read_index (value);
  else if (lockstep_json_is_string (name, "attempt"))
    event->attempt = (int) read_index (value);
  else if (lockstep_json_is_string (name, "part"))
    event->part = (int) read_index (value);
  else if (lockstep_json_is_string (name, "parts"))
    event->parts = (int) read_index (value);
  else if (lockstep_json_is_string (name, "data"))
    {
      g_clear_pointer (&event->payload, g_bytes_unref);
      event->payload = lockstep_json_slice (value, bytes);
    }
  else if (lockstep_json_is_string (name, "file") && result_file != NULL)
    {
      g_free (*result_file);
      *result_file = lockstep_json_dup_string (value, NULL);
    }
}

static gboolean
is_of_task (LockstepEventType type)
{
  return type == LOCKSTEP_EVENT_TASK_STARTED || type == LOCKSTEP_EVENT_TASK_ENDED || type == LOCKSTEP_EVENT_TASK_FAILED ||
         type == LOCKSTEP_EVENT_TASK_LATE;
}

gboolean
lockstep_event_read_line (GBytes        *bytes,
                          LockstepEvent *event,
                          char         **result_file,
                          GError       **error)
{
  gsize            length;
  const char      *text = g_bytes_get_data (bytes, &length);
  LockstepJson     line, name, value;
  LockstepJsonIter iter;
  g_autofree char *type_name = NULL;

  lockstep_event_init (event, LOCKSTEP_EVENT_LOG);
  event->time = -1;
  if (result_file != NULL)
    *result_file = NULL;
  if (!lockstep_json_scan (text, length, &line, error))
    return FALSE;

  lockstep_json_iter_init (&iter, line);
  while (lockstep_json_iter_next (&iter, &name, &value))
    read_member (event, name, value, bytes, &type_name, result_file);

  if (type_name == NULL || !lockstep_event_type_from_name (type_name, &event->type))
    {
      lockstep_event_clear (event);
      if (result_file != NULL)
        g_clear_pointer (result_file, g_free);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "“%s” is not an event that this version of Lockstep knows", type_name != NULL ? type_name : "");
      return FALSE;
    }
  if (event->time < 0 || (is_of_task (event->type) && event->task < 0))
    {
      lockstep_event_clear (event);
      if (result_file != NULL)
        g_clear_pointer (result_file, g_free);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” has no “%s”", type_name, event->time < 0 ? "time" : "task");
      return FALSE;
    }

  return TRUE;
}

LockstepJson
lockstep_event_get_payload (const LockstepEvent *self)
{
  LockstepJson payload = { NULL, 0 };

  if (self->payload != NULL)
    payload.text = g_bytes_get_data (self->payload, &payload.length);

  return payload;
}
