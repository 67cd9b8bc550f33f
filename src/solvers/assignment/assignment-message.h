/* SPDX-License-Identifier: MIT */

#pragma once

#include <lockstep-sdk.h>

#include "assignment-equilibrium.h"

G_BEGIN_DECLS

/**
 * What travels from step to step:
 *   assign → combine            {"loads": vector}
 *   combine → all and combine   {"flows": vector, "objective", "gap", "step", "target": vector,
 *                                "target-before": vector}, the targets where there are any
 */

/* The sum of the loads in @input, the results of `assign` in the order of the parts; one element a link. NULL with
 * @error. */
double *assignment_message_sum_loads (const AssignmentNetwork *network,
                                      JsonNode                *input,
                                      GError                 **error);

/* The result of `combine` in @node, which may also be the only element of an array. NULL with @error. */
AssignmentState *assignment_message_read_state (const AssignmentNetwork *network,
                                                JsonNode                *node,
                                                GError                 **error);

/* The flows alone of it: all that `assign` needs. */
double *assignment_message_read_flows (const AssignmentNetwork *network,
                                       JsonNode                *node,
                                       GError                 **error);

/* Makes @state the result of @call. */
void assignment_message_return_state (LockstepCall            *call,
                                      const AssignmentNetwork *network,
                                      const AssignmentState   *state);

G_END_DECLS
