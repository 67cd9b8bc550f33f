/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-try-proposals.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-proposal.h"

/* Columns of what is proposed. */
#define TITLE_WIDTH 20

static const char *
get_kind (LockstepProbeKind kind)
{
  switch (kind)
    {
    case LOCKSTEP_PROBE_PROGRESS:
      return _ ("How far it is:");
    case LOCKSTEP_PROBE_VALUE:
      return _ ("Values to watch:");
    case LOCKSTEP_PROBE_RESULT:
    case LOCKSTEP_PROBE_FAILURE:
    default:
      return _ ("Results:");
    }
}

static void
print_proposal (LockstepTerminal       *terminal,
                const LockstepProposal *proposal)
{
  g_autoptr (GString) line = g_string_new ("  ");
  g_autofree char    *json = lockstep_text_make_safe (proposal->json);
  g_autofree char    *text = lockstep_text_make_safe (proposal->text != NULL ? proposal->text : "");
  g_autofree char    *found = lockstep_text_make_safe (proposal->found);
  g_autofree char    *example = NULL;

  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_BOLD, proposal->name);
  for (guint width = lockstep_text_get_width (proposal->name); width < TITLE_WIDTH; width++)
    g_string_append_c (line, ' ');
  g_string_append_printf (line, " %s", json);
  if (proposal->remark != NULL)
    g_string_append_printf (line, "   (%s)", proposal->remark);
  lockstep_terminal_print (terminal, line->str);

  example = proposal->file != NULL ? g_strdup_printf (_ ("%s in %s, line %" PRIu64 ": %s"), found, proposal->file,
                                                      proposal->line, text)
                                   : g_strdup_printf (_ ("%s in line %" PRIu64 ": %s"), found, proposal->line, text);
  g_string_assign (line, "      ");
  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_DIM, example);
  lockstep_terminal_print (terminal, line->str);
}

void
cli_try_proposals_print (LockstepTerminal *terminal,
                         GPtrArray        *proposals)
{
  for (guint i = 0; i < proposals->len; i++)
    {
      const LockstepProposal *proposal = g_ptr_array_index (proposals, i);

      if (i == 0 || proposal->kind != ((LockstepProposal *) g_ptr_array_index (proposals, i - 1))->kind)
        lockstep_terminal_print (terminal, get_kind (proposal->kind));
      print_proposal (terminal, proposal);
    }
}

/* Writes @text, if it is a plan. */
static gboolean
replace (GFile   *file,
         GBytes  *text,
         GError **error)
{
  g_autoptr (GFile)        folder = g_file_get_parent (file);
  g_autoptr (LockstepPlan) plan = NULL;
  gsize                    length;
  const char              *data = g_bytes_get_data (text, &length);

  plan = lockstep_plan_new_from_text (data, length, g_file_peek_path (folder), NULL, error);
  return plan != NULL && g_file_replace_contents (file, data, length, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, error);
}

int
cli_try_proposals_write (GPtrArray  *proposals,
                         const char *only,
                         GFile      *file,
                         GError    **error)
{
  g_autoptr (GPtrArray) chosen = NULL;
  g_autoptr (GBytes)    text = NULL;
  g_autoptr (GBytes)    changed = NULL;

  chosen = only != NULL ? lockstep_proposals_choose (proposals, only, error) : g_ptr_array_ref (proposals);
  if (chosen == NULL ||
      (text = g_file_load_bytes (file, NULL, NULL, error)) == NULL ||
      (changed = lockstep_proposals_write (chosen, text, error)) == NULL)
    return -1;
  if (chosen->len > 0 && !replace (file, changed, error))
    return -1;

  return (int) chosen->len;
}

gboolean
cli_try_proposals_write_file (const char *name,
                              GFile      *file,
                              GError    **error)
{
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) changed = NULL;

  return (text = g_file_load_bytes (file, NULL, NULL, error)) != NULL &&
         (changed = lockstep_proposals_write_file (name, text, error)) != NULL && replace (file, changed, error);
}
