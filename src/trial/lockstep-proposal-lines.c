/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-proposal-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "lockstep-decimal.h"
#include "lockstep-json-writer.h"

/* Lines of one shape that tell of a loop. */
#define LOOP_LINES 3

/* Of the numbers in a long line of results, all but the first few are a table. */
#define MAX_IN_LINE 4

/* Of a regular expression: any number, and no word, so that headings are none. */
#define NUMBER "[-+]?[.\\d][-+.\\w]*"

/* What the thing that a program counts is often called. */
static const char *const counters[] = {
  "time", "t", "step", "iter", "iteration", "it", "epoch", "progress", "cycle", "day", "hour", "year", "month", "round", "generation",
  "gen", "sweep", "pass", "sample", "frame", "n", "i", "k", NULL
};

/* What stands between the number of something and how many there are. */
static const char *const of_words[] = { "/", "of", "out of", "von", "de", NULL };

static const LockstepPrintedNumber *
get_number (const LockstepPrintedShape *shape,
            guint                       index)
{
  return &g_array_index (shape->numbers, LockstepPrintedNumber, index);
}

static char *
dup_found (const LockstepPrintedShape *shape,
           guint                       index)
{
  const LockstepPrintedNumber *number = get_number (shape, index);

  return g_strndup (shape->line + number->start, number->length);
}

static gboolean
has_letter (const char *text)
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

/* The text behind the number, up to a comma or the next one. */
static char *
dup_behind (const LockstepPrintedShape *shape,
            guint                       index)
{
  const LockstepPrintedNumber *number = get_number (shape, index);
  const guint                  start = number->start + number->length;
  const guint                  limit = index + 1 < shape->numbers->len ? get_number (shape, index + 1)->start : (guint) strlen (shape->line);
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
  const guint end = get_number (shape, index)->start;
  GString    *label = g_string_new (NULL);
  guint       start = 0;

  if (index > 0)
    start = get_number (shape, index - 1)->start + get_number (shape, index - 1)->length;
  for (guint i = start; i < end; i++)
    if (is_clause_end (shape->line[i]))
      start = i + 1;
  while (start < end && !g_ascii_isalnum (shape->line[start]) && (guchar) shape->line[start] < 0x80)
    start++;

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
  return shape->numbers->len > 1 && !has_letter (shape->shape);
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
  if (n_words == shape->numbers->len && word != NULL && has_letter (word))
    return g_steal_pointer (&word);

  return g_strdup_printf ("column %u", index + 1);
}

/* What the number is called: by the text in front of it, or behind it, or the heading of its column. */
static char *
dup_name (const LockstepPrintedShape *shape,
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

  behind = dup_behind (shape, index);
  name = lockstep_proposal_dup_name (behind, -1);
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
      if (matches && (found != shape->line + get_number (shape, index)->start || length != get_number (shape, index)->length))
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
  g_autofree char *behind = dup_behind (shape, index);
  g_auto (GStrv)   pieces = NULL;
  g_autofree char *text = NULL;

  if (has_letter (label))
    text = g_strconcat (label, "\001", NULL);
  else if (*behind != '\0')
    {
      const char *after = shape->line + get_number (shape, index)->start + get_number (shape, index)->length;

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

/* The pattern that reads the number @index of the lines of @shape; NULL where there is none. */
static char *
dup_pattern (LockstepProposalSearch     *self,
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

/* Whether the plan reads this number already. */
static gboolean
is_read (LockstepProposalSearch     *self,
         LockstepProbeKind           kind,
         const LockstepPrintedShape *shape,
         guint                       index)
{
  g_autoptr (GPtrArray) probes = lockstep_probes_new (self->program);
  const char           *found;
  gsize                 length;

  for (guint i = 0; i < probes->len; i++)
    {
      const LockstepProbe *probe = g_ptr_array_index (probes, i);

      if (probe->kind == kind && probe->pattern != NULL && (probe->result == NULL || probe->result->file == NULL) &&
          lockstep_pattern_match (probe->pattern, shape->line, strlen (shape->line), &found, &length) &&
          found == shape->line + get_number (shape, index)->start)
        return TRUE;
    }

  return FALSE;
}

static LockstepProposal *
propose (LockstepProposalSearch     *self,
         LockstepProbeKind           kind,
         const LockstepPrintedShape *shape,
         guint                       index,
         char                       *name,
         const char                 *format)
{
  g_autofree char    *own = name;
  g_autofree char    *pattern = dup_pattern (self, shape, index);
  g_autoptr (GString) json = g_string_new (NULL);
  LockstepProposal   *proposal;

  if (pattern == NULL || is_read (self, kind, shape, index))
    return NULL;

  lockstep_json_append_string (json, pattern, -1);
  if (format != NULL)
    {
      g_autofree char *quoted = g_strdup (json->str);

      g_string_assign (json, "{ \"match\": ");
      g_string_append (json, quoted);
      g_string_append (json, format);
      g_string_append (json, " }");
    }
  proposal = lockstep_proposal_search_add (self, kind, g_steal_pointer (&own), g_string_free (g_steal_pointer (&json), FALSE),
                                           dup_found (shape, index));
  proposal->line = shape->last_line;
  proposal->text = g_strstrip (g_strdup (shape->line));

  return proposal;
}

/* How many there are in all, where the line says so: the index of that number; or 0. */
static guint
find_total (const LockstepPrintedShape *shape,
            guint                       index)
{
  g_autofree char             *between = dup_behind (shape, index);
  const LockstepPrintedNumber *total = index + 1 < shape->numbers->len ? get_number (shape, index + 1) : NULL;

  return total != NULL && total->is_number && !total->varies && total->last >= get_number (shape, index)->last &&
             g_strv_contains (of_words, between)
           ? index + 1
           : 0;
}

static gboolean
is_percent (const LockstepPrintedShape *shape,
            guint                       index)
{
  g_autofree char *behind = dup_behind (shape, index);

  return *behind == '%' && get_number (shape, index)->first >= 0 && get_number (shape, index)->last <= 100.001;
}

/* How likely it is that the number tells how far the program is; 0 for not at all. */
static guint
rate (LockstepProposalSearch     *self,
      const LockstepPrintedShape *shape,
      guint                       index)
{
  const LockstepPrintedNumber *number = get_number (shape, index);
  g_autofree char             *name = NULL;
  g_autofree char             *param = NULL;
  gboolean                     is_counter;
  gboolean                     is_even;
  guint                        score;

  if (!number->is_number || shape->n_lines < 2 || !number->increases || number->first < 0 || number->last <= 0)
    return 0;

  name = dup_name (shape, index);
  param = lockstep_proposal_search_dup_param (self, number->last, number->step);
  is_counter = g_strv_contains (counters, name);
  for (guint i = 0; !is_counter && counters[i] != NULL; i++)
    is_counter = strlen (counters[i]) > 2 && (g_str_has_prefix (name, counters[i]) || g_str_has_suffix (name, counters[i]));
  /* The last step may be shorter. */
  is_even = shape->n_lines >= LOOP_LINES && number->n_odd_steps <= 1;

  score = (find_total (shape, index) > 0 ? 8 : 0) + (is_percent (shape, index) ? 6 : 0) + (is_counter ? 4 : 0) +
          (is_even ? 3 : 0);
  if (score == 0)
    return 0;

  return score + (param != NULL ? 5 : 0) + (index == 0 ? 2 : 0) + (guint) MIN (shape->n_lines, 100) / 25;
}

/* The member "of" of a progress, and what is to be said about it. */
static char *
dup_of (LockstepProposalSearch     *self,
        const LockstepPrintedShape *shape,
        guint                       index,
        char                      **remark)
{
  const LockstepPrintedNumber *number = get_number (shape, index);
  const guint                  total = find_total (shape, index);
  g_autofree char             *param = NULL;
  g_autofree char             *found = NULL;
  g_autoptr (GString)          out = g_string_new (NULL);

  if (total == 0 && is_percent (shape, index))
    return g_strdup ("100");

  param = total > 0 ? lockstep_proposal_search_dup_param (self, get_number (shape, total)->last, 0)
                    : lockstep_proposal_search_dup_param (self, number->last, number->step);
  if (param != NULL)
    {
      g_autofree char *placeholder = g_strdup_printf ("{%s}", param);

      lockstep_json_append_string (out, placeholder, -1);
      return g_string_free (g_steal_pointer (&out), FALSE);
    }

  found = dup_found (shape, total > 0 ? total : index);
  lockstep_decimal_read (found, strlen (found), out, NULL);
  *remark = g_strdup (_ ("that is where it ended here; no parameter of the plan has this value"));
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Proposes the one that tells best how far the program is. Returns its shape, and sets @index. */
static const LockstepPrintedShape *
propose_progress (LockstepProposalSearch *self,
                  guint                  *index)
{
  const LockstepPrintedShape *best = NULL;
  guint                       score = 0;
  g_autofree char            *of = NULL;
  g_autofree char            *format = NULL;
  char                       *remark = NULL;
  LockstepProposal           *proposal;

  for (guint i = 0; i < self->shapes->len; i++)
    {
      const LockstepPrintedShape *shape = g_ptr_array_index (self->shapes, i);

      for (guint k = 0; k < shape->numbers->len; k++)
        {
          const guint own = rate (self, shape, k);

          if (own > score)
            {
              score = own;
              best = shape;
              *index = k;
            }
        }
    }
  if (best == NULL || self->program->progress != NULL)
    return best;

  of = dup_of (self, best, *index, &remark);
  format = g_strdup_printf (", \"of\": %s", of);
  proposal = propose (self, LOCKSTEP_PROBE_PROGRESS, best, *index, g_strdup ("progress"), format);
  if (proposal != NULL)
    proposal->remark = g_steal_pointer (&remark);
  g_free (remark);

  return best;
}

/* Whether the number changes from line to line, and is worth watching. */
static gboolean
is_watched (const LockstepPrintedShape *shape,
            guint                       index,
            const LockstepPrintedShape *progress,
            guint                       progress_index)
{
  const LockstepPrintedNumber *number = get_number (shape, index);

  return number->is_number && number->varies && (shape->n_lines >= LOOP_LINES || shape == progress) &&
         !(shape == progress && index == progress_index) && !is_percent (shape, index);
}

/* Proposes numbers that change from line to line, as @kind. Returns how many. */
static guint
propose_watched (LockstepProposalSearch     *self,
                 LockstepProbeKind           kind,
                 const LockstepPrintedShape *progress,
                 guint                       progress_index)
{
  guint n = 0;

  for (guint i = 0; i < self->shapes->len; i++)
    {
      const LockstepPrintedShape *shape = g_ptr_array_index (self->shapes, i);

      for (guint k = 0; k < shape->numbers->len && n < LOCKSTEP_PROPOSAL_MAX; k++)
        if (is_watched (shape, k, progress, progress_index) &&
            propose (self, kind, shape, k, dup_name (shape, k), kind == LOCKSTEP_PROBE_RESULT ? "" : NULL) != NULL)
          n++;
    }

  return n;
}

/* Where the last line of a loop is. */
static guint64
find_loop_end (LockstepProposalSearch     *self,
               const LockstepPrintedShape *progress)
{
  guint64 end = 0;

  if (progress != NULL)
    return progress->last_line;
  for (guint i = 0; i < self->shapes->len; i++)
    {
      const LockstepPrintedShape *shape = g_ptr_array_index (self->shapes, i);

      if (shape->n_lines >= LOOP_LINES && shape->numbers->len > 0)
        end = MAX (end, shape->last_line);
    }

  return end;
}

/* Proposes what is printed once, after the loop if there is one. Returns how many. */
static guint
propose_results (LockstepProposalSearch     *self,
                 const LockstepPrintedShape *progress)
{
  const guint64 end = find_loop_end (self, progress);
  guint         n = 0;

  for (guint i = 0; i < self->shapes->len; i++)
    {
      const LockstepPrintedShape *shape = g_ptr_array_index (self->shapes, i);

      if (shape->n_lines > 1 || shape->first_line <= end || shape->numbers->len > MAX_IN_LINE || !has_letter (shape->shape))
        continue;
      for (guint k = 0; k < shape->numbers->len && n < LOCKSTEP_PROPOSAL_MAX; k++)
        {
          g_autofree char *name = dup_name (shape, k);

          /* What was given is no result. */
          if (get_number (shape, k)->is_number && !lockstep_proposal_search_is_param (self, name, get_number (shape, k)->last) &&
              propose (self, LOCKSTEP_PROBE_RESULT, shape, k, g_steal_pointer (&name), "") != NULL)
            n++;
        }
    }

  return n;
}

void
lockstep_proposal_search_lines (LockstepProposalSearch *self)
{
  const guint                 n_before = self->proposals->len;
  guint                       index = 0;
  const LockstepPrintedShape *progress = propose_progress (self, &index);

  propose_watched (self, LOCKSTEP_PROBE_VALUE, progress, index);
  /* Where it says nothing at its end, what it came to is what it said last. */
  if (propose_results (self, progress) == 0 && n_before == 0 && self->program->results->len == 0)
    propose_watched (self, LOCKSTEP_PROBE_RESULT, progress, index);
}
