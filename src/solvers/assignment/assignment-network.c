/* SPDX-License-Identifier: MIT */

#include "assignment-network.h"

#include "assignment-text.h"

#include <math.h>

/* More than this is a mistake in the file, and memory for it should not be asked for. */
#define MAX_COUNT 100000000

/* Powers up to here are computed by multiplication. */
#define MAX_WHOLE_POWER 16

static gboolean
read_counts (AssignmentNetwork *network,
             AssignmentText    *text,
             GError           **error)
{
  network->first_thru_node = 1;

  return assignment_text_get_count (text, "NUMBER OF NODES", 1, MAX_COUNT, &network->n_nodes, error) &&
         assignment_text_get_count (text, "NUMBER OF ZONES", 1, network->n_nodes, &network->n_zones, error) &&
         assignment_text_get_count (text, "NUMBER OF LINKS", 1, MAX_COUNT, &network->n_links, error) &&
         (!assignment_text_has (text, "FIRST THRU NODE") ||
          assignment_text_get_count (text, "FIRST THRU NODE", 1, network->n_nodes + 1,
                                     &network->first_thru_node, error));
}

/* from, to, capacity, length, free-flow time, B, power; speed, toll and type may follow and are not used. */
static gboolean
read_link (AssignmentNetwork *network,
           AssignmentText    *text,
           guint              link,
           char              *line,
           GError           **error)
{
  char  *cursor = line;
  double capacity, length, time, b, power;

  if (!assignment_text_read_index (text, &cursor, "node at the start of the link", network->n_nodes,
                                   &network->from[link], error) ||
      !assignment_text_read_index (text, &cursor, "node at the end of the link", network->n_nodes,
                                   &network->to[link], error) ||
      !assignment_text_read_number (text, &cursor, "capacity", &capacity, error) ||
      !assignment_text_read_number (text, &cursor, "length", &length, error) ||
      !assignment_text_read_number (text, &cursor, "free-flow time", &time, error) ||
      !assignment_text_read_number (text, &cursor, "coefficient B", &b, error) ||
      !assignment_text_read_number (text, &cursor, "power", &power, error))
    return FALSE;

  if (time < 0)
    return assignment_text_fail (text, error, "The free-flow time is %g; it must not be negative", time);
  if (b < 0)
    return assignment_text_fail (text, error, "The coefficient B is %g; it must not be negative", b);
  if (power < 0)
    return assignment_text_fail (text, error, "The power is %g; it must not be negative", power);
  if (b * time > 0 && capacity <= 0)
    return assignment_text_fail (text, error,
                                 "The capacity is %g; it must be above 0 where the travel time depends on it "
                                 "(B is %g)",
                                 capacity, b);

  network->capacity[link] = capacity;
  network->free_flow_time[link] = time;
  network->rise[link] = time * b;
  network->inverse_capacity[link] = network->rise[link] > 0 ? 1.0 / capacity : 0.0;
  network->power[link] = power;
  network->whole_power[link] = power <= MAX_WHOLE_POWER && power == floor (power) ? (gint8) power : -1;

  return TRUE;
}

static gboolean
read_links (AssignmentNetwork *network,
            AssignmentText    *text,
            GError           **error)
{
  guint link = 0;
  char *line;

  network->from = g_new (guint, network->n_links);
  network->to = g_new (guint, network->n_links);
  network->capacity = g_new (double, network->n_links);
  network->free_flow_time = g_new (double, network->n_links);
  network->rise = g_new (double, network->n_links);
  network->inverse_capacity = g_new (double, network->n_links);
  network->power = g_new (double, network->n_links);
  network->whole_power = g_new (gint8, network->n_links);

  while ((line = assignment_text_next_line (text)))
    {
      if (link == network->n_links)
        return assignment_text_fail (text, error, "One more link than the %u that “<NUMBER OF LINKS>” says",
                                     network->n_links);
      if (!read_link (network, text, link, line, error))
        return FALSE;
      link++;
    }

  if (link < network->n_links)
    return assignment_text_fail (text, error, "The file ends after %u links; “<NUMBER OF LINKS>” says %u",
                                 link, network->n_links);

  return TRUE;
}

/* A counting sort: the links of a node stay in the order of the file. */
static void
sort_leaving_links (AssignmentNetwork *network)
{
  g_autofree guint *place = NULL;

  network->first_leaving = g_new0 (guint, network->n_nodes + 2);
  network->leaving = g_new (guint, network->n_links);

  for (guint link = 0; link < network->n_links; link++)
    network->first_leaving[network->from[link] + 1]++;
  for (guint node = 1; node <= network->n_nodes + 1; node++)
    network->first_leaving[node] += network->first_leaving[node - 1];

  place = g_memdup2 (network->first_leaving, (network->n_nodes + 2) * sizeof *place);
  for (guint link = 0; link < network->n_links; link++)
    network->leaving[place[network->from[link]]++] = link;
}

AssignmentNetwork *
assignment_network_read (const char *path,
                         GError    **error)
{
  g_autoptr (AssignmentNetwork) network = g_new0 (AssignmentNetwork, 1);
  g_autoptr (AssignmentText)    text = assignment_text_open (path, error);

  network->path = g_strdup (path);

  if (!text || !read_counts (network, text, error) || !read_links (network, text, error))
    return NULL;

  sort_leaving_links (network);

  return g_steal_pointer (&network);
}

void
assignment_network_free (AssignmentNetwork *network)
{
  g_free (network->path);
  g_free (network->from);
  g_free (network->to);
  g_free (network->capacity);
  g_free (network->free_flow_time);
  g_free (network->rise);
  g_free (network->inverse_capacity);
  g_free (network->power);
  g_free (network->whole_power);
  g_free (network->first_leaving);
  g_free (network->leaving);
  g_free (network);
}
