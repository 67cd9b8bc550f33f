/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-proposal-private.h"

#include <string.h>

/* Of a regular expression: any number, and no word, so that headings are none. */
#define NUMBER "[-+]?[.\\d][-+.\\w]*"

gboolean
lockstep_proposal_has_letter (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_isalpha (g_utf8_get_char (text)))
      return TRUE;

  return FALSE;
}

static gboolean
is_blank (char character)
{
  return character == ' ' || character == '\t';
}

static gboolean
is_clause_end (char character)
{
  return character == ',' || character == ';';
}

/* Units that stand behind numbers; the first few of them of time. */
static const char *const units[] = {
  "s", "ms", "us", "sec", "secs", "second", "seconds", "min", "mins", "minutes", "h", "hours", "m", "km", "mm", "cm", "um", "nm", "kg",
  "g", "mg", "t", "K", "C", "F", "Hz", "kHz", "MHz", "GHz", "B", "kB", "KB", "MB", "GB", "KiB", "MiB", "GiB", "Pa", "kPa", "MPa", "bar",
  "N", "kN", "J", "kJ", "W", "kW", "MW", "V", "A", "deg", "rad", "km/h", "m/s", "veh", "veh/h", "l", "EUR", "USD", NULL
};

#define N_UNITS_OF_TIME 12

/* The length of the unit that @text begins with; 0 where it begins with none. */
static gsize
measure_unit (const char *text,
              guint       n_units)
{
  const gsize length = strcspn (text, " \t,;:()[]=");

  for (guint i = 0; units[i] != NULL && i < n_units; i++)
    if (strlen (units[i]) == length && strncmp (units[i], text, length) == 0)
      return length;

  return 0;
}

gboolean
lockstep_proposal_is_stopwatch (const LockstepPrintedShape *shape,
                                guint                       index)
{
  static const char *const clocks[] = { "elapsed", "wall", "walltime", "wallclock", "cpu", "eta", "remaining", "runtime", "took", NULL };
  static const char *const ends[] = { "done", "finished", "completed", "ready", "after", "ended", "total", NULL };
  g_autofree char         *name = lockstep_proposal_dup_number_name (shape, index);
  g_autofree char         *behind = lockstep_proposal_dup_behind (shape, index);
  g_auto (GStrv)           words = g_strsplit (name, "_", -1);
  const gboolean           has_time = measure_unit (behind, N_UNITS_OF_TIME) > 0;

  for (char **word = words; *word != NULL; word++)
    if (g_strv_contains (clocks, *word) || (has_time && g_strv_contains (ends, *word)))
      return TRUE;

  return FALSE;
}

char *
lockstep_proposal_dup_behind (const LockstepPrintedShape *shape,
                              guint                       index)
{
  const LockstepPrintedNumber *number = lockstep_printed_get_number (shape, index);
  const guint                  start = number->start + number->length;
  const guint                  limit = index + 1 < shape->numbers->len ? lockstep_printed_get_number (shape, index + 1)->start : (guint) strlen (shape->line);
  guint                        end = start;

  while (end < limit && !is_clause_end (shape->line[end]))
    end++;

  return g_strstrip (g_strndup (shape->line + start, end - start));
}

/* The text between the number before and this one; behind a comma, what stands in front of it belongs to what was before. */
static char *
dup_label (const LockstepPrintedShape *shape,
           guint                       index)
{
  const guint end = lockstep_printed_get_number (shape, index)->start;
  GString    *label = g_string_new (NULL);
  guint       start = 0;
  gsize       unit;

  if (index > 0)
    start = lockstep_printed_get_number (shape, index - 1)->start + lockstep_printed_get_number (shape, index - 1)->length;
  for (guint i = start; i < end; i++)
    if (is_clause_end (shape->line[i]))
      start = i + 1;
  while (start < end && !g_ascii_isalnum (shape->line[start]) && (guchar) shape->line[start] < 0x80)
    start++;
  /* The unit of the number before, where there is more. */
  if (index > 0 && (unit = measure_unit (shape->line + start, G_MAXUINT)) > 0)
    for (guint i = start + (guint) unit; i < end; i++)
      if (g_ascii_isalpha (shape->line[i]))
        {
          start = i;
          break;
        }

  /* A blank of a pattern stands for any number of them. */
  for (guint i = start; i < end; i++)
    if (!is_blank (shape->line[i]))
      g_string_append_c (label, shape->line[i]);
    else if (i + 1 == end || !is_blank (shape->line[i + 1]))
      g_string_append_c (label, ' ');

  return g_string_free (label, FALSE);
}

/* Whether the lines are columns of numbers and nothing else. */
static gboolean
is_table (const LockstepPrintedShape *shape)
{
  return shape->numbers->len > 1 && !lockstep_proposal_has_letter (shape->shape);
}

/* The name of a column of a table, from the line before it. */
static char *
dup_heading (const LockstepPrintedShape *shape,
             guint                       index)
{
  g_auto (GStrv)   words = g_strsplit_set (shape->before != NULL ? shape->before : "", " \t,;|#", -1);
  g_autofree char *word = NULL;
  guint            n_words = 0;

  for (char **at = words; *at != NULL; at++)
    {
      if (**at == '\0')
        continue;
      if (n_words++ == index)
        word = g_strdup (*at);
    }
  if (n_words == shape->numbers->len && word != NULL && lockstep_proposal_has_letter (word))
    return g_steal_pointer (&word);

  return g_strdup_printf ("column %u", index + 1);
}

char *
lockstep_proposal_dup_number_name (const LockstepPrintedShape *shape,
                                   guint                       index)
{
  g_autofree char *label = dup_label (shape, index);
  g_autofree char *behind = NULL;
  g_autofree char *heading = NULL;
  char            *name = lockstep_proposal_dup_name (label, -1);

  if (name != NULL)
    return name;
  if (is_table (shape))
    {
      heading = dup_heading (shape, index);
      return lockstep_proposal_dup_name (heading, -1);
    }

  behind = lockstep_proposal_dup_behind (shape, index);
  name = lockstep_proposal_dup_name (behind + measure_unit (behind, G_MAXUINT), -1);
  return name != NULL ? name : g_strdup_printf ("number_%u", index + 1);
}

/* Whether @pattern reads just this number, and nothing in lines of other shapes. */
static gboolean
reads_only (LockstepProposalSearch     *self,
            const LockstepPrintedShape *shape,
            guint                       index,
            const char                 *text)
{
  g_autoptr (LockstepPattern) pattern = lockstep_pattern_new (text, NULL);
  const char                 *found;
  gsize                       length;

  if (pattern == NULL || lockstep_pattern_get_kind (pattern) == LOCKSTEP_PATTERN_NOTHING)
    return FALSE;

  for (guint i = 0; i < self->shapes->len; i++)
    {
      const LockstepPrintedShape *other = g_ptr_array_index (self->shapes, i);
      const gboolean              matches = lockstep_pattern_match (pattern, other->line, strlen (other->line), &found, &length);

      if (matches != (other == shape))
        return FALSE;
      if (matches && (found != shape->line + lockstep_printed_get_number (shape, index)->start || length != lockstep_printed_get_number (shape, index)->length))
        return FALSE;
    }

  return TRUE;
}

/* A plain pattern: the text in front of the number, or, where it says nothing, that behind it. */
static char *
dup_plain (const LockstepPrintedShape *shape,
           guint                       index)
{
  g_autofree char *label = dup_label (shape, index);
  g_autofree char *behind = lockstep_proposal_dup_behind (shape, index);
  g_auto (GStrv)   pieces = NULL;
  g_autofree char *text = NULL;

  if (lockstep_proposal_has_letter (label))
    text = g_strconcat (label, "\001", NULL);
  else if (*behind != '\0')
    {
      const char *after = shape->line + lockstep_printed_get_number (shape, index)->start + lockstep_printed_get_number (shape, index)->length;

      text = g_strconcat ("\001", *after == ' ' || *after == '\t' ? " " : "", behind, NULL);
    }
  else
    return NULL;

  pieces = g_strsplit (text, "{", -1);
  g_free (text);
  text = g_strjoinv ("{{", pieces);
  g_strfreev (pieces);
  pieces = g_strsplit (text, "\001", -1);

  return g_strjoinv ("{number}", pieces);
}

/* A regular expression for the whole line. */
static char *
dup_regular (const LockstepPrintedShape *shape,
             guint                       index)
{
  GString *out = g_string_new ("/^\\s*");
  guint    n = 0;

  for (const char *at = shape->shape; *at != '\0'; at++)
    {
      const gboolean follows = at > shape->shape && at[-1] <= LOCKSTEP_PRINTED_OTHER;

      if (*at == LOCKSTEP_PRINTED_NUMBER || *at == LOCKSTEP_PRINTED_OTHER)
        {
          if (at > shape->shape && at[-1] != ' ')
            g_string_append (out, follows ? "\\s+" : "\\s*");
          if (*at == LOCKSTEP_PRINTED_OTHER)
            g_string_append (out, "\\S+");
          else
            g_string_append (out, n == index ? "(" NUMBER ")" : NUMBER);
          n++;
        }
      else if (*at == ' ')
        {
          g_string_append (out, "\\s+");
        }
      else
        {
          g_autofree char *escaped = g_regex_escape_string (at, 1);

          g_string_append (out, escaped);
        }
    }
  g_string_append (out, "\\s*$/");

  return g_string_free (out, FALSE);
}

char *
lockstep_proposal_search_dup_pattern (LockstepProposalSearch     *self,
                                      const LockstepPrintedShape *shape,
                                      guint                       index)
{
  g_autofree char *plain = dup_plain (shape, index);
  g_autofree char *regular = NULL;

  if (plain != NULL && reads_only (self, shape, index, plain))
    return g_steal_pointer (&plain);

  regular = dup_regular (shape, index);
  return reads_only (self, shape, index, regular) ? g_steal_pointer (&regular) : NULL;
}
