/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-picture.h"

G_BEGIN_DECLS

/* Pictures as files, as large as they are on the screen (but large enough to be read). */

/* An SVG document. */
GBytes *lockstep_picture_to_svg (LockstepPicture *picture);

/* A PNG image of two pixels to one of the screen; compressed on a thread. */
void    lockstep_picture_to_png_async (LockstepPicture    *picture,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
GBytes *lockstep_picture_to_png_finish (LockstepPicture *picture,
                                        GAsyncResult    *result,
                                        GError         **error);

/* Asks the person at @widget for a file, @name.svg or @name.png, and writes it. */
void lockstep_picture_save_svg (LockstepPicture *picture,
                                const char      *name);
void lockstep_picture_save_png (LockstepPicture *picture,
                                const char      *name);

/* Asks the person at @widget for a file, suggesting @name ("gap.csv"), and writes @content into it. */
void lockstep_save (GtkWidget  *widget,
                    const char *name,
                    GBytes     *content);

/* Writes @content into @file, which is replaced, and says so in the toasts around @widget; an error is shown. */
void lockstep_save_to (GtkWidget *widget,
                       GFile     *file,
                       GBytes    *content);

G_END_DECLS
