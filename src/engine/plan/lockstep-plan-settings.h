/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Settings: "MEMBER=VALUE" on a plan's text. The value is spliced in and nothing else is written again, so that
 * numbers stay as they were.
 *
 * MEMBER is a dotted path with indices of lists: steps.0.repeat or steps[0].repeat. A member name with other
 * characters than letters, digits, `-` and `_` stands in brackets and quotes: params["mean delay"]. Members of objects
 * that are missing are added; elements of lists are not. VALUE is JSON, or a string where it is not.
 */

/* @text (JSON that was scanned before) with @setting applied, or NULL: LOCKSTEP_PLAN_ERROR_MEMBER, and the
 * message names the setting. */
GBytes *lockstep_plan_apply_setting (GBytes     *text,
                                     const char *setting,
                                     GError    **error);

G_END_DECLS
