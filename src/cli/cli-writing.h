/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * A file that is being written, in a terminal: how far it is, where it takes long, and ^C.
 */
typedef struct _CliWriting CliWriting;

/* Shows the property progress (0…1) of @source behind @title, which is what is being done. */
CliWriting *cli_writing_new (GObject    *source,
                             const char *title);

void cli_writing_free (CliWriting *self);

/* Is cancelled by ^C and the other signals that end a program. */
GCancellable *cli_writing_get_cancellable (CliWriting *self);

/* A GAsyncReadyCallback with the CliWriting as its data. */
void cli_writing_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data);

/* Waits until that was called, and returns what it was called with. */
GAsyncResult *cli_writing_wait (CliWriting *self);

/* Says why nothing was written, and returns the CliExit for it. */
int cli_writing_fail (CliWriting   *self,
                      const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliWriting, cli_writing_free)

G_END_DECLS
