/* SPDX-License-Identifier: MIT */

#include "assignment-loader.h"

#include "assignment-text.h"

#include <math.h>

#define NOWHERE G_MAXUINT

/* A link as the search meets it: the links that leave a node lie side by side in memory. */
typedef struct
{
  double time;
  guint  to;
  guint  link;
} Arc;

typedef struct
{
  double distance;
  guint  node;
} Entry;

/* What the search knows of a node. */
typedef struct
{
  double distance;
  guint  place; /* in the heap; NOWHERE when settled or not yet met */
  guint  link;  /* the last one of the path; NOWHERE for the origin */
} Label;

struct _AssignmentLoader
{
  const AssignmentNetwork *network; /* borrowed */
  const AssignmentDemand  *demand;  /* borrowed */
  Arc                     *arcs;    /* in the order of network->leaving */
  Label                   *labels;  /* by node, from 1 */
  double                  *volumes; /* by node: vehicles that pass or end there; 0 between calls */
  guint8                  *wanted;  /* by zone: a destination not settled yet; 0 between calls */
  guint                   *settled; /* nodes, nearest first */
  guint                    n_settled;
  Entry                   *heap;
  guint                    n_heap;
};

AssignmentLoader *
assignment_loader_new (const AssignmentNetwork *network,
                       const AssignmentDemand  *demand)
{
  AssignmentLoader *loader = g_new0 (AssignmentLoader, 1);

  loader->network = network;
  loader->demand = demand;
  loader->arcs = g_new0 (Arc, network->n_links);
  loader->labels = g_new0 (Label, network->n_nodes + 1);
  loader->volumes = g_new0 (double, network->n_nodes + 1);
  loader->wanted = g_new0 (guint8, network->n_nodes + 1);
  loader->settled = g_new0 (guint, network->n_nodes);
  loader->heap = g_new0 (Entry, network->n_nodes);

  for (guint i = 0; i < network->n_links; i++)
    {
      loader->arcs[i].link = network->leaving[i];
      loader->arcs[i].to = network->to[network->leaving[i]];
    }

  assignment_loader_set_times (loader, network->free_flow_time);

  return loader;
}

void
assignment_loader_free (AssignmentLoader *loader)
{
  g_free (loader->arcs);
  g_free (loader->labels);
  g_free (loader->volumes);
  g_free (loader->wanted);
  g_free (loader->settled);
  g_free (loader->heap);
  g_free (loader);
}

void
assignment_loader_set_times (AssignmentLoader *loader,
                             const double     *times)
{
  for (guint i = 0; i < loader->network->n_links; i++)
    loader->arcs[i].time = times[loader->arcs[i].link];
}

static inline gboolean
is_nearer (Entry a,
           Entry b)
{
  return a.distance < b.distance || (a.distance == b.distance && a.node < b.node);
}

static inline void
put (AssignmentLoader *loader,
     guint             place,
     Entry             entry)
{
  loader->heap[place] = entry;
  loader->labels[entry.node].place = place;
}

/* Moves @entry from @place towards the top, to where it belongs. */
static void
rise_from (AssignmentLoader *loader,
           guint             place,
           Entry             entry)
{
  while (place > 0)
    {
      guint above = (place - 1) / 4;

      if (!is_nearer (entry, loader->heap[above]))
        break;
      put (loader, place, loader->heap[above]);
      place = above;
    }

  put (loader, place, entry);
}

/* Takes the nearest node out. */
static Entry
pop (AssignmentLoader *loader)
{
  Entry nearest = loader->heap[0];
  Entry last = loader->heap[--loader->n_heap];
  guint place = 0;

  while (TRUE)
    {
      guint below = 4 * place + 1;
      guint end = MIN (below + 4, loader->n_heap);
      guint best = below;

      if (below >= loader->n_heap)
        break;
      for (guint i = below + 1; i < end; i++)
        if (is_nearer (loader->heap[i], loader->heap[best]))
          best = i;
      if (!is_nearer (loader->heap[best], last))
        break;
      put (loader, place, loader->heap[best]);
      place = best;
    }

  if (loader->n_heap > 0)
    put (loader, place, last);
  loader->labels[nearest.node].place = NOWHERE;

  return nearest;
}

static void
look_along (AssignmentLoader *loader,
            const Arc        *arc,
            double            distance)
{
  Label *label = &loader->labels[arc->to];

  /* A settled node is never farther than what comes later. */
  if (!(distance < label->distance))
    return;

  if (label->place == NOWHERE)
    label->place = loader->n_heap++;
  label->distance = distance;
  label->link = arc->link;
  rise_from (loader, label->place, (Entry){ distance, arc->to });
}

/* Settles nodes until the @n_wanted destinations are among them. Returns how many are not reached. */
static guint
search (AssignmentLoader *loader,
        guint             origin,
        guint             n_wanted)
{
  const AssignmentNetwork *network = loader->network;

  for (guint node = 1; node <= network->n_nodes; node++)
    loader->labels[node] = (Label){ INFINITY, NOWHERE, NOWHERE };

  loader->n_settled = 0;
  loader->n_heap = 1;
  loader->labels[origin].distance = 0.0;
  put (loader, 0, (Entry){ 0.0, origin });

  while (loader->n_heap > 0)
    {
      Entry nearest = pop (loader);

      loader->settled[loader->n_settled++] = nearest.node;
      if (loader->wanted[nearest.node] && --n_wanted == 0)
        break;
      if (nearest.node < network->first_thru_node && nearest.node != origin)
        continue;

      for (guint i = network->first_leaving[nearest.node]; i < network->first_leaving[nearest.node + 1]; i++)
        look_along (loader, &loader->arcs[i], nearest.distance + loader->arcs[i].time);
    }

  return n_wanted;
}

/* Farthest node first, so that each is done when all that pass it have been added. */
static void
load_tree (AssignmentLoader *loader,
           double           *loads)
{
  for (guint i = loader->n_settled; i-- > 0;)
    {
      guint  node = loader->settled[i];
      guint  link = loader->labels[node].link;
      double volume = loader->volumes[node];

      if (volume == 0)
        continue;

      loader->volumes[node] = 0.0;
      if (link == NOWHERE)
        continue;

      loads[link] += volume;
      loader->volumes[loader->network->from[link]] += volume;
    }
}

gboolean
assignment_loader_load_origin (AssignmentLoader *loader,
                               guint             index,
                               double           *loads,
                               GError          **error)
{
  const AssignmentDemand *demand = loader->demand;
  guint                   first = demand->first[index];
  guint                   end = demand->first[index + 1];
  guint                   n_missing;
  guint                   missing = 0;

  for (guint trip = first; trip < end; trip++)
    loader->wanted[demand->destination[trip]] = TRUE;

  n_missing = search (loader, demand->origin[index], end - first);

  for (guint trip = first; trip < end; trip++)
    {
      guint destination = demand->destination[trip];

      loader->wanted[destination] = FALSE;
      if (isinf (loader->labels[destination].distance))
        missing = destination;
    }

  if (n_missing > 0)
    {
      g_set_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_UNREACHABLE,
                   "No path leads from zone %u to zone %u in %s, but there is demand from the one to the other",
                   demand->origin[index], missing, loader->network->path);
      return FALSE;
    }

  for (guint trip = first; trip < end; trip++)
    loader->volumes[demand->destination[trip]] = demand->vehicles[trip];
  load_tree (loader, loads);

  return TRUE;
}

double
assignment_loader_get_distance (AssignmentLoader *loader,
                                guint             node)
{
  return loader->labels[node].distance;
}
