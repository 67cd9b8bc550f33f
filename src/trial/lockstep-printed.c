/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-printed.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lockstep-decimal.h"

/* Of a file: what is looked at, at its begin and at its end. */
#define HEAD_BYTES (16 * 1024 * 1024)
#define TAIL_BYTES (1024 * 1024)

#define MAX_LINE   400
#define MAX_SHAPES 300

/* Units that stand right behind a number have no more letters ("3.2ms"). */
#define MAX_UNIT 3

/* Steps are the same that differ by so much of them: printed digits are few. */
#define STEP_TOLERANCE 0.02

/* A file while it is read. */
typedef struct
{
  GPtrArray  *shapes;
  GHashTable *by_shape; /* from the shape's text, owned by the shape */
  GString    *before;   /* the newest line with anything in it */
  guint64     line;
} Reading;

static void
shape_free (gpointer data)
{
  LockstepPrintedShape *shape = data;

  g_free (shape->shape);
  g_free (shape->line);
  g_free (shape->before);
  g_array_unref (shape->numbers);
  g_free (shape);
}

static gboolean
is_digit (const char *text)
{
  return g_ascii_isdigit (*text);
}

/* The length of the number at @text, "12", "-.5", "1.5D-03"; 0 where there is none. */
static guint
measure_number (const char *text)
{
  const char *at = text;
  const char *digits;

  at += *at == '-' || *at == '+';
  digits = at;
  while (is_digit (at))
    at++;
  if (*at == '.' && (at > digits || is_digit (at + 1)))
    for (at++; is_digit (at); at++)
      ;
  if (at == digits)
    return 0;

  if (*at != '\0' && strchr ("eEdD", *at) != NULL)
    {
      const char *exponent = at + 1;

      exponent += *exponent == '-' || *exponent == '+';
      if (is_digit (exponent))
        for (at = exponent; is_digit (at); at++)
          ;
    }

  return (guint) (at - text);
}

/* The length of what begins like a number at @text and is more than that: a date, a time of day, a version; 0 where it
 * is a number after all. */
static guint
measure_other (const char *text,
               guint       number)
{
  const char *at = text + number;

  if (*at == '\0' || strchr ("-:.", *at) == NULL || !is_digit (at + 1))
    return 0;
  while (is_digit (at) || (*at != '\0' && strchr ("-:.TZ+", *at) != NULL))
    at++;

  return (guint) (at - text);
}

/* Whether a unit or nothing stands behind a number, and no more of a word. */
static gboolean
ends_well (const char *text)
{
  guint n_letters = 0;

  while (g_ascii_isalpha (text[n_letters]))
    n_letters++;

  return n_letters <= MAX_UNIT && text[n_letters] != '_' && !g_ascii_isdigit (text[n_letters]);
}

/* In front of a number there are as many blanks as it leaves of its width: behind a word there is one at least. */
static void
drop_padding (GString *shape)
{
  if (shape->len > 1 && shape->str[shape->len - 1] == ' ' && !g_ascii_isalnum (shape->str[shape->len - 2]))
    g_string_truncate (shape, shape->len - 1);
}

/* Finds the numbers of @line and what it looks like without them. */
static char *
take_apart (const char *line,
            GArray     *numbers)
{
  GString    *shape = g_string_new (NULL);
  const char *at = line;

  while (*at != '\0')
    {
      const char            previous = at > line ? at[-1] : ' ';
      LockstepPrintedNumber number = { 0 };
      guint                 length = 0;

      /* Within a word there are no numbers, and a sign belongs to one that does not follow another. */
      if (!g_ascii_isalnum (previous) && previous != '_' && previous != '.')
        length = measure_number (at);
      if (length > 0)
        {
          const guint other = measure_other (at, length);

          number.is_number = other == 0 && ends_well (at + length);
          number.start = (guint) (at - line);
          number.length = MAX (other, length);
          if (other > 0 || number.is_number)
            {
              g_array_append_val (numbers, number);
              drop_padding (shape);
              g_string_append_c (shape, number.is_number ? LOCKSTEP_PRINTED_NUMBER : LOCKSTEP_PRINTED_OTHER);
              at += number.length;
              continue;
            }
        }
      if (*at == ' ' || *at == '\t')
        {
          while (at[1] == ' ' || at[1] == '\t')
            at++;
          if (shape->len > 0)
            g_string_append_c (shape, ' ');
          at++;
          continue;
        }
      g_string_append_c (shape, *at++);
    }

  return g_string_free (shape, FALSE);
}

/* Takes what the newest line has into what is known of the shape. */
static void
follow (LockstepPrintedNumber *known,
        LockstepPrintedNumber *newest,
        guint64                n_lines)
{
  const double step = newest->last - known->last;

  known->start = newest->start;
  known->length = newest->length;
  if (!known->is_number)
    return;

  if (n_lines == 1)
    known->step = step;
  else if (fabs (step - known->step) > STEP_TOLERANCE * fabs (known->step))
    known->n_odd_steps++;
  known->varies = known->varies || step != 0;
  known->increases = known->increases && step > 0;
  known->last = newest->last;
}

static void
take_line (Reading    *self,
           const char *text,
           gsize       length)
{
  g_autoptr (GArray)    numbers = g_array_new (FALSE, FALSE, sizeof (LockstepPrintedNumber));
  g_autofree char      *line = NULL;
  g_autofree char      *shape_text = NULL;
  LockstepPrintedShape *shape;

  while (length > 0 && (guchar) text[length - 1] <= ' ')
    length--;
  if (length == 0 || length > MAX_LINE)
    return;

  line = g_utf8_make_valid (text, (gssize) length);
  shape_text = take_apart (line, numbers);
  for (guint i = 0; i < numbers->len; i++)
    {
      LockstepPrintedNumber *number = &g_array_index (numbers, LockstepPrintedNumber, i);

      if (number->is_number && !lockstep_decimal_read (line + number->start, number->length, NULL, &number->last))
        return;
      number->first = number->last;
      number->increases = TRUE;
    }

  shape = g_hash_table_lookup (self->by_shape, shape_text);
  if (shape == NULL)
    {
      if (self->shapes->len >= MAX_SHAPES)
        return;
      shape = g_new0 (LockstepPrintedShape, 1);
      shape->shape = g_steal_pointer (&shape_text);
      shape->numbers = g_array_ref (numbers);
      shape->before = self->before->len > 0 ? g_strdup (self->before->str) : NULL;
      shape->first_line = self->line;
      g_ptr_array_add (self->shapes, shape);
      g_hash_table_insert (self->by_shape, shape->shape, shape);
    }
  else
    {
      for (guint i = 0; i < numbers->len; i++)
        follow (&g_array_index (shape->numbers, LockstepPrintedNumber, i), &g_array_index (numbers, LockstepPrintedNumber, i),
                shape->n_lines);
    }

  shape->n_lines++;
  shape->last_line = self->line;
  g_free (shape->line);
  shape->line = g_strdup (line);
  g_string_assign (self->before, line);
}

/* Reads the lines of @text; a line may also end at \r, as of a bar that is drawn over and over. */
static void
take_text (Reading    *self,
           const char *text,
           gsize       length)
{
  const char *end = text + length;

  for (const char *at = text; at < end;)
    {
      const char *line_end = at;

      while (line_end < end && *line_end != '\n' && *line_end != '\r')
        line_end++;
      take_line (self, at, (gsize) (line_end - at));
      if (line_end < end && *line_end == '\n')
        self->line++;
      at = line_end + 1;
    }
}

static guint64
count_newlines (const char *text,
                gsize       length)
{
  guint64 n = 0;

  for (gsize i = 0; i < length; i++)
    n += text[i] == '\n';

  return n;
}

GPtrArray *
lockstep_printed_load (const char *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  Reading                 self = { .line = 1 };
  const char             *text = file != NULL ? g_mapped_file_get_contents (file) : NULL;
  const gsize             length = text != NULL ? g_mapped_file_get_length (file) : 0;

  self.shapes = g_ptr_array_new_with_free_func (shape_free);
  self.by_shape = g_hash_table_new (g_str_hash, g_str_equal);
  self.before = g_string_new (NULL);

  if (length <= HEAD_BYTES + TAIL_BYTES)
    {
      take_text (&self, text, length);
    }
  else
    {
      const char *tail = memchr (text + length - TAIL_BYTES, '\n', TAIL_BYTES);

      take_text (&self, text, HEAD_BYTES);
      if (tail != NULL)
        {
          self.line = 1 + count_newlines (text, (gsize) (tail + 1 - text));
          take_text (&self, tail + 1, (gsize) (text + length - tail - 1));
        }
    }

  g_hash_table_unref (self.by_shape);
  g_string_free (self.before, TRUE);
  return self.shapes;
}

const LockstepPrintedNumber *
lockstep_printed_get_number (const LockstepPrintedShape *shape,
                             guint                       index)
{
  return &g_array_index (shape->numbers, LockstepPrintedNumber, index);
}

char *
lockstep_printed_dup_number (const LockstepPrintedShape *shape,
                             guint                       index)
{
  const LockstepPrintedNumber *number = lockstep_printed_get_number (shape, index);

  return g_strndup (shape->line + number->start, number->length);
}
