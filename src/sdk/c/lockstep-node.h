/* SPDX-License-Identifier: MIT */

#pragma once

#include <json-glib/json-glib.h>

#include "lockstep-json.h"

G_BEGIN_DECLS

/**
 * Between JSON text and the JsonNodes that authors of solvers see. json-glib's own parser wraps integers that 64 bits
 * do not hold, and its generator changes doubles.
 */

/* Arrays and objects within each other in a result: fewer than the protocol allows, because a result travels on within
 * the arrays and objects of other messages. */
#define LOCKSTEP_NODE_MAX_DEPTH (LOCKSTEP_JSON_MAX_DEPTH - 8)

/* An integer that 64 bits do not hold becomes a double, and a string ends at its first NUL. */
JsonNode *lockstep_node_read (LockstepJson value);

/* The members of @object are set in @target, over those of the same name. */
void lockstep_node_read_members (LockstepJson object,
                                 JsonObject  *target);

/* Appends @node to @out; @name is what it is called in errors. */
gboolean lockstep_node_write (GString    *out,
                              JsonNode   *node,
                              const char *name,
                              GError    **error);

/* Sets an error that names the value unless it is finite. */
gboolean lockstep_check_finite (const char *name,
                                double      value,
                                GError    **error);

G_END_DECLS
