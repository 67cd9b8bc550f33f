/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-finding.h"

#include <glib/gi18n-lib.h>

/* How findings look, on a terminal that has the characters and on one that has not. */
static const struct
{
  LockstepStyle style;
  const char   *mark;
  const char   *ascii;
} looks[] = {
  [LOCKSTEP_FINDING_OK] = { LOCKSTEP_STYLE_GOOD, "✓", "+" },
  [LOCKSTEP_FINDING_NOTE] = { LOCKSTEP_STYLE_GOOD, "✓", "+" },
  [LOCKSTEP_FINDING_WARNING] = { LOCKSTEP_STYLE_WARNING, "!", "!" },
  [LOCKSTEP_FINDING_PROBLEM] = { LOCKSTEP_STYLE_BAD, "✗", "x" },
};

guint
cli_get_label_width (const char *const *labels,
                     guint              least)
{
  guint width = least;

  for (guint i = 0; labels[i] != NULL; i++)
    width = MAX (width, lockstep_text_get_width (_ (labels[i])) + 2);

  return width;
}

void
cli_append_label (LockstepTerminal *terminal,
                  GString          *line,
                  const char       *label,
                  guint             width)
{
  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_BOLD, label);
  for (guint i = lockstep_text_get_width (label); i < width; i++)
    g_string_append_c (line, ' ');
}

void
cli_append_text (GString    *line,
                 const char *text)
{
  g_autofree char *safe = lockstep_text_make_safe (text);

  g_strdelimit (safe, "\n", ' ');
  g_string_append (line, safe);
}

void
cli_finding_print (LockstepTerminal *terminal,
                   LockstepFinding  *finding,
                   guint             width)
{
  const LockstepFindingLevel level = lockstep_finding_get_level (finding);
  const char                *advice = lockstep_finding_get_advice (finding);
  g_autoptr (GString)        line = g_string_new ("  ");

  lockstep_terminal_append (terminal, line, looks[level].style,
                            lockstep_terminal_is_utf8 (terminal) ? looks[level].mark : looks[level].ascii);
  g_string_append_c (line, ' ');
  cli_append_label (terminal, line, lockstep_finding_get_topic (finding), width);
  if (level == LOCKSTEP_FINDING_WARNING)
    lockstep_terminal_append (terminal, line, looks[level].style, _ ("Warning: "));
  else if (level == LOCKSTEP_FINDING_PROBLEM)
    lockstep_terminal_append (terminal, line, looks[level].style, _ ("Problem: "));
  cli_append_text (line, lockstep_finding_get_text (finding));
  lockstep_terminal_print (terminal, line->str);

  if (advice != NULL)
    {
      g_string_assign (line, "    ");
      cli_append_label (terminal, line, "", width);
      cli_append_text (line, advice);
      lockstep_terminal_print (terminal, line->str);
    }
}
