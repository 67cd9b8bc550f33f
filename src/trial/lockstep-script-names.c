/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-script-names.h"

#include <string.h>

/* How an argument is called in Python, R, Julia and Octave, and in a shell. The group is its number. */
#define ARGUMENT "(?:\\b(?:argv|args|ARGS)(?:\\(\\))?[\\[({]+|\\$\\{?)([0-9]+)\\b"

/* The name that @text ends with, without what stands in front of it ("local rate"). */
static char *
dup_last_word (const char *text)
{
  g_autofree char *word = g_strchomp (g_strdup (text));
  const char      *start = word + strlen (word);

  while (start > word && (g_ascii_isalnum (start[-1]) || start[-1] == '_'))
    start--;

  return g_ascii_isalpha (*start) || *start == '_' ? g_strdup (start) : NULL;
}

/* The name of the argument @position in a statement that gives names to one or more of them. */
static char *
read_line (const char *line,
           GRegex     *argument,
           guint       position)
{
  const char            *equals = strchr (line, '=');
  const char            *arrow = strstr (line, "<-");
  const char            *end = arrow != NULL && (equals == NULL || arrow < equals) ? arrow : equals;
  g_autofree char       *left = NULL;
  g_auto (GStrv)         names = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  guint                  n_arguments = 0;
  int                    found = -1;

  /* "a == b" names nothing. */
  if (end == NULL || end[1] == '=')
    return NULL;

  g_regex_match (argument, end, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *number = g_match_info_fetch (match, 1);

      if (g_ascii_strtoull (number, NULL, 10) == position)
        found = (int) n_arguments;
      n_arguments++;
    }
  left = g_strndup (line, (gsize) (end - line));
  names = g_strsplit (left, ",", -1);

  return found >= 0 && g_strv_length (names) == n_arguments ? dup_last_word (names[found]) : NULL;
}

char *
lockstep_script_dup_name (const char *text,
                          guint       position)
{
  g_autoptr (GRegex) argument = g_regex_new (ARGUMENT, 0, 0, NULL);
  g_auto (GStrv)     lines = g_strsplit_set (text, "\n;", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      char *name = read_line (*line, argument, position);

      if (name != NULL)
        return name;
    }

  return NULL;
}
