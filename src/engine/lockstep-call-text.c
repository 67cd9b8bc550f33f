/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-call-text.h"

#include "lockstep-json-writer.h"

/* Of the protocol that solvers are told in initialize. */
#define PROTOCOL_VERSION 1

struct _LockstepCallText
{
  char      *head; /* "step" and "iteration", what every call begins with */
  guint      parts;
  GPtrArray *pieces; /* of GBytes, ended by NULL: the first is the call's own, the rest shared */
};

static void
bytes_free (gpointer data)
{
  if (data != NULL)
    g_bytes_unref (data);
}

static void
add_text (LockstepCallText *self,
          const char       *text)
{
  g_ptr_array_add (self->pieces, g_bytes_new (text, strlen (text)));
}

static void
add_value (LockstepCallText *self,
           GBytes           *value)
{
  if (value != NULL)
    g_ptr_array_add (self->pieces, g_bytes_ref (value));
  else
    add_text (self, "null");
}

/* The results of the step before, in order. */
static void
add_gathered (LockstepCallText *self,
              GPtrArray        *results)
{
  add_text (self, ",\"input\":[");
  for (guint i = 0; i < results->len; i++)
    {
      if (i > 0)
        add_text (self, ",");
      add_value (self, g_ptr_array_index (results, i));
    }
  add_text (self, "]");
}

LockstepCallText *
lockstep_call_text_new (LockstepRun  *run,
                        LockstepStep *step,
                        guint         iteration,
                        guint         parts)
{
  LockstepCallText *self = g_new0 (LockstepCallText, 1);
  GPtrArray        *results = lockstep_run_get_results (run);
  GBytes           *last_one = lockstep_run_get_last_one (run);
  GBytes           *previous = lockstep_run_get_previous (run, step->index);

  self->head = g_strdup_printf ("{\"step\":%u,\"iteration\":%u", step->index, iteration);
  self->parts = parts;
  self->pieces = g_ptr_array_new_with_free_func (bytes_free);
  g_ptr_array_add (self->pieces, NULL);

  if (step->params != NULL)
    {
      add_text (self, ",\"params\":");
      add_value (self, step->params);
    }
  if (step->kind == LOCKSTEP_STEP_ONE)
    {
      if (results != NULL)
        add_gathered (self, results);
      if (previous != NULL)
        {
          add_text (self, ",\"previous\":");
          add_value (self, previous);
        }
    }
  else if (last_one != NULL)
    {
      add_text (self, ",\"input\":");
      add_value (self, last_one);
    }
  add_text (self, "}");
  g_ptr_array_add (self->pieces, NULL);

  return self;
}

void
lockstep_call_text_free (LockstepCallText *self)
{
  g_free (self->head);
  g_ptr_array_unref (self->pieces);
  g_free (self);
}

GBytes *const *
lockstep_call_text_get (LockstepCallText   *self,
                        const LockstepTurn *turn)
{
  char    own[192];
  int     length;
  GBytes *piece;

  length = g_snprintf (own, sizeof own, "%s,\"task\":%" G_GINT64_FORMAT ",\"attempt\":%u", self->head, turn->task, turn->attempt);
  if (self->parts > 0)
    length += g_snprintf (own + length, sizeof own - (gsize) length, ",\"part\":%u,\"parts\":%u", turn->index, self->parts);

  piece = g_bytes_new (own, (gsize) length);
  bytes_free (g_ptr_array_index (self->pieces, 0));
  g_ptr_array_index (self->pieces, 0) = piece;

  return (GBytes *const *) self->pieces->pdata;
}

GBytes *
lockstep_call_text_new_initialize (LockstepPlan *plan,
                                   guint         solver,
                                   const char   *run,
                                   const char   *directory)
{
  GString    *out = g_string_new ("{");
  gsize       length;
  const char *params = g_bytes_get_data (lockstep_plan_get_params (plan), &length);

  g_string_append_printf (out, "\"protocol\":%d,\"solver\":%u", PROTOCOL_VERSION, solver);
  lockstep_json_append_string_member (out, "run", run);
  lockstep_json_append_string_member (out, "directory", directory);
  g_string_append (out, ",\"params\":");
  g_string_append_len (out, params, (gssize) length);
  g_string_append_c (out, '}');

  return g_string_free_to_bytes (out);
}
