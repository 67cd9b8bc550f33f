/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-proposal-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lockstep-decimal.h"
#include "lockstep-json-writer.h"

/* Lines of one shape that tell of a loop. */
#define LOOP_LINES 3

/* Of the numbers in a long line of results, all but the first few are a table. */
#define MAX_IN_LINE 4

/* What the thing that a program counts is often called. */
static const char *const counters[] = {
  "time", "t", "step", "iter", "iteration", "it", "epoch", "progress", "cycle", "day", "hour", "year", "month", "round", "generation",
  "gen", "sweep", "pass", "sample", "frame", "n", "i", "k", NULL
};

/* What stands between the number of something and how many there are. */
static const char *const of_words[] = { "/", "of", "out of", "von", "de", NULL };

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
          found == shape->line + lockstep_printed_get_number (shape, index)->start)
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
  g_autofree char    *pattern = lockstep_proposal_search_dup_pattern (self, shape, index);
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
                                           lockstep_printed_dup_number (shape, index));
  proposal->line = shape->last_line;
  proposal->text = g_strstrip (g_strdup (shape->line));

  return proposal;
}

/* How many there are in all, where the line says so: the index of that number; or 0. */
static guint
find_total (const LockstepPrintedShape *shape,
            guint                       index)
{
  g_autofree char             *between = lockstep_proposal_dup_behind (shape, index);
  const LockstepPrintedNumber *total = index + 1 < shape->numbers->len ? lockstep_printed_get_number (shape, index + 1) : NULL;

  return total != NULL && total->is_number && !total->varies && total->last >= lockstep_printed_get_number (shape, index)->last &&
             g_strv_contains (of_words, between)
           ? index + 1
           : 0;
}

static gboolean
is_percent (const LockstepPrintedShape *shape,
            guint                       index)
{
  g_autofree char *behind = lockstep_proposal_dup_behind (shape, index);

  return *behind == '%' && lockstep_printed_get_number (shape, index)->first >= 0 && lockstep_printed_get_number (shape, index)->last <= 100.001;
}

/* How likely it is that the number tells how far the program is; 0 for not at all. */
static guint
rate (LockstepProposalSearch     *self,
      const LockstepPrintedShape *shape,
      guint                       index)
{
  const LockstepPrintedNumber *number = lockstep_printed_get_number (shape, index);
  g_autofree char             *name = NULL;
  g_autofree char             *param = NULL;
  gboolean                     is_counter;
  gboolean                     is_even;
  guint                        score;

  if (!number->is_number || shape->n_lines < 2 || !number->increases || number->first < 0 || number->last <= 0 ||
      lockstep_proposal_is_stopwatch (shape, index))
    return 0;

  name = lockstep_proposal_dup_number_name (shape, index);
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
  const LockstepPrintedNumber *number = lockstep_printed_get_number (shape, index);
  const guint                  total = find_total (shape, index);
  g_autofree char             *param = NULL;
  g_autofree char             *found = NULL;
  g_autoptr (GString)          out = g_string_new (NULL);

  if (total == 0 && is_percent (shape, index))
    return g_strdup ("100");

  param = total > 0 ? lockstep_proposal_search_dup_param (self, lockstep_printed_get_number (shape, total)->last, 0)
                    : lockstep_proposal_search_dup_param (self, number->last, number->step);
  if (param != NULL)
    {
      g_autofree char *placeholder = g_strdup_printf ("{%s}", param);

      lockstep_json_append_string (out, placeholder, -1);
      return g_string_free (g_steal_pointer (&out), FALSE);
    }

  found = lockstep_printed_dup_number (shape, total > 0 ? total : index);
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

/* Whether the number is another measure of how far the program is, such as the time that it has come to at a step. */
static gboolean
is_clock (const LockstepPrintedShape *shape,
          guint                       index)
{
  const LockstepPrintedNumber *number = lockstep_printed_get_number (shape, index);
  g_autofree char             *name = lockstep_proposal_dup_number_name (shape, index);

  return number->increases && number->n_odd_steps <= 1 && g_strv_contains (counters, name);
}

/* Whether the number changes from line to line, and is worth watching. */
static gboolean
is_watched (const LockstepPrintedShape *shape,
            guint                       index,
            const LockstepPrintedShape *progress,
            guint                       progress_index)
{
  const LockstepPrintedNumber *number = lockstep_printed_get_number (shape, index);

  return number->is_number && number->varies && (shape->n_lines >= LOOP_LINES || shape == progress) &&
         !(shape == progress && (index == progress_index || is_clock (shape, index))) && !is_percent (shape, index) &&
         !lockstep_proposal_is_stopwatch (shape, index);
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
            propose (self, kind, shape, k, lockstep_proposal_dup_number_name (shape, k), kind == LOCKSTEP_PROBE_RESULT ? "" : NULL) != NULL)
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

      if (shape->n_lines > 1 || shape->first_line <= end || shape->numbers->len > MAX_IN_LINE || !lockstep_proposal_has_letter (shape->shape))
        continue;
      for (guint k = 0; k < shape->numbers->len && n < LOCKSTEP_PROPOSAL_MAX; k++)
        {
          g_autofree char *name = lockstep_proposal_dup_number_name (shape, k);

          /* What was given is no result. */
          if (lockstep_printed_get_number (shape, k)->is_number && !lockstep_proposal_is_stopwatch (shape, k) &&
              !lockstep_proposal_search_is_param (self, name, lockstep_printed_get_number (shape, k)->last) &&
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
