/* SPDX-License-Identifier: MIT */

#include "tsp-message.h"

#include <math.h>

#include "tsp-distance.h"

void
tsp_message_tour_clear (TspMessageTour *tour)
{
  g_clear_pointer (&tour->order, g_free);
}

/* The member "tour" of @node as a permutation of the cities, or NULL with @error. */
static guint *
read_order (const TspInstance *instance,
            JsonNode          *node,
            GError           **error)
{
  guint              n = instance->n_cities;
  JsonObject        *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode          *member = object ? json_object_get_member (object, "tour") : NULL;
  g_autofree double *values = NULL;
  g_autofree guint  *order = NULL;
  g_autofree guint8 *seen = NULL;
  gsize              n_values;

  if (!member)
    {
      g_set_error_literal (error, TSP_ERROR, TSP_ERROR_TOUR,
                           "The input lacks the vector “tour”; the step before must be improve or combine");
      return NULL;
    }
  if (!(values = lockstep_read_vector (member, "tour", &n_values, error)))
    return NULL;
  if (n_values != n)
    {
      g_set_error (error, TSP_ERROR, TSP_ERROR_TOUR,
                   "The vector “tour” has %" G_GSIZE_FORMAT " elements, but %s has %u cities; "
                   "all solvers must read the same instance",
                   n_values, instance->name, n);
      return NULL;
    }

  order = g_new (guint, n);
  seen = g_new0 (guint8, n);
  for (guint i = 0; i < n; i++)
    {
      double value = values[i];

      if (!(value >= 0 && value < n) || value != floor (value) || seen[(guint) value])
        {
          g_set_error (error, TSP_ERROR, TSP_ERROR_TOUR,
                       "Element %u of the vector “tour” is %g; each of the cities 0 to %u is to be there once", i,
                       value, n - 1);
          return NULL;
        }
      order[i] = (guint) value;
      seen[order[i]] = TRUE;
    }

  return g_steal_pointer (&order);
}

/* Makes @node the shortest if it is. */
static gboolean
consider (const TspInstance *instance,
          JsonNode          *node,
          guint              part,
          TspMessageTour    *shortest,
          GError           **error)
{
  g_autofree guint *order = read_order (instance, node, error);
  gint64            length;

  if (!order)
    return FALSE;

  length = tsp_distance_of_tour (instance, order);
  if (!shortest->order || length < shortest->length)
    {
      tsp_message_tour_clear (shortest);
      *shortest = (TspMessageTour){ g_steal_pointer (&order), length, part };
    }

  return TRUE;
}

gboolean
tsp_message_read_shortest (const TspInstance *instance,
                           JsonNode          *input,
                           TspMessageTour    *shortest,
                           GError           **error)
{
  g_auto (TspMessageTour) found = { NULL };
  JsonArray              *parts = input && JSON_NODE_HOLDS_ARRAY (input) ? json_node_get_array (input) : NULL;

  if (input && !parts && !JSON_NODE_HOLDS_NULL (input) && !consider (instance, input, 0, &found, error))
    return FALSE;

  for (guint part = 0; parts && part < json_array_get_length (parts); part++)
    {
      JsonNode *node = json_array_get_element (parts, part);

      if (!JSON_NODE_HOLDS_NULL (node) && !consider (instance, node, part, &found, error))
        {
          g_prefix_error (error, "Part %u: ", part);
          return FALSE;
        }
    }

  if (!found.order)
    {
      g_set_error_literal (error, TSP_ERROR, TSP_ERROR_TOUR,
                           "The input holds no tour; the plan must run improve before this step, and a part of it must "
                           "succeed");
      return FALSE;
    }

  *shortest = found;
  found.order = NULL;
  return TRUE;
}

void
tsp_message_return_tour (LockstepCall      *call,
                         const TspInstance *instance,
                         const guint       *order)
{
  guint              n = instance->n_cities;
  g_autofree double *values = g_new (double, n);
  guint              start = 0;
  gboolean           forward;

  while (order[start] != 0)
    start++;
  forward = order[(start + 1) % n] < order[(start + n - 1) % n];
  for (guint i = 0; i < n; i++)
    values[i] = order[(forward ? start + i : start + n - i) % n];

  lockstep_call_return_int (call, "length", tsp_distance_of_tour (instance, order));
  lockstep_call_return_vector (call, "tour", values, n);
}
