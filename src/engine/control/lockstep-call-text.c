/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-call-text.h"

#include "lockstep-json-writer.h"

/* Of the protocol that solvers are told in initialize. */
#define PROTOCOL_VERSION 1

struct _LockstepCallText
{
  GString      *own;  /* what is the call's own; its memory is kept for the next one */
  gsize         head; /* how much of it every call begins with: up to the number of the task */
  gboolean      is_part;
  LockstepStep *step;   /* the plan's */
  GPtrArray    *pieces; /* of GBytes, ended by NULL: the first is the call's own, the rest shared */
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

/* Why elements of the input are null. */
static void
add_failures (LockstepCallText *self,
              GHashTable       *failures)
{
  GString       *out = g_string_new (",\"failures\":[");
  GHashTableIter iter;
  gpointer       index, reason;

  g_hash_table_iter_init (&iter, failures);
  while (g_hash_table_iter_next (&iter, &index, &reason))
    {
      g_string_append (out, out->str[out->len - 1] == '[' ? "{" : ",{");
      g_string_append_printf (out, "\"index\":%u", GPOINTER_TO_UINT (index));
      lockstep_json_append_string_member (out, "reason", reason);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
  g_ptr_array_add (self->pieces, g_string_free_to_bytes (out));
}

/* Appends the members of @object, a comma before each but the first of all, except those that @over has too. */
static void
append_members (GString     *out,
                LockstepJson object,
                LockstepJson over)
{
  LockstepJsonIter iter;
  LockstepJson     name, value;

  lockstep_json_iter_init (&iter, object);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *decoded = lockstep_json_dup_string (name, NULL);

      if (lockstep_json_get_member (over, decoded).text != NULL)
        continue;
      if (out->str[out->len - 1] != '{')
        g_string_append_c (out, ',');
      g_string_append_len (out, name.text, (gssize) name.length);
      g_string_append_c (out, ':');
      g_string_append_len (out, value.text, (gssize) value.length);
    }
}

/* The params of a task: its own over those of the step. */
static GBytes *
make_task_params (LockstepStep *step,
                  guint         index)
{
  g_autoptr (GBytes) own = lockstep_task_list_dup_params (step->tasks, index);
  const LockstepJson absent = { NULL, 0 };
  LockstepJson       over, under;
  GString           *out;

  if (step->params == NULL)
    return g_steal_pointer (&own);

  over.text = g_bytes_get_data (own, &over.length);
  under.text = g_bytes_get_data (step->params, &under.length);
  out = g_string_new ("{");
  append_members (out, under, over);
  append_members (out, over, absent);
  g_string_append_c (out, '}');

  return g_string_free_to_bytes (out);
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

  self->own = g_string_sized_new (192);
  g_string_append_c (self->own, '{');
  lockstep_json_append_int_member (self->own, "step", step->index);
  lockstep_json_append_int_member (self->own, "iteration", iteration);
  self->is_part = parts > 0;
  if (self->is_part)
    lockstep_json_append_int_member (self->own, "parts", parts);
  lockstep_json_append_name (self->own, "task");
  self->head = self->own->len;
  self->step = step;
  self->pieces = g_ptr_array_new_with_free_func (bytes_free);
  g_ptr_array_add (self->pieces, NULL);

  if (step->params != NULL && step->kind != LOCKSTEP_STEP_TASKS)
    {
      add_text (self, ",\"params\":");
      add_value (self, step->params);
    }
  if (step->kind == LOCKSTEP_STEP_ONE)
    {
      if (results != NULL)
        add_gathered (self, results);
      if (results != NULL && g_hash_table_size (lockstep_run_get_failures (run)) > 0)
        add_failures (self, lockstep_run_get_failures (run));
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
  g_string_free (self->own, TRUE);
  g_ptr_array_unref (self->pieces);
  g_free (self);
}

GBytes *const *
lockstep_call_text_get (LockstepCallText   *self,
                        const LockstepTurn *turn)
{
  GString *own = self->own;

  g_string_truncate (own, self->head);
  lockstep_json_append_int (own, turn->task);
  lockstep_json_append_literal (own, ",\"attempt\":");
  lockstep_json_append_int (own, turn->attempt);
  if (self->is_part)
    {
      lockstep_json_append_literal (own, ",\"part\":");
      lockstep_json_append_int (own, turn->index);
    }
  if (self->step->kind == LOCKSTEP_STEP_TASKS)
    {
      g_autoptr (GBytes) params = make_task_params (self->step, turn->index);

      lockstep_json_append_literal (own, ",\"params\":");
      lockstep_json_append_text (own, g_bytes_get_data (params, NULL), g_bytes_get_size (params));
    }

  bytes_free (g_ptr_array_index (self->pieces, 0));
  g_ptr_array_index (self->pieces, 0) = g_bytes_new (own->str, own->len);

  return (GBytes *const *) self->pieces->pdata;
}

GBytes *
lockstep_call_text_join (GBytes *const *pieces)
{
  GByteArray *text = g_byte_array_new ();

  for (; *pieces != NULL; pieces++)
    g_byte_array_append (text, g_bytes_get_data (*pieces, NULL), (guint) g_bytes_get_size (*pieces));

  return g_byte_array_free_to_bytes (text);
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
  /* The adapter reads the program as the plan has it. */
  if (lockstep_plan_get_program (plan) != NULL)
    {
      const char *program = g_bytes_get_data (lockstep_plan_get_program_text (plan), &length);

      lockstep_json_append_string_member (out, "folder", lockstep_plan_get_directory (plan));
      g_string_append (out, ",\"program\":");
      g_string_append_len (out, program, (gssize) length);
    }
  g_string_append_c (out, '}');

  return g_string_free_to_bytes (out);
}
