/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-proposal-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "lockstep-nearest.h"
#include "lockstep-plan.h"

/* A name has no more words than this. */
#define MAX_WORDS 3

/* Words that say nothing in a name. */
static const char *const small_words[] = { "the", "of", "at", "in", "is", "was", "for", "and", "to", "now", NULL };

/* Numbers are the same that differ by no more of them. */
#define TOLERANCE 1e-9

void
lockstep_proposal_free (LockstepProposal *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->json);
  g_free (self->file);
  g_free (self->text);
  g_free (self->found);
  g_free (self->remark);
  g_free (self);
}

/* Blanks what stands in brackets in @text, such as a unit, unless there is nothing else. */
static void
blank_brackets (char *text)
{
  g_autofree char *rest = g_strdup (text);
  const char      *closing = NULL;

  for (char *at = rest; *at != '\0'; at++)
    {
      if (closing == NULL && (*at == '(' || *at == '['))
        closing = strchr (at, *at == '(' ? ')' : ']');
      if (closing != NULL && at <= closing)
        *at = ' ';
      if (at == closing)
        closing = NULL;
    }
  for (const char *at = rest; *at != '\0'; at++)
    if (g_ascii_isalpha (*at))
      {
        strcpy (text, rest);
        return;
      }
}

char *
lockstep_proposal_dup_name (const char *label,
                            gssize      length)
{
  g_autofree char *text = length < 0 ? g_strdup (label) : g_strndup (label, (gsize) length);
  g_auto (GStrv)   words = NULL;
  char           **first;
  guint            n_words = 0;
  gboolean         has_letter = FALSE;

  blank_brackets (text);
  for (char *at = text; *at != '\0'; at++)
    {
      has_letter = has_letter || g_ascii_isalpha (*at);
      *at = g_ascii_isalnum (*at) ? g_ascii_tolower (*at) : ' ';
    }
  if (!has_letter)
    return NULL;

  words = g_strsplit_set (g_strstrip (text), " ", -1);
  for (char **word = words; *word != NULL; word++)
    if (**word == '\0' || (g_strv_contains (small_words, *word) && (n_words > 0 || word[1] != NULL)))
      g_free (*word);
    else
      words[n_words++] = *word;
  words[n_words] = NULL;
  if (n_words == 0)
    return NULL;

  first = words + (n_words > MAX_WORDS ? n_words - MAX_WORDS : 0);
  /* A number alone at the begin would read like an index. */
  while (first[1] != NULL && g_ascii_isdigit (**first))
    first++;
  return g_strjoinv ("_", first);
}

static gboolean
is_taken (LockstepProposalSearch *self,
          LockstepProbeKind       kind,
          const char             *name)
{
  for (guint i = 0; i < self->proposals->len; i++)
    {
      const LockstepProposal *proposal = g_ptr_array_index (self->proposals, i);

      if (proposal->kind == kind && g_str_equal (proposal->name, name))
        return TRUE;
    }
  for (guint i = 0; kind == LOCKSTEP_PROBE_VALUE && i < self->program->values->len; i++)
    if (g_str_equal (((LockstepProgramValue *) g_ptr_array_index (self->program->values, i))->name, name))
      return TRUE;
  for (guint i = 0; kind == LOCKSTEP_PROBE_RESULT && i < self->program->results->len; i++)
    if (g_str_equal (((LockstepProgramResult *) g_ptr_array_index (self->program->results, i))->name, name))
      return TRUE;

  return FALSE;
}

LockstepProposal *
lockstep_proposal_search_add (LockstepProposalSearch *self,
                              LockstepProbeKind       kind,
                              char                   *name,
                              char                   *json,
                              char                   *found)
{
  LockstepProposal *proposal = g_new0 (LockstepProposal, 1);
  g_autofree char  *wanted = name;

  proposal->kind = kind;
  proposal->name = g_strdup (wanted);
  for (guint i = 2; is_taken (self, kind, proposal->name); i++)
    {
      g_free (proposal->name);
      proposal->name = g_strdup_printf ("%s_%u", wanted, i);
    }
  proposal->json = json;
  proposal->found = found;
  g_ptr_array_add (self->proposals, proposal);

  return proposal;
}

static gboolean
is_same (double a,
         double b)
{
  return fabs (a - b) <= TOLERANCE * MAX (fabs (a), fabs (b));
}

char *
lockstep_proposal_search_dup_param (LockstepProposalSearch *self,
                                    double                  number,
                                    double                  step)
{
  g_autofree char *best = NULL;
  double           distance = G_MAXDOUBLE;

  for (guint i = 0; i < G_N_ELEMENTS (self->placeholders->params); i++)
    {
      LockstepJsonIter iter;
      LockstepJson     name, value;
      double           param;

      lockstep_json_iter_init (&iter, self->placeholders->params[i]);
      while (lockstep_json_iter_next (&iter, &name, &value))
        {
          if (!lockstep_json_get_double (value, &param) || param <= 0)
            continue;
          if ((is_same (param, number) || (param > number && param - number <= step * (1 + TOLERANCE))) &&
              fabs (param - number) < distance)
            {
              g_free (best);
              best = lockstep_json_dup_string (name, NULL);
              distance = fabs (param - number);
            }
        }
    }

  return g_steal_pointer (&best);
}

gboolean
lockstep_proposal_search_is_param (LockstepProposalSearch *self,
                                   const char             *name,
                                   double                  number)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->placeholders->params); i++)
    {
      LockstepJsonIter iter;
      LockstepJson     member, value;
      double           param;

      lockstep_json_iter_init (&iter, self->placeholders->params[i]);
      while (lockstep_json_iter_next (&iter, &member, &value))
        {
          g_autofree char *text = lockstep_json_dup_string (member, NULL);
          g_autofree char *own = lockstep_proposal_dup_name (text, -1);

          if (g_strcmp0 (own, name) == 0 && lockstep_json_get_double (value, &param) && is_same (param, number))
            return TRUE;
        }
    }

  return FALSE;
}

/* As they stand in a plan, and what is printed before what is in files. */
static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const LockstepProposal *left = *(LockstepProposal **) a;
  const LockstepProposal *right = *(LockstepProposal **) b;

  if (left->kind != right->kind)
    return (int) left->kind - (int) right->kind;

  return (left->file != NULL) - (right->file != NULL);
}

GPtrArray *
lockstep_proposals_new (const LockstepProgram      *program,
                        const LockstepPlaceholders *placeholders,
                        const char                 *log,
                        const char                 *working_folder,
                        gint64                      since)
{
  g_autoptr (GPtrArray)  shapes = lockstep_printed_load (log);
  LockstepProposalSearch self = { program, placeholders, shapes };

  self.proposals = g_ptr_array_new_with_free_func ((GDestroyNotify) lockstep_proposal_free);
  lockstep_proposal_search_files (&self, working_folder, since);
  lockstep_proposal_search_lines (&self);
  g_ptr_array_sort (self.proposals, compare_places);

  return self.proposals;
}

static LockstepProposal *
find (GPtrArray  *proposals,
      const char *name,
      guint      *from)
{
  for (; *from < proposals->len; (*from)++)
    {
      LockstepProposal *proposal = g_ptr_array_index (proposals, *from);

      if (g_str_equal (proposal->name, name))
        {
          (*from)++;
          return proposal;
        }
    }

  return NULL;
}

GPtrArray *
lockstep_proposals_choose (GPtrArray  *proposals,
                           const char *only,
                           GError    **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_auto (GStrv)        names = g_strsplit (only, ",", -1);

  for (char **name = names; *name != NULL; name++)
    {
      const guint           n_before = chosen->len;
      LockstepProposal     *proposal;
      g_autoptr (GPtrArray) known = g_ptr_array_new ();
      g_autofree char      *all = NULL;
      guint                 from = 0;

      /* A value and a result may have the same name. */
      while ((proposal = find (proposals, g_strstrip (*name), &from)) != NULL)
        if (!g_ptr_array_find (chosen, proposal, NULL))
          g_ptr_array_add (chosen, proposal);
      if (chosen->len > n_before || **name == '\0')
        continue;

      for (guint i = 0; i < proposals->len; i++)
        g_ptr_array_add (known, ((LockstepProposal *) g_ptr_array_index (proposals, i))->name);
      g_ptr_array_add (known, NULL);
      all = g_strjoinv (", ", (char **) known->pdata);
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER, _ ("“%s” is none of the proposals: %s"), *name, all);
      return NULL;
    }

  return g_steal_pointer (&chosen);
}
