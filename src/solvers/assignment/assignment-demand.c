/* SPDX-License-Identifier: MIT */

#include "assignment-demand.h"

#include "assignment-text.h"

#include <math.h>
#include <string.h>

/* Vehicles are counted in 2^-20, and all of them are fewer than 2^33: 53 bits, what a double holds. */
#define UNIT_EXPONENT  -20
#define TOTAL_EXPONENT 33

/* What has been read so far. */
typedef struct
{
  AssignmentText *text;
  guint           n_zones;
  guint           origin;    /* the block being read; 0 before the first */
  guint          *seen_from; /* by destination: the origin in whose block it stood last */
  gboolean       *seen;      /* by origin: whether it had a block */
  GArray         *origins;
  GArray         *first;
  GArray         *destinations;
  GArray         *vehicles;
  double          total;
} Reading;

static gboolean
begin_origin (Reading *reading,
              char    *cursor,
              GError **error)
{
  if (!assignment_text_read_index (reading->text, &cursor, "origin", reading->n_zones, &reading->origin, error))
    return FALSE;

  if (reading->seen[reading->origin])
    return assignment_text_fail (reading->text, error, "The origin %u has stood above already", reading->origin);

  reading->seen[reading->origin] = TRUE;
  return TRUE;
}

static gboolean
add_trip (Reading *reading,
          guint    destination,
          double   vehicles,
          GError **error)
{
  if (reading->origin == 0)
    return assignment_text_fail (reading->text, error, "Expected “Origin ZONE” before the first demand");
  if (vehicles < 0)
    return assignment_text_fail (reading->text, error, "The demand from %u to %u is %g; it must not be negative",
                                 reading->origin, destination, vehicles);
  if (reading->seen_from[destination] == reading->origin)
    return assignment_text_fail (reading->text, error, "The demand from %u to %u stands here twice",
                                 reading->origin, destination);
  reading->seen_from[destination] = reading->origin;

  vehicles = ldexp (rint (ldexp (vehicles, -UNIT_EXPONENT)), UNIT_EXPONENT);
  if (vehicles == 0 || destination == reading->origin)
    return TRUE;

  reading->total += vehicles;
  if (reading->total >= ldexp (1.0, TOTAL_EXPONENT))
    return assignment_text_fail (reading->text, error,
                                 "The demand up to here is %g vehicles; fewer than %.0f are possible",
                                 reading->total, ldexp (1.0, TOTAL_EXPONENT));

  if (reading->origins->len == 0 ||
      g_array_index (reading->origins, guint, reading->origins->len - 1) != reading->origin)
    {
      g_array_append_val (reading->origins, reading->origin);
      g_array_append_val (reading->first, reading->vehicles->len);
    }
  g_array_append_val (reading->destinations, destination);
  g_array_append_val (reading->vehicles, vehicles);

  return TRUE;
}

/* “12 : 340.5; 13 : 20;” */
static gboolean
read_trips (Reading *reading,
            char    *line,
            GError **error)
{
  char *cursor = line;

  while (*(cursor += strspn (cursor, " \t;")) != '\0')
    {
      guint  destination;
      double vehicles;

      if (!assignment_text_read_index (reading->text, &cursor, "destination", reading->n_zones, &destination, error))
        return FALSE;

      cursor += strspn (cursor, " \t");
      if (*cursor != ':')
        return assignment_text_fail (reading->text, error, "Expected “:” and the demand after the destination %u",
                                     destination);
      cursor++;

      if (!assignment_text_read_number (reading->text, &cursor, "demand", &vehicles, error) ||
          !add_trip (reading, destination, vehicles, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_blocks (Reading *reading,
             GError **error)
{
  char *line;

  while ((line = assignment_text_next_line (reading->text)))
    {
      gboolean is_origin = g_ascii_strncasecmp (line, "Origin", strlen ("Origin")) == 0;

      if (is_origin && !begin_origin (reading, line + strlen ("Origin"), error))
        return FALSE;
      if (!is_origin && !read_trips (reading, line, error))
        return FALSE;
    }

  if (reading->vehicles->len == 0)
    return assignment_text_fail (reading->text, error, "The file ends without any demand from one zone to another");

  return TRUE;
}

AssignmentDemand *
assignment_demand_read (const char              *path,
                        const AssignmentNetwork *network,
                        GError                 **error)
{
  g_autoptr (AssignmentText) text = assignment_text_open (path, error);
  g_autofree guint          *seen_from = g_new0 (guint, network->n_zones + 1);
  g_autofree gboolean       *seen = g_new0 (gboolean, network->n_zones + 1);
  g_autoptr (GArray)         origins = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray)         first = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray)         destinations = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray)         vehicles = g_array_new (FALSE, FALSE, sizeof (double));
  AssignmentDemand          *demand;
  Reading                    reading = {
                       .text = text,
                       .n_zones = network->n_zones,
                       .seen_from = seen_from,
                       .seen = seen,
                       .origins = origins,
                       .first = first,
                       .destinations = destinations,
                       .vehicles = vehicles
  };

  /* Trips between other zones than the network's would be an answer to another question. */
  if (!text ||
      !assignment_text_get_count (text, "NUMBER OF ZONES", network->n_zones, network->n_zones,
                                  &reading.n_zones, error) ||
      !read_blocks (&reading, error))
    return NULL;

  g_array_append_val (first, vehicles->len);

  demand = g_new0 (AssignmentDemand, 1);
  demand->n_origins = origins->len;
  demand->total = reading.total;
  demand->origin = g_array_steal (origins, NULL);
  demand->first = g_array_steal (first, NULL);
  demand->destination = g_array_steal (destinations, NULL);
  demand->vehicles = g_array_steal (vehicles, NULL);

  return demand;
}

void
assignment_demand_free (AssignmentDemand *demand)
{
  g_free (demand->origin);
  g_free (demand->first);
  g_free (demand->destination);
  g_free (demand->vehicles);
  g_free (demand);
}
