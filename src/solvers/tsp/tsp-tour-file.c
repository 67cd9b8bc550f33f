/* SPDX-License-Identifier: MIT */

#include "tsp-tour-file.h"

#include "tsp-distance.h"

gboolean
tsp_tour_file_write (const TspInstance *instance,
                     const guint       *order,
                     const char        *path,
                     GError           **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text,
                          "NAME : %s.tour\nCOMMENT : Length %" G_GINT64_FORMAT "\nTYPE : TOUR\nDIMENSION : %u\n"
                          "TOUR_SECTION\n",
                          instance->name, tsp_distance_of_tour (instance, order), instance->n_cities);
  for (guint i = 0; i < instance->n_cities; i++)
    g_string_append_printf (text, "%u\n", order[i] + 1);
  g_string_append (text, "-1\nEOF\n");

  return g_file_set_contents (path, text->str, text->len, error);
}
