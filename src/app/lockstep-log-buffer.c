/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-buffer.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "lockstep-log-text.h"

#define SEGMENT_LINES 1000 /* what waits is dropped in such pieces */
#define NO_CLOCK      "        "

/* Columns, so that texts stand below each other. */
#define WHO_WIDTH (LOCKSTEP_LOG_BUFFER_PREFIX - (int) strlen (NO_CLOCK "  "))

/* Lines of one level and one solver, each ended by a newline. */
typedef struct
{
  GString      *text;
  GArray       *times; /* gint64, of each line */
  guint         n_lines;
  int           solver;
  LockstepLevel level;
} Segment;

struct _LockstepLogBuffer
{
  GtkTextBuffer parent_instance;
  GQueue        kept;                           /* of Segment, referenced: the newest lines, whatever is shown of them */
  guint         n_kept;                         /* lines in kept */
  GQueue        waiting;                        /* of Segment, referenced: those that are to be shown and are not yet in the buffer */
  guint         n_waiting;                      /* lines in waiting */
  gboolean      open;                           /* the last of kept takes further lines */
  guint         n_lines;                        /* lines in the buffer; the last has no newline */
  GArray       *times;                          /* gint64, of each line in the buffer; 0 where it is not known */
  int           solver;                         /* of which lines are shown */
  LockstepLevel level;                          /* of which lines are shown, and worse ones */
  gint64        second;                         /* that clock is the text of */
  char          clock[16];                      /* "12:24:07" */
  GtkTextTag   *tags[LOCKSTEP_LEVEL_ERROR + 1]; /* owned by the table; NULL for plain text */
};

G_DEFINE_FINAL_TYPE (LockstepLogBuffer, lockstep_log_buffer, GTK_TYPE_TEXT_BUFFER)

enum
{
  SIGNAL_WAITING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
segment_clear (gpointer data)
{
  g_string_free (((Segment *) data)->text, TRUE);
  g_array_unref (((Segment *) data)->times);
}

static void
segment_unref (gpointer data)
{
  g_rc_box_release_full (data, segment_clear);
}

static gboolean
is_shown (LockstepLogBuffer *self,
          const Segment     *segment)
{
  return segment->level >= self->level && (self->solver == LOCKSTEP_LOG_BUFFER_ALL || segment->solver == self->solver);
}

/* The segment that takes the next line of @solver and @level. */
static Segment *
get_segment (LockstepLogBuffer *self,
             int                solver,
             LockstepLevel      level)
{
  Segment *segment = g_queue_peek_tail (&self->kept);

  if (self->open && segment->solver == solver && segment->level == level && segment->n_lines < SEGMENT_LINES)
    return segment;

  segment = g_rc_box_new0 (Segment);
  segment->text = g_string_new (NULL);
  segment->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  segment->solver = solver;
  segment->level = level;
  g_queue_push_tail (&self->kept, segment);
  if (is_shown (self, segment))
    g_queue_push_tail (&self->waiting, g_rc_box_acquire (segment));
  self->open = TRUE;

  return segment;
}

static void
drop_first (GQueue *segments,
            guint  *n_lines)
{
  Segment *segment = g_queue_pop_head (segments);

  *n_lines -= segment->n_lines;
  segment_unref (segment);
}

/* The first segments go while there are enough lines without them. */
static void
drop_old (GQueue *segments,
          guint  *n_lines)
{
  while (*n_lines - ((Segment *) g_queue_peek_head (segments))->n_lines >= LOCKSTEP_LOG_BUFFER_MAX_LINES)
    drop_first (segments, n_lines);
}

/* Makes room for @n_more lines. */
static void
trim (LockstepLogBuffer *self,
      guint              n_more)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self);
  GtkTextIter    start;
  GtkTextIter    end;
  guint          excess;

  if (self->n_lines + n_more <= LOCKSTEP_LOG_BUFFER_MAX_LINES)
    return;

  excess = self->n_lines + n_more - LOCKSTEP_LOG_BUFFER_MAX_LINES;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  if (excess < self->n_lines)
    gtk_text_buffer_get_iter_at_line (buffer, &end, excess);
  gtk_text_buffer_delete (buffer, &start, &end);
  g_array_remove_range (self->times, 0, MIN (excess, self->n_lines));
  self->n_lines -= MIN (excess, self->n_lines);
}

static const char *
get_clock (LockstepLogBuffer *self,
           gint64             time)
{
  gint64 second = time / G_USEC_PER_SEC;

  if (time == 0)
    return NO_CLOCK;

  if (second != self->second)
    {
      g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (second);

      self->second = second;
      g_snprintf (self->clock, sizeof self->clock, "%02d:%02d:%02d",
                  g_date_time_get_hour (local), g_date_time_get_minute (local), g_date_time_get_second (local));
    }

  return self->clock;
}

static void
create_tags (LockstepLogBuffer *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self);

  self->tags[LOCKSTEP_LEVEL_ERROR] = gtk_text_buffer_create_tag (buffer, "error", "weight", PANGO_WEIGHT_BOLD, NULL);
  self->tags[LOCKSTEP_LEVEL_WARNING] = gtk_text_buffer_create_tag (buffer, "warning", "weight", PANGO_WEIGHT_BOLD, NULL);
  self->tags[LOCKSTEP_LEVEL_DEBUG] = gtk_text_buffer_create_tag (buffer, "debug", NULL);
  lockstep_log_buffer_set_dark (self, FALSE);
}

static void
lockstep_log_buffer_constructed (GObject *object)
{
  LockstepLogBuffer *self = LOCKSTEP_LOG_BUFFER (object);

  G_OBJECT_CLASS (lockstep_log_buffer_parent_class)->constructed (object);

  create_tags (self);
  gtk_text_buffer_set_enable_undo (GTK_TEXT_BUFFER (self), FALSE);
}

static void
lockstep_log_buffer_finalize (GObject *object)
{
  LockstepLogBuffer *self = LOCKSTEP_LOG_BUFFER (object);

  g_queue_clear_full (&self->kept, segment_unref);
  g_queue_clear_full (&self->waiting, segment_unref);
  g_array_unref (self->times);

  G_OBJECT_CLASS (lockstep_log_buffer_parent_class)->finalize (object);
}

static void
lockstep_log_buffer_class_init (LockstepLogBufferClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->constructed = lockstep_log_buffer_constructed;
  object_class->finalize = lockstep_log_buffer_finalize;

  signals[SIGNAL_WAITING] = g_signal_new ("waiting", LOCKSTEP_TYPE_LOG_BUFFER, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lockstep_log_buffer_init (LockstepLogBuffer *self)
{
  g_queue_init (&self->kept);
  g_queue_init (&self->waiting);
  self->solver = LOCKSTEP_LOG_BUFFER_ALL;
  self->second = -1;
  self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
}

LockstepLogBuffer *
lockstep_log_buffer_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_LOG_BUFFER, NULL);
}

void
lockstep_log_buffer_set_dark (LockstepLogBuffer *self,
                              gboolean           dark)
{
  g_return_if_fail (LOCKSTEP_IS_LOG_BUFFER (self));

  /* The named colours of the platform's style, as text. */
  g_object_set (self->tags[LOCKSTEP_LEVEL_ERROR], "foreground", dark ? "#ff7b63" : "#c01c28", NULL);
  g_object_set (self->tags[LOCKSTEP_LEVEL_WARNING], "foreground", dark ? "#f8e45c" : "#8a5a00", NULL);
  g_object_set (self->tags[LOCKSTEP_LEVEL_DEBUG], "foreground", dark ? "#9a9a9a" : "#6b6b6b", NULL);
}

void
lockstep_log_buffer_set_filter (LockstepLogBuffer *self,
                                int                solver,
                                LockstepLevel      level)
{
  g_return_if_fail (LOCKSTEP_IS_LOG_BUFFER (self));

  if (solver == self->solver && level == self->level)
    return;

  self->solver = solver;
  self->level = level;
  self->open = FALSE;
  self->n_lines = 0;
  self->n_waiting = 0;
  g_array_set_size (self->times, 0);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self), "", 0);
  g_queue_clear_full (&self->waiting, segment_unref);
  for (GList *l = self->kept.head; l != NULL; l = l->next)
    if (is_shown (self, l->data))
      {
        g_queue_push_tail (&self->waiting, g_rc_box_acquire (l->data));
        self->n_waiting += ((Segment *) l->data)->n_lines;
      }
  if (self->n_waiting > 0)
    g_signal_emit (self, signals[SIGNAL_WAITING], 0);
}

void
lockstep_log_buffer_add (LockstepLogBuffer *self,
                         gint64             time,
                         int                solver,
                         LockstepLevel      level,
                         const char        *text,
                         gsize              length)
{
  g_autofree char *who = NULL;
  g_autofree char *prefix = NULL;
  const char      *end = text + length;
  gboolean         was_waiting;
  gsize            prefix_length;
  int              padding;

  g_return_if_fail (LOCKSTEP_IS_LOG_BUFFER (self));

  was_waiting = self->n_waiting > 0;
  who = solver < 0 ? g_strdup (_ ("run")) : g_strdup_printf (_ ("solver %d"), solver);
  padding = MAX (WHO_WIDTH - (int) g_utf8_strlen (who, -1), 2);
  prefix = g_strdup_printf ("%s  %s%*s", get_clock (self, time), who, padding, "");
  prefix_length = strlen (prefix);

  while (text < end)
    {
      const char *newline = memchr (text, '\n', end - text);
      const char *line_end = newline != NULL ? newline : end;
      Segment    *segment = get_segment (self, solver, level);

      g_string_append_len (segment->text, prefix, prefix_length);
      lockstep_log_text_append (segment->text, text, line_end - text);
      g_string_append_c (segment->text, '\n');
      g_array_append_val (segment->times, time);
      segment->n_lines++;
      self->n_kept++;
      self->n_waiting += is_shown (self, segment);

      text = newline != NULL ? newline + 1 : end;
    }

  if (self->n_kept > 0)
    drop_old (&self->kept, &self->n_kept);
  if (self->n_waiting > 0)
    drop_old (&self->waiting, &self->n_waiting);

  if (!was_waiting && self->n_waiting > 0)
    g_signal_emit (self, signals[SIGNAL_WAITING], 0);
}

/* Where the last of the lines begin that there is room for; @n_lines is set to how many of @segment's that are. */
static const char *
skip_excess (LockstepLogBuffer *self,
             const Segment     *segment,
             guint             *n_lines)
{
  const char *text = segment->text->str;
  guint       excess = self->n_waiting > LOCKSTEP_LOG_BUFFER_MAX_LINES ? self->n_waiting - LOCKSTEP_LOG_BUFFER_MAX_LINES : 0;

  *n_lines = segment->n_lines - excess;
  for (; excess > 0; excess--)
    text = strchr (text, '\n') + 1;

  return text;
}

void
lockstep_log_buffer_flush (LockstepLogBuffer *self)
{
  GtkTextBuffer      *buffer = GTK_TEXT_BUFFER (self);
  g_autoptr (GString) text = NULL;
  const char         *first;
  GtkTextIter         start;
  GtkTextIter         end;
  Segment            *segment;
  guint               n_first;
  guint               line;

  g_return_if_fail (LOCKSTEP_IS_LOG_BUFFER (self));

  if (self->n_waiting == 0)
    return;

  drop_old (&self->waiting, &self->n_waiting);
  first = skip_excess (self, g_queue_peek_head (&self->waiting), &n_first);
  self->n_waiting = MIN (self->n_waiting, LOCKSTEP_LOG_BUFFER_MAX_LINES);
  trim (self, self->n_waiting);

  text = g_string_new (self->n_lines > 0 ? "\n" : NULL);
  g_string_append (text, first);
  for (GList *l = self->waiting.head->next; l != NULL; l = l->next)
    g_string_append_len (text, ((Segment *) l->data)->text->str, ((Segment *) l->data)->text->len);
  g_string_truncate (text, text->len - 1);

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, text->str, text->len);

  line = self->n_lines;
  self->n_lines += self->n_waiting;
  self->n_waiting = 0;
  self->open = FALSE;
  for (guint n_lines = n_first; (segment = g_queue_pop_head (&self->waiting)) != NULL; n_lines = 0)
    {
      if (n_lines == 0)
        n_lines = segment->n_lines;
      g_array_append_vals (self->times, &g_array_index (segment->times, gint64, segment->n_lines - n_lines), n_lines);
      if (self->tags[segment->level] != NULL)
        {
          gtk_text_buffer_get_iter_at_line (buffer, &start, line);
          gtk_text_buffer_get_iter_at_line (buffer, &end, line + n_lines - 1);
          gtk_text_iter_forward_to_line_end (&end);
          gtk_text_buffer_apply_tag (buffer, self->tags[segment->level], &start, &end);
        }
      line += n_lines;
      segment_unref (segment);
    }
}

gboolean
lockstep_log_buffer_is_waiting (LockstepLogBuffer *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_LOG_BUFFER (self), FALSE);

  return self->n_waiting > 0;
}

guint
lockstep_log_buffer_get_n_lines (LockstepLogBuffer *self)
{
  g_return_val_if_fail (LOCKSTEP_IS_LOG_BUFFER (self), 0);

  return self->n_lines;
}

int
lockstep_log_buffer_find (LockstepLogBuffer *self,
                          gint64             time)
{
  g_return_val_if_fail (LOCKSTEP_IS_LOG_BUFFER (self), -1);

  /* What solvers print has no time, so there is nothing to bisect. */
  for (guint i = self->times->len; i > 0; i--)
    {
      const gint64 line_time = g_array_index (self->times, gint64, i - 1);

      if (line_time != 0 && line_time <= time)
        return (int) i - 1;
    }

  return -1;
}

void
lockstep_log_buffer_clear (LockstepLogBuffer *self)
{
  g_return_if_fail (LOCKSTEP_IS_LOG_BUFFER (self));

  g_queue_clear_full (&self->kept, segment_unref);
  g_queue_clear_full (&self->waiting, segment_unref);
  self->open = FALSE;
  self->n_kept = 0;
  self->n_waiting = 0;
  self->n_lines = 0;
  g_array_set_size (self->times, 0);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self), "", 0);
}
