/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-canvas.h"

G_BEGIN_DECLS

/**
 * A widget that is one drawing (one cairo node to a frame), in the colours of light or dark, and that can be written into a
 * file as well. Abstract: a chart, a timeline.
 */
#define LOCKSTEP_TYPE_PICTURE (lockstep_picture_get_type ())
G_DECLARE_DERIVABLE_TYPE (LockstepPicture, lockstep_picture, LOCKSTEP, PICTURE, GtkWidget)

struct _LockstepPictureClass
{
  GtkWidgetClass parent_class;

  /* Draws what it shows, @width × @height. */
  void (*draw) (LockstepPicture *self,
                LockstepCanvas  *canvas,
                int              width,
                int              height);
};

/* Draws it on @cr, @width × @height, on its background: light, for paper. */
void lockstep_picture_render (LockstepPicture *self,
                              cairo_t         *cr,
                              int              width,
                              int              height);

/* Something to measure text with. Valid until the next call. */
LockstepCanvas *lockstep_picture_get_measure (LockstepPicture *self);

G_END_DECLS
