/* SPDX-License-Identifier: MIT */

#include "assignment-report.h"

#include "assignment-cost.h"

static void
append_number (GString *text,
               double   number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 15; digits <= 17; digits++)
    {
      char format[] = "%.15g";

      format[3] = '0' + digits - 10;
      g_ascii_formatd (buffer, sizeof buffer, format, number);
      if (g_ascii_strtod (buffer, NULL) == number)
        break;
    }

  g_string_append (text, buffer);
}

gboolean
assignment_report_write (const AssignmentNetwork *network,
                         const double            *flows,
                         const char              *path,
                         GError                 **error)
{
  g_autoptr (GString) text = g_string_new ("from,to,flow,time,capacity,volume_to_capacity\n");
  g_autofree double  *times = g_new (double, network->n_links);

  assignment_cost_get_times (network, flows, times);

  for (guint link = 0; link < network->n_links; link++)
    {
      double capacity = network->capacity[link];

      g_string_append_printf (text, "%u,%u,", network->from[link], network->to[link]);
      append_number (text, flows[link]);
      g_string_append_c (text, ',');
      append_number (text, times[link]);
      g_string_append_c (text, ',');
      append_number (text, capacity);
      g_string_append_c (text, ',');
      /* A link of which the file says no capacity has no ratio to it. */
      if (capacity > 0)
        append_number (text, flows[link] / capacity);
      g_string_append_c (text, '\n');
    }

  return g_file_set_contents (path, text->str, text->len, error);
}
