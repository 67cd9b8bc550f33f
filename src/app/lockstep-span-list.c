/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-span-list.h"

#include <glib/gi18n-lib.h>

#include "lockstep-axis.h"
#include "lockstep-number-text.h"
#include "lockstep-timeline-words.h"

struct _LockstepSpanItem
{
  GObject      parent_instance;
  LockstepSpan span;
  guint        solver;
  const char  *step; /* the plan's, which outlives what is shown of it */
  int          iteration;
  char        *clock;
  gint64       start; /* UTC in µs */
};

G_DEFINE_FINAL_TYPE (LockstepSpanItem, lockstep_span_item, G_TYPE_OBJECT)

static void
lockstep_span_item_finalize (GObject *object)
{
  g_free (LOCKSTEP_SPAN_ITEM (object)->clock);

  G_OBJECT_CLASS (lockstep_span_item_parent_class)->finalize (object);
}

static void
lockstep_span_item_class_init (LockstepSpanItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lockstep_span_item_finalize;
}

static void
lockstep_span_item_init (LockstepSpanItem *self)
{
}

static char *
dup_task (LockstepSpanItem *self)
{
  g_autofree char *first = lockstep_number_dup_text ((guint64) self->span.task);
  g_autofree char *n_tasks = NULL;

  if (self->span.n_tasks == 1)
    return g_steal_pointer (&first);

  n_tasks = lockstep_number_dup_text (self->span.n_tasks);
  return g_strdup_printf (_ ("%s tasks from %s on"), n_tasks, first);
}

static char *
dup_length (LockstepSpanItem *self)
{
  const double seconds = (double) (self->span.end - self->span.start) / G_USEC_PER_SEC;

  if (self->span.end == LOCKSTEP_TRACE_OPEN)
    return g_strdup ("");

  return lockstep_axis_dup_time (seconds, MAX (seconds / 1000, 1e-6));
}

char *
lockstep_span_item_dup_text (LockstepSpanItem  *self,
                             LockstepSpanColumn column)
{
  g_return_val_if_fail (LOCKSTEP_IS_SPAN_ITEM (self), NULL);

  switch (column)
    {
    case LOCKSTEP_SPAN_SOLVER:
      return g_strdup_printf ("%u", self->solver);
    case LOCKSTEP_SPAN_STEP:
      return g_strdup (self->step);
    case LOCKSTEP_SPAN_ITERATION:
      return self->iteration > 0 ? g_strdup_printf ("%d", self->iteration) : g_strdup ("");
    case LOCKSTEP_SPAN_TASK:
      return dup_task (self);
    case LOCKSTEP_SPAN_ATTEMPT:
      return g_strdup_printf ("%d", self->span.attempt);
    case LOCKSTEP_SPAN_START:
      return g_strdup (self->clock);
    case LOCKSTEP_SPAN_LENGTH:
      return dup_length (self);
    case LOCKSTEP_SPAN_OUTCOME:
      return g_strdup (lockstep_span_outcome_to_text (self->span.outcome));
    case LOCKSTEP_SPAN_N_COLUMNS:
    default:
      g_return_val_if_reached (NULL);
    }
}

gint64
lockstep_span_item_get_start (LockstepSpanItem *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_SPAN_ITEM (self), 0);

  return self->start;
}

struct _LockstepSpanList
{
  GObject            parent_instance;
  LockstepChronicle *chronicle; /* NULL for none */
  GArray            *counts;    /* of guint: how many spans of each solver are told */
  guint              n_items;
};

static GType
lockstep_span_list_get_item_type (GListModel *list)
{
  return LOCKSTEP_TYPE_SPAN_ITEM;
}

static guint
lockstep_span_list_get_n_items (GListModel *list)
{
  return LOCKSTEP_SPAN_LIST (list)->n_items;
}

static gpointer
lockstep_span_list_get_item (GListModel *list,
                             guint       position)
{
  LockstepSpanList *self = LOCKSTEP_SPAN_LIST (list);
  LockstepTrace    *trace;
  LockstepSpanItem *item;
  const GArray     *spans;
  guint             solver = 0;

  if (position >= self->n_items)
    return NULL;

  while (position >= g_array_index (self->counts, guint, solver))
    position -= g_array_index (self->counts, guint, solver++);

  trace = lockstep_chronicle_get_trace (self->chronicle);
  spans = lockstep_trace_get_row (trace, solver)->spans;
  item = g_object_new (LOCKSTEP_TYPE_SPAN_ITEM, NULL);
  item->solver = solver;
  /* Some may have become one since it was told how many there are. */
  item->span = g_array_index (spans, LockstepSpan, MIN (position, spans->len - 1));
  item->step = lockstep_timeline_words_get_step (trace, item->span.step);
  item->iteration = lockstep_timeline_words_get_iteration (trace, &item->span);
  item->clock = lockstep_timeline_words_dup_clock (trace, item->span.start, 5000);
  item->start = lockstep_trace_to_clock (trace, item->span.start);

  return item;
}

static void
lockstep_span_list_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = lockstep_span_list_get_item_type;
  interface->get_n_items = lockstep_span_list_get_n_items;
  interface->get_item = lockstep_span_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LockstepSpanList, lockstep_span_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, lockstep_span_list_list_model_init))

/* Everything is another. */
static void
reset (LockstepSpanList *self)
{
  const guint n_before = self->n_items;

  g_array_set_size (self->counts, 0);
  self->n_items = 0;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, 0);
}

static void
lockstep_span_list_dispose (GObject *object)
{
  g_clear_object (&LOCKSTEP_SPAN_LIST (object)->chronicle);

  G_OBJECT_CLASS (lockstep_span_list_parent_class)->dispose (object);
}

static void
lockstep_span_list_finalize (GObject *object)
{
  g_array_unref (LOCKSTEP_SPAN_LIST (object)->counts);

  G_OBJECT_CLASS (lockstep_span_list_parent_class)->finalize (object);
}

static void
lockstep_span_list_class_init (LockstepSpanListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lockstep_span_list_dispose;
  G_OBJECT_CLASS (class)->finalize = lockstep_span_list_finalize;
}

static void
lockstep_span_list_init (LockstepSpanList *self)
{
  self->counts = g_array_new (FALSE, TRUE, sizeof (guint));
}

LockstepSpanList *
lockstep_span_list_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_SPAN_LIST, NULL);
}

void
lockstep_span_list_set_chronicle (LockstepSpanList  *self,
                                  LockstepChronicle *chronicle)
{
  g_return_if_fail (LOCKSTEP_IS_SPAN_LIST (self));

  if (chronicle == self->chronicle)
    return;

  reset (self);
  g_set_object (&self->chronicle, chronicle);
}

/* Tells of the spans that @solver, whose first one is at @position, has more, and of the last one that was told, which may
 * have ended since. */
static void
update_row (LockstepSpanList *self,
            LockstepTrace    *trace,
            guint             solver,
            guint             position)
{
  guint      *count = &g_array_index (self->counts, guint, solver);
  const guint n_before = *count, n_now = lockstep_trace_get_row (trace, solver)->spans->len;
  const guint again = n_before > 0 ? 1 : 0;

  if (n_now == n_before)
    return;

  *count = n_now;
  self->n_items += n_now - n_before;
  g_list_model_items_changed (G_LIST_MODEL (self), position + n_before - again, again, n_now - n_before + again);
}

void
lockstep_span_list_update (LockstepSpanList *self)
{
  LockstepTrace *trace;
  guint          n_rows, position = 0;

  g_return_if_fail (LOCKSTEP_IS_SPAN_LIST (self));

  if (self->chronicle == NULL)
    return;

  trace = lockstep_chronicle_get_trace (self->chronicle);
  n_rows = lockstep_trace_get_n_rows (trace);

  /* Spans that became one are others everywhere. */
  if (n_rows < self->counts->len)
    reset (self);
  for (guint i = 0; i < self->counts->len; i++)
    if (lockstep_trace_get_row (trace, i)->spans->len < g_array_index (self->counts, guint, i))
      {
        reset (self);
        break;
      }

  g_array_set_size (self->counts, n_rows);
  for (guint i = 0; i < n_rows; i++)
    {
      update_row (self, trace, i, position);
      position += g_array_index (self->counts, guint, i);
    }
}
