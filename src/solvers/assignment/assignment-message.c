/* SPDX-License-Identifier: MIT */

#include "assignment-message.h"

#include "assignment-text.h"

#include <math.h>

/* The object in @node, be it in an array of its own: a `one` step gets the results of the step before it as an array,
 * every other step the last result alone. */
static JsonObject *
get_object (JsonNode *node,
            GError  **error)
{
  if (node && JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) == 1)
    node = json_array_get_element (json_node_get_array (node), 0);

  if (node && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);

  g_set_error_literal (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FLOWS,
                       "The input holds no result of the step combine; the plan must run combine before this step");
  return NULL;
}

/* The vector @name of one element a link, none of them negative. */
static double *
read_vector (const AssignmentNetwork *network,
             JsonObject              *object,
             const char              *name,
             GError                 **error)
{
  g_autofree double *values = NULL;
  gsize              n_values;

  if (!json_object_has_member (object, name))
    {
      g_set_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FLOWS, "The input lacks the vector “%s”", name);
      return NULL;
    }

  values = lockstep_read_vector (json_object_get_member (object, name), name, &n_values, error);
  if (!values)
    return NULL;

  if (n_values != network->n_links)
    {
      g_set_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FLOWS,
                   "The vector “%s” has %" G_GSIZE_FORMAT " elements, but %s has %u links; "
                   "all solvers must read the same network",
                   name, n_values, network->path, network->n_links);
      return NULL;
    }

  for (gsize i = 0; i < n_values; i++)
    if (!(values[i] >= 0 && values[i] < INFINITY))
      {
        g_set_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FLOWS,
                     "The vector “%s” holds %g for link %" G_GSIZE_FORMAT " of %s",
                     name, values[i], i, network->path);
        return NULL;
      }

  return g_steal_pointer (&values);
}

static gboolean
read_number (JsonObject *object,
             const char *name,
             double     *number,
             GError    **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node && JSON_NODE_HOLDS_VALUE (node) &&
      (json_node_get_value_type (node) == G_TYPE_DOUBLE || json_node_get_value_type (node) == G_TYPE_INT64))
    {
      *number = json_node_get_double (node);
      return TRUE;
    }

  g_set_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FLOWS, "The input lacks the number “%s”", name);
  return FALSE;
}

double *
assignment_message_sum_loads (const AssignmentNetwork *network,
                              JsonNode                *input,
                              GError                 **error)
{
  g_autofree double *sum = g_new0 (double, network->n_links);
  JsonArray         *parts = input && JSON_NODE_HOLDS_ARRAY (input) ? json_node_get_array (input) : NULL;

  if (!parts || json_array_get_length (parts) == 0)
    {
      g_set_error_literal (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FLOWS,
                           "The input holds no loads; the plan must run assign before combine");
      return NULL;
    }

  for (guint part = 0; part < json_array_get_length (parts); part++)
    {
      JsonNode          *node = json_array_get_element (parts, part);
      g_autofree double *loads = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          g_set_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FLOWS,
                       "The loads of part %u are missing; without them the flows would be wrong", part);
          return NULL;
        }
      if (!(loads = read_vector (network, json_node_get_object (node), "loads", error)))
        {
          g_prefix_error (error, "Part %u: ", part);
          return NULL;
        }

      for (guint link = 0; link < network->n_links; link++)
        sum[link] += loads[link];
    }

  return g_steal_pointer (&sum);
}

AssignmentState *
assignment_message_read_state (const AssignmentNetwork *network,
                               JsonNode                *node,
                               GError                 **error)
{
  g_autoptr (AssignmentState) state = g_new0 (AssignmentState, 1);
  JsonObject                 *object = get_object (node, error);

  if (!object ||
      !(state->flows = read_vector (network, object, "flows", error)) ||
      !read_number (object, "objective", &state->objective, error) ||
      !read_number (object, "gap", &state->gap, error) ||
      !read_number (object, "step", &state->step, error))
    return NULL;

  if (json_object_has_member (object, "target") &&
      !(state->target = read_vector (network, object, "target", error)))
    return NULL;
  if (json_object_has_member (object, "target-before") &&
      !(state->target_before = read_vector (network, object, "target-before", error)))
    return NULL;

  return g_steal_pointer (&state);
}

double *
assignment_message_read_flows (const AssignmentNetwork *network,
                               JsonNode                *node,
                               GError                 **error)
{
  JsonObject *object = get_object (node, error);

  return object ? read_vector (network, object, "flows", error) : NULL;
}

void
assignment_message_return_state (LockstepCall            *call,
                                 const AssignmentNetwork *network,
                                 const AssignmentState   *state)
{
  lockstep_call_return_double (call, "gap", state->gap);
  lockstep_call_return_double (call, "objective", state->objective);
  lockstep_call_return_double (call, "step", state->step);
  lockstep_call_return_vector (call, "flows", state->flows, network->n_links);
  if (state->target)
    lockstep_call_return_vector (call, "target", state->target, network->n_links);
  if (state->target_before)
    lockstep_call_return_vector (call, "target-before", state->target_before, network->n_links);
}
