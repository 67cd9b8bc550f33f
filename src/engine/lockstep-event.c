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
  };
}

void
lockstep_event_clear (LockstepEvent *event)
{
  g_clear_pointer (&event->payload, g_bytes_unref);
}

/* Appends `,"name":number` unless the index does not apply. */
static void
append_index (GString    *out,
              const char *name,
              gint64      index)
{
  char  digits[24];
  char *first = digits + sizeof digits;

  if (index < 0)
    return;

  do
    *--first = (char) ('0' + index % 10);
  while ((index /= 10) > 0);

  g_string_append (out, ",\"");
  g_string_append (out, name);
  g_string_append (out, "\":");
  g_string_append_len (out, first, digits + sizeof digits - first);
}

void
lockstep_event_append_line (const LockstepEvent *event,
                            GString             *out,
                            const char          *result_file)
{
  g_string_append (out, "{\"event\":\"");
  g_string_append (out, kinds[event->type].name);
  g_string_append_c (out, '"');
  append_index (out, "time", event->time);
  append_index (out, "solver", event->solver);
  append_index (out, "step", event->step);
  append_index (out, "iteration", event->iteration);
  append_index (out, "task", event->task);
  append_index (out, "attempt", event->attempt);

  if (result_file != NULL)
    {
      lockstep_json_append_string_member (out, "file", result_file);
    }
  else if (event->payload != NULL)
    {
      gsize       length;
      const char *text = g_bytes_get_data (event->payload, &length);

      g_string_append (out, ",\"data\":");
      g_string_append_len (out, text, (gssize) length);
    }
  g_string_append (out, "}\n");
}

static gint64
read_index (LockstepJson line,
            const char  *name)
{
  gint64 index;

  if (!lockstep_json_get_int (lockstep_json_get_member (line, name), &index) || index < 0)
    return -1;

  return index;
}

gboolean
lockstep_event_read_line (GBytes        *bytes,
                          LockstepEvent *event,
                          char         **result_file,
                          GError       **error)
{
  gsize            length;
  const char      *text = g_bytes_get_data (bytes, &length);
  LockstepJson     line, data;
  g_autofree char *name = NULL;

  lockstep_event_init (event, LOCKSTEP_EVENT_LOG);
  if (result_file != NULL)
    *result_file = NULL;
  if (!lockstep_json_scan (text, length, &line, error))
    return FALSE;

  name = lockstep_json_dup_string (lockstep_json_get_member (line, "event"), NULL);
  if (name == NULL || !lockstep_event_type_from_name (name, &event->type))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "“%s” is not an event that this version of Lockstep knows", name != NULL ? name : "");
      return FALSE;
    }

  event->time = read_index (line, "time");
  event->solver = (int) read_index (line, "solver");
  event->step = (int) read_index (line, "step");
  event->iteration = (int) read_index (line, "iteration");
  event->task = read_index (line, "task");
  event->attempt = (int) read_index (line, "attempt");

  data = lockstep_json_get_member (line, "data");
  if (data.text != NULL)
    event->payload = lockstep_json_slice (data, bytes);
  if (result_file != NULL)
    *result_file = lockstep_json_dup_string (lockstep_json_get_member (line, "file"), NULL);

  return TRUE;
}
