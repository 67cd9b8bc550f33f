/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-file-lines.h"

#include <string.h>

#include "lockstep-file-index.h"

/* Blocks whose texts are kept. */
#define MAX_CACHED 64

/* Bytes that are looked through in one go, before the view is told. */
#define PIECE ((gsize) 16 << 20)

/* A file that grows is looked at so often (ms). */
#define GROWTH_INTERVAL 500

/* Below drawing. */
#define PRIORITY 150

struct _LockstepFileLine
{
  GObject parent_instance;
  guint   number;
  char   *text; /* NULL until it was read */
};

G_DEFINE_FINAL_TYPE (LockstepFileLine, lockstep_file_line, G_TYPE_OBJECT)

enum
{
  LINE_PROP_0,
  LINE_PROP_NUMBER,
  LINE_PROP_TEXT,
  LINE_N_PROPERTIES
};

static GParamSpec *line_properties[LINE_N_PROPERTIES];

static void
set_text (LockstepFileLine *self,
          const char       *text)
{
  self->text = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), line_properties[LINE_PROP_TEXT]);
}

static void
lockstep_file_line_get_property (GObject    *object,
                                 guint       property_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LockstepFileLine *self = LOCKSTEP_FILE_LINE (object);

  switch (property_id)
    {
    case LINE_PROP_NUMBER:
      g_value_set_uint (value, self->number);
      break;
    case LINE_PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_file_line_finalize (GObject *object)
{
  g_free (LOCKSTEP_FILE_LINE (object)->text);

  G_OBJECT_CLASS (lockstep_file_line_parent_class)->finalize (object);
}

static void
lockstep_file_line_class_init (LockstepFileLineClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_file_line_get_property;
  object_class->finalize = lockstep_file_line_finalize;

  line_properties[LINE_PROP_NUMBER] = g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  line_properties[LINE_PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, LINE_N_PROPERTIES, line_properties);
}

static void
lockstep_file_line_init (LockstepFileLine *self)
{
}

const char *
lockstep_file_line_get_text (LockstepFileLine *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FILE_LINE (self), NULL);

  return self->text;
}

struct _LockstepFileLines
{
  GObject            parent_instance;
  LockstepFileIndex *index;
  guint              n_lines; /* that the view was told of */
  double             indexed;
  guint64            size;
  char              *problem;
  GHashTable        *cached;  /* block → GPtrArray of char * */
  GQueue             order;   /* of blocks that are cached, the one used last at the tail */
  GHashTable        *asked;   /* block → GPtrArray of LockstepFileLine that wait for it */
  GCancellable      *closing; /* of all threads */
  guint              growth_source;
};

static void lockstep_file_lines_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LockstepFileLines, lockstep_file_lines, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, lockstep_file_lines_list_model_init))

enum
{
  PROP_0,
  PROP_INDEXED,
  PROP_PROBLEM,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void advance (LockstepFileLines *self);

static void
remember (LockstepFileLines *self,
          guint              block,
          GPtrArray         *lines)
{
  if (self->order.length >= MAX_CACHED)
    g_hash_table_remove (self->cached, g_queue_pop_head (&self->order));
  g_queue_push_tail (&self->order, GUINT_TO_POINTER (block));
  g_hash_table_insert (self->cached, GUINT_TO_POINTER (block), g_ptr_array_ref (lines));
}

static void
forget (LockstepFileLines *self,
        guint              block)
{
  g_queue_remove (&self->order, GUINT_TO_POINTER (block));
  g_hash_table_remove (self->cached, GUINT_TO_POINTER (block));
}

static const char *
get_line (GPtrArray *lines,
          guint      position)
{
  const guint index = position % LOCKSTEP_FILE_INDEX_BLOCK;

  return index < lines->len ? lines->pdata[index] : "";
}

static void
read_block_on_thread (GTask        *task,
                      gpointer      source,
                      gpointer      task_data,
                      GCancellable *cancellable)
{
  LockstepFileLines *self = source;

  g_task_return_pointer (task, lockstep_file_index_read_block (self->index, GPOINTER_TO_UINT (task_data)),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
block_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  LockstepFileLines    *self = LOCKSTEP_FILE_LINES (object);
  g_autoptr (GPtrArray) lines = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GPtrArray) waiting = NULL;
  const guint           block = GPOINTER_TO_UINT (user_data);

  if (!g_hash_table_steal_extended (self->asked, user_data, NULL, (gpointer *) &waiting) || lines == NULL)
    return;

  remember (self, block, lines);
  for (guint i = 0; i < waiting->len; i++)
    {
      LockstepFileLine *line = waiting->pdata[i];

      set_text (line, get_line (lines, line->number - 1));
    }
}

/* The line gets its text when the block was read. */
static void
ask (LockstepFileLines *self,
     guint              block,
     LockstepFileLine  *line)
{
  GPtrArray        *waiting = g_hash_table_lookup (self->asked, GUINT_TO_POINTER (block));
  g_autoptr (GTask) task = NULL;

  if (waiting == NULL)
    {
      waiting = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->asked, GUINT_TO_POINTER (block), waiting);
      task = g_task_new (self, self->closing, block_cb, GUINT_TO_POINTER (block));
      g_task_set_source_tag (task, ask);
      g_task_set_task_data (task, GUINT_TO_POINTER (block), NULL);
      g_task_set_priority (task, PRIORITY);
      g_task_run_in_thread (task, read_block_on_thread);
    }
  g_ptr_array_add (waiting, g_object_ref (line));
}

static GType
lockstep_file_lines_get_item_type (GListModel *model)
{
  return LOCKSTEP_TYPE_FILE_LINE;
}

static guint
lockstep_file_lines_get_n_items (GListModel *model)
{
  return LOCKSTEP_FILE_LINES (model)->n_lines;
}

static gpointer
lockstep_file_lines_get_item (GListModel *model,
                              guint       position)
{
  LockstepFileLines *self = LOCKSTEP_FILE_LINES (model);
  const guint        block = position / LOCKSTEP_FILE_INDEX_BLOCK;
  LockstepFileLine  *line;
  GPtrArray         *lines;

  if (position >= self->n_lines)
    return NULL;

  line = g_object_new (LOCKSTEP_TYPE_FILE_LINE, NULL);
  line->number = position + 1;
  if ((lines = g_hash_table_lookup (self->cached, GUINT_TO_POINTER (block))) != NULL)
    line->text = g_strdup (get_line (lines, position));
  else
    ask (self, block, line);

  return line;
}

static void
lockstep_file_lines_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lockstep_file_lines_get_item_type;
  iface->get_n_items = lockstep_file_lines_get_n_items;
  iface->get_item = lockstep_file_lines_get_item;
}

/* What the thread has found. The last block may be longer than it was, and its last line, too. */
static void
update (LockstepFileLines *self)
{
  const guint before = self->n_lines;
  guint64     done, size;
  guint       n_lines;

  lockstep_file_index_get_state (self->index, &n_lines, &done, &size);
  if (done == self->size && n_lines == before && self->indexed >= 1)
    return;

  if (before > 0)
    forget (self, (before - 1) / LOCKSTEP_FILE_INDEX_BLOCK);
  self->size = done;
  self->indexed = size > 0 ? MIN ((double) done / (double) size, 1) : 1;
  self->n_lines = n_lines;
  if (before > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), before - 1, 1, n_lines - (before - 1));
  else
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n_lines);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEXED]);
}

static gboolean
growth_cb (gpointer user_data)
{
  LockstepFileLines *self = user_data;

  self->growth_source = 0;
  advance (self);

  return G_SOURCE_REMOVE;
}

static void
advance_on_thread (GTask        *task,
                   gpointer      source,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  LockstepFileLines *self = source;
  GError            *error = NULL;
  gboolean           more;

  if (lockstep_file_index_advance (self->index, PIECE, &more, &error))
    g_task_return_boolean (task, more);
  else
    g_task_return_error (task, error);
}

static void
advanced_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  LockstepFileLines *self = LOCKSTEP_FILE_LINES (object);
  g_autoptr (GError) error = NULL;
  const gboolean     more = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    {
      self->problem = g_utf8_make_valid (error->message, -1);
      self->indexed = 1;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEXED]);
      return;
    }

  update (self);
  if (more)
    advance (self);
  else
    self->growth_source = g_timeout_add_full (PRIORITY, GROWTH_INTERVAL, growth_cb, self, NULL);
}

static void
advance (LockstepFileLines *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->closing, advanced_cb, NULL);

  g_task_set_source_tag (task, advance);
  g_task_set_priority (task, PRIORITY);
  g_task_run_in_thread (task, advance_on_thread);
}

static void
lockstep_file_lines_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  LockstepFileLines *self = LOCKSTEP_FILE_LINES (object);

  switch (property_id)
    {
    case PROP_INDEXED:
      g_value_set_double (value, self->indexed);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
lockstep_file_lines_finalize (GObject *object)
{
  LockstepFileLines *self = LOCKSTEP_FILE_LINES (object);

  g_cancellable_cancel (self->closing);
  g_clear_handle_id (&self->growth_source, g_source_remove);
  g_object_unref (self->closing);
  g_queue_clear (&self->order);
  g_hash_table_unref (self->cached);
  g_hash_table_unref (self->asked);
  g_clear_pointer (&self->index, lockstep_file_index_unref);
  g_free (self->problem);

  G_OBJECT_CLASS (lockstep_file_lines_parent_class)->finalize (object);
}

static void
lockstep_file_lines_class_init (LockstepFileLinesClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = lockstep_file_lines_get_property;
  object_class->finalize = lockstep_file_lines_finalize;

  properties[PROP_INDEXED] = g_param_spec_double ("indexed", NULL, NULL, 0, 1, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lockstep_file_lines_init (LockstepFileLines *self)
{
  self->cached = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->asked = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->closing = g_cancellable_new ();
  g_queue_init (&self->order);
}

LockstepFileLines *
lockstep_file_lines_new (const char *path)
{
  LockstepFileLines *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (LOCKSTEP_TYPE_FILE_LINES, NULL);
  self->index = lockstep_file_index_new (path);
  advance (self);

  return self;
}

double
lockstep_file_lines_get_indexed (LockstepFileLines *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FILE_LINES (self), 0);

  return self->indexed;
}

const char *
lockstep_file_lines_get_problem (LockstepFileLines *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FILE_LINES (self), NULL);

  return self->problem;
}

guint64
lockstep_file_lines_get_size (LockstepFileLines *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_FILE_LINES (self), 0);

  return self->size;
}

typedef struct
{
  char    *wanted; /* casefolded */
  guint    from;
  guint    n_lines;
  gboolean backwards;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->wanted);
  g_free (search);
}

static gboolean
contains (const char *line,
          const char *wanted)
{
  g_autofree char *folded = g_utf8_casefold (line, -1);

  return strstr (folded, wanted) != NULL;
}

/* Steps through all lines, beginning next to the one to begin from. */
static gint64
find (LockstepFileIndex *index,
      const Search      *search,
      GCancellable      *cancellable)
{
  g_autoptr (GPtrArray) lines = NULL;
  guint                 block = G_MAXUINT;
  guint                 line;

  if (search->from < search->n_lines)
    line = search->from;
  else
    line = search->backwards ? 0 : search->n_lines - 1;

  for (guint i = 0; i < search->n_lines && !g_cancellable_is_cancelled (cancellable); i++)
    {
      if (search->backwards)
        line = line > 0 ? line - 1 : search->n_lines - 1;
      else
        line = line + 1 < search->n_lines ? line + 1 : 0;

      if (line / LOCKSTEP_FILE_INDEX_BLOCK != block)
        {
          block = line / LOCKSTEP_FILE_INDEX_BLOCK;
          g_clear_pointer (&lines, g_ptr_array_unref);
          lines = lockstep_file_index_read_block (index, block);
        }
      if (contains (get_line (lines, line), search->wanted))
        return line;
    }

  return -1;
}

static void
search_on_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  g_task_return_int (task, find (LOCKSTEP_FILE_LINES (source)->index, task_data, cancellable));
}

void
lockstep_file_lines_search_async (LockstepFileLines  *self,
                                  const char         *wanted,
                                  guint               from,
                                  gboolean            backwards,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Search           *search;

  g_return_if_fail (LOCKSTEP_IS_FILE_LINES (self));
  g_return_if_fail (wanted != NULL);

  search = g_new0 (Search, 1);
  search->wanted = g_utf8_casefold (wanted, -1);
  search->from = from;
  search->n_lines = self->n_lines;
  search->backwards = backwards;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lockstep_file_lines_search_async);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, search_on_thread);
}

gint64
lockstep_file_lines_search_finish (LockstepFileLines *self,
                                   GAsyncResult      *result,
                                   GError           **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}
