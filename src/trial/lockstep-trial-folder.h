/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The bytes of all files below @path; links count for nothing. */
guint64 lockstep_trial_folder_measure (const char *path);

/* Deletes @path with all that is in it. What cannot be deleted stays. */
void lockstep_trial_folder_remove (const char *path);

/* Makes the folder @path, whose parent has to be there; one that is there has to be empty. */
gboolean lockstep_trial_folder_make (const char *path,
                                     GError    **error);

G_END_DECLS
