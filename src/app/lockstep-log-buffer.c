/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-log-buffer.h"

#include <string.h>

#include "lockstep-log-text.h"

#define SEGMENT_LINES 1000 /* what waits is dropped in such pieces */
#define WHO_WIDTH     10   /* columns, so that texts stand below each other */
#define NO_CLOCK      "        "

/* Lines of one level that wait, each ended by a newline. */
typedef struct
{
  GString      *text;
  guint         n_lines;
  LockstepLevel level;
} Segment;

struct _LockstepLogBuffer
{
  GtkTextBuffer parent_instance;
  GQueue        segments;                       /* of Segment */
  guint         n_waiting;                      /* lines in segments */
  guint         n_lines;                        /* lines in the buffer; the last has no newline */
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
segment_free (Segment *segment)
{
  g_string_free (segment->text, TRUE);
  g_free (segment);
}

/* The segment that takes the next line of @level. */
static Segment *
get_segment (LockstepLogBuffer *self,
             LockstepLevel      level)
{
  Segment *segment = g_queue_peek_tail (&self->segments);

  if (segment != NULL && segment->level == level && segment->n_lines < SEGMENT_LINES)
    return segment;

  segment = g_new0 (Segment, 1);
  segment->text = g_string_new (NULL);
  segment->level = level;
  g_queue_push_tail (&self->segments, segment);

  return segment;
}

static void
drop_first_segment (LockstepLogBuffer *self)
{
  Segment *segment = g_queue_pop_head (&self->segments);

  self->n_waiting -= segment->n_lines;
  segment_free (segment);
}

/* Cuts the first segment so that no more lines wait than are shown. */
static void
cut_waiting (LockstepLogBuffer *self)
{
  Segment    *first = g_queue_peek_head (&self->segments);
  const char *rest = first->text->str;

  while (self->n_waiting > LOCKSTEP_LOG_BUFFER_MAX_LINES)
    {
      rest = strchr (rest, '\n') + 1;
      first->n_lines--;
      self->n_waiting--;
    }

  g_string_erase (first->text, 0, rest - first->text->str);
}

/* Makes room for the lines that wait. */
static void
trim (LockstepLogBuffer *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self);
  GtkTextIter    start;
  GtkTextIter    end;
  guint          excess;

  if (self->n_lines + self->n_waiting <= LOCKSTEP_LOG_BUFFER_MAX_LINES)
    return;

  excess = self->n_lines + self->n_waiting - LOCKSTEP_LOG_BUFFER_MAX_LINES;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  if (excess < self->n_lines)
    gtk_text_buffer_get_iter_at_line (buffer, &end, excess);
  gtk_text_buffer_delete (buffer, &start, &end);
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

  g_queue_clear_full (&self->segments, (GDestroyNotify) segment_free);

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
  g_queue_init (&self->segments);
  self->second = -1;
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
lockstep_log_buffer_add (LockstepLogBuffer *self,
                         gint64             time,
                         const char        *who,
                         LockstepLevel      level,
                         const char        *text,
                         gsize              length)
{
  g_autofree char *prefix = NULL;
  const char      *end = text + length;
  gboolean         was_waiting;
  gsize            prefix_length;
  int              padding;

  g_return_if_fail (LOCKSTEP_IS_LOG_BUFFER (self));
  g_return_if_fail (who != NULL);

  was_waiting = self->n_waiting > 0;
  padding = MAX (WHO_WIDTH - (int) g_utf8_strlen (who, -1), 1);
  prefix = g_strdup_printf ("%s  %s%*s", get_clock (self, time), who, padding, "");
  prefix_length = strlen (prefix);

  while (text < end)
    {
      const char *newline = memchr (text, '\n', end - text);
      const char *line_end = newline != NULL ? newline : end;
      Segment    *segment = get_segment (self, level);

      g_string_append_len (segment->text, prefix, prefix_length);
      lockstep_log_text_append (segment->text, text, line_end - text);
      g_string_append_c (segment->text, '\n');
      segment->n_lines++;
      self->n_waiting++;

      text = newline != NULL ? newline + 1 : end;
    }

  while (self->n_waiting >= LOCKSTEP_LOG_BUFFER_MAX_LINES + SEGMENT_LINES)
    drop_first_segment (self);

  if (!was_waiting && self->n_waiting > 0)
    g_signal_emit (self, signals[SIGNAL_WAITING], 0);
}

void
lockstep_log_buffer_flush (LockstepLogBuffer *self)
{
  GtkTextBuffer      *buffer = GTK_TEXT_BUFFER (self);
  g_autoptr (GString) text = NULL;
  GtkTextIter         start;
  GtkTextIter         end;
  Segment            *segment;
  guint               line;

  g_return_if_fail (LOCKSTEP_IS_LOG_BUFFER (self));

  if (self->n_waiting == 0)
    return;
  while (self->n_waiting - ((Segment *) g_queue_peek_head (&self->segments))->n_lines >= LOCKSTEP_LOG_BUFFER_MAX_LINES)
    drop_first_segment (self);
  cut_waiting (self);
  trim (self);

  text = g_string_new (self->n_lines > 0 ? "\n" : NULL);
  for (GList *l = self->segments.head; l != NULL; l = l->next)
    g_string_append_len (text, ((Segment *) l->data)->text->str, ((Segment *) l->data)->text->len);
  g_string_truncate (text, text->len - 1);

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, text->str, text->len);

  line = self->n_lines;
  self->n_lines += self->n_waiting;
  self->n_waiting = 0;
  while ((segment = g_queue_pop_head (&self->segments)) != NULL)
    {
      if (self->tags[segment->level] != NULL)
        {
          gtk_text_buffer_get_iter_at_line (buffer, &start, line);
          gtk_text_buffer_get_iter_at_line (buffer, &end, line + segment->n_lines - 1);
          gtk_text_iter_forward_to_line_end (&end);
          gtk_text_buffer_apply_tag (buffer, self->tags[segment->level], &start, &end);
        }
      line += segment->n_lines;
      segment_free (segment);
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

void
lockstep_log_buffer_clear (LockstepLogBuffer *self)
{
  g_return_if_fail (LOCKSTEP_IS_LOG_BUFFER (self));

  g_queue_clear_full (&self->segments, (GDestroyNotify) segment_free);
  self->n_waiting = 0;
  self->n_lines = 0;
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self), "", 0);
}
