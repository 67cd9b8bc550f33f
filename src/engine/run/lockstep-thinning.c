/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-thinning.h"

#include "lockstep-json-writer.h"
#include "lockstep-json.h"

/* Values that are counted; charts show no more. */
#define MAX_VALUES 32

/* Of one solver. */
typedef struct
{
  gint64        kept[LOCKSTEP_N_EVENTS - LOCKSTEP_EVENT_PROGRESS]; /* when the newest sample that was kept came, by type (µs, UTC) */
  gboolean      has_begun;                                         /* a task of which no values were told yet */
  gboolean      is_held;
  LockstepEvent held; /* the newest PROGRESS, or the newest with values, since one was kept */
} Solver;

struct _LockstepThinning
{
  GArray     *solvers;  /* of Solver */
  GHashTable *left_out; /* name of a value → how many reports of it */
};

static void
drop_held (Solver *solver)
{
  if (solver->is_held)
    lockstep_event_clear (&solver->held);
  solver->is_held = FALSE;
}

LockstepThinning *
lockstep_thinning_new (void)
{
  LockstepThinning *self = g_new0 (LockstepThinning, 1);

  self->solvers = g_array_new (FALSE, TRUE, sizeof (Solver));
  g_array_set_clear_func (self->solvers, (GDestroyNotify) drop_held);
  self->left_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
lockstep_thinning_free (LockstepThinning *self)
{
  g_array_unref (self->solvers);
  g_hash_table_unref (self->left_out);
  g_free (self);
}

static LockstepJson
get_values (const LockstepEvent *event)
{
  LockstepJson payload = { NULL, 0 };

  if (event->payload != NULL)
    payload.text = g_bytes_get_data (event->payload, &payload.length);

  return lockstep_json_get_member (payload, "values");
}

/* Counts @by more reports of the values in @event. */
static void
count (LockstepThinning    *self,
       const LockstepEvent *event,
       int                  by)
{
  LockstepJson     values = get_values (event);
  LockstepJson     name, value;
  LockstepJsonIter iter;
  double           number;

  if (lockstep_json_get_kind (values) != LOCKSTEP_JSON_OBJECT)
    return;

  lockstep_json_iter_init (&iter, values);
  while (lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char *key = lockstep_json_dup_string (name, NULL);
      gpointer         before = g_hash_table_lookup (self->left_out, key);

      if (lockstep_json_get_double (value, &number) &&
          (before != NULL || g_hash_table_size (self->left_out) < MAX_VALUES))
        g_hash_table_insert (self->left_out, g_steal_pointer (&key), GSIZE_TO_POINTER (GPOINTER_TO_SIZE (before) + (gsize) by));
    }
}

static void
hold (LockstepThinning    *self,
      Solver              *solver,
      const LockstepEvent *event)
{
  count (self, event, 1);
  if (solver->is_held && get_values (event).text == NULL && get_values (&solver->held).text != NULL)
    return;

  drop_held (solver);
  solver->held = *event;
  if (event->payload != NULL)
    g_bytes_ref (event->payload);
  solver->is_held = TRUE;
}

static Solver *
get_solver (LockstepThinning *self,
            int               index)
{
  if (self->solvers->len <= (guint) index)
    g_array_set_size (self->solvers, (guint) index + 1);

  return &g_array_index (self->solvers, Solver, index);
}

gboolean
lockstep_thinning_take (LockstepThinning    *self,
                        const LockstepEvent *event)
{
  const gint64 interval = event->type == LOCKSTEP_EVENT_OUTPUT ? G_USEC_PER_SEC / 4 : G_USEC_PER_SEC;
  Solver      *solver;
  gint64      *kept;
  gboolean     is_first;

  if (event->solver < 0)
    return TRUE;
  if (lockstep_event_type_is_fact (event->type))
    {
      if (event->type == LOCKSTEP_EVENT_TASK_STARTED)
        get_solver (self, event->solver)->has_begun = TRUE;
      return TRUE;
    }

  solver = get_solver (self, event->solver);
  kept = &solver->kept[event->type - LOCKSTEP_EVENT_PROGRESS];
  /* The first values of a task are due, however soon they come. */
  is_first = event->type == LOCKSTEP_EVENT_PROGRESS && solver->has_begun && get_values (event).text != NULL;
  if (is_first)
    solver->has_begun = FALSE;
  if (event->time - *kept < interval && !is_first)
    {
      if (event->type == LOCKSTEP_EVENT_PROGRESS)
        hold (self, solver, event);
      return FALSE;
    }

  *kept = event->time;
  if (event->type == LOCKSTEP_EVENT_PROGRESS)
    drop_held (solver);

  return TRUE;
}

static gboolean
changes_task (LockstepEventType type)
{
  return type == LOCKSTEP_EVENT_TASK_STARTED || type == LOCKSTEP_EVENT_TASK_ENDED ||
         type == LOCKSTEP_EVENT_TASK_FAILED || type == LOCKSTEP_EVENT_SOLVER_ENDED;
}

gboolean
lockstep_thinning_release (LockstepThinning    *self,
                           const LockstepEvent *event,
                           LockstepEvent       *held)
{
  Solver *solver;

  if (event->solver < 0 || !changes_task (event->type))
    return FALSE;
  solver = get_solver (self, event->solver);
  if (!solver->is_held)
    return FALSE;

  *held = solver->held;
  solver->is_held = FALSE;
  solver->kept[0] = 0;
  count (self, held, -1);

  return TRUE;
}

char *
lockstep_thinning_dup_left_out (LockstepThinning *self)
{
  GString       *out = g_string_new ("{");
  GHashTableIter iter;
  gpointer       name, number;

  g_hash_table_iter_init (&iter, self->left_out);
  while (g_hash_table_iter_next (&iter, &name, &number))
    if (number != NULL)
      lockstep_json_append_int_member (out, name, (gint64) GPOINTER_TO_SIZE (number));
  if (out->len == 1)
    {
      g_string_free (out, TRUE);
      return NULL;
    }

  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}
