/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a person has chosen for windows, and that is kept: $XDG_CONFIG_HOME/lockstep/window.ini. A key file rather than
 * GSettings, whose schema would have to be installed. */

/* Reads all of it, on a thread; where there is nothing, or it is of no use, the key file is empty. */
void      lockstep_settings_load_async (GAsyncReadyCallback callback,
                                        gpointer            user_data);
GKeyFile *lockstep_settings_load_finish (GAsyncResult *result);

/* Keeps @values (ended by NULL) as @key of @group, beside what others keep, on a thread. */
void lockstep_settings_store_strings (const char        *group,
                                      const char        *key,
                                      const char *const *values);

G_END_DECLS
