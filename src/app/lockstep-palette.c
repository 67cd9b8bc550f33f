/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-palette.h"

#define RGB(hex)                                                                        \
  {                                                                                     \
    ((hex) >> 16 & 255) / 255.0f, ((hex) >> 8 & 255) / 255.0f, ((hex) &255) / 255.0f, 1 \
  }
#define RGBA(hex, alpha)                                                                    \
  {                                                                                         \
    ((hex) >> 16 & 255) / 255.0f, ((hex) >> 8 & 255) / 255.0f, ((hex) &255) / 255.0f, alpha \
  }

static const LockstepPalette light = {
  .background = RGB (0xffffff),
  .foreground = RGBA (0x000000, 0.85f),
  .dim = RGBA (0x000000, 0.58f),
  .grid = RGBA (0x000000, 0.10f),
  .stripe = RGBA (0x000000, 0.03f),
  .waiting = RGBA (0x000000, 0.22f),
  .failure = RGB (0xb3001b),
  .cursor = RGB (0xa51d2d),
  .data = {
    RGB (0x0072b2), /* blue */
    RGB (0xe69f00), /* orange */
    RGB (0x009e73), /* bluish green */
    RGB (0xcc79a7), /* reddish purple */
    RGB (0x56b4e9), /* sky blue */
    RGB (0xd55e00), /* vermilion */
    RGB (0x595959), /* black, lighter than text */
  },
};

static const LockstepPalette dark = {
  .background = RGB (0x1e1e1e),
  .foreground = RGBA (0xffffff, 0.92f),
  .dim = RGBA (0xffffff, 0.62f),
  .grid = RGBA (0xffffff, 0.12f),
  .stripe = RGBA (0xffffff, 0.03f),
  .waiting = RGBA (0xffffff, 0.26f),
  .failure = RGB (0xff5c57),
  .cursor = RGB (0xff938c),
  .data = {
    RGB (0x2f86d0),
    RGB (0xe69f00),
    RGB (0x00a67a),
    RGB (0xd98fb8),
    RGB (0x7cc8f2),
    RGB (0xd55e00),
    RGB (0xc8c8c8),
  },
};

const LockstepPalette *
lockstep_palette_get (gboolean is_dark)
{
  return is_dark ? &dark : &light;
}

const GdkRGBA *
lockstep_palette_get_data (const LockstepPalette *self,
                           guint                  index)
{
  return &self->data[index % LOCKSTEP_PALETTE_N_DATA];
}
