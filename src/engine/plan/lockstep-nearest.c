/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-nearest.h"

#include <string.h>

/* Nothing that has a name here is longer. */
#define MAX_LENGTH 63

static char
fold (char letter)
{
  return letter == '_' ? '-' : g_ascii_tolower (letter);
}

/* The optimal string alignment distance: Levenshtein's, with a swap of neighbours as one change. */
static guint
measure (const char *a,
         gsize       a_length,
         const char *b,
         gsize       b_length)
{
  guint rows[3][MAX_LENGTH + 1];

  for (guint j = 0; j <= b_length; j++)
    rows[0][j] = j;

  for (guint i = 1; i <= a_length; i++)
    {
      guint       *row = rows[i % 3];
      const guint *last = rows[(i + 2) % 3];
      const guint *before_last = rows[(i + 1) % 3];

      row[0] = i;
      for (guint j = 1; j <= b_length; j++)
        {
          gboolean same = fold (a[i - 1]) == fold (b[j - 1]);

          row[j] = MIN (last[j - 1] + !same, MIN (last[j], row[j - 1]) + 1);
          if (i > 1 && j > 1 && fold (a[i - 1]) == fold (b[j - 2]) && fold (a[i - 2]) == fold (b[j - 1]))
            row[j] = MIN (row[j], before_last[j - 2] + 1);
        }
    }

  return rows[a_length % 3][b_length];
}

const char *
lockstep_nearest (const char        *name,
                  const char *const *known)
{
  const char *nearest = NULL;
  guint       nearest_distance = G_MAXUINT;
  gsize       length = strlen (name);

  if (length > MAX_LENGTH)
    return NULL;

  for (guint i = 0; known[i] != NULL; i++)
    {
      gsize known_length = strlen (known[i]);
      guint distance = measure (name, length, known[i], known_length);
      guint allowed = MAX (1, (MAX (length, known_length) + 1) / 3);

      if (distance <= allowed && distance < MAX (length, known_length) && distance < nearest_distance)
        {
          nearest = known[i];
          nearest_distance = distance;
        }
    }

  return nearest;
}
