/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/**
 * The colours of charts. Those for data follow Okabe and Ito, "Color Universal Design" (2008), made lighter or darker where
 * they would be lost on the background, so that they remain apart for people who are colour-blind.
 */
#define LOCKSTEP_PALETTE_N_DATA 7

typedef struct
{
  GdkRGBA background;
  GdkRGBA foreground;
  GdkRGBA dim; /* what is said beside */
  GdkRGBA grid;
  GdkRGBA stripe;  /* of every other row */
  GdkRGBA waiting; /* hatching */
  GdkRGBA failure;
  GdkRGBA cursor;
  GdkRGBA data[LOCKSTEP_PALETTE_N_DATA]; /* the first ones are the furthest apart */
} LockstepPalette;

const LockstepPalette *lockstep_palette_get (gboolean dark);

/* The colour of the data with that number; there may be more than there are colours. */
const GdkRGBA *lockstep_palette_get_data (const LockstepPalette *self,
                                          guint                  index);

G_END_DECLS
