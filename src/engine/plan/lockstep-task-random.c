/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-random.h"

#define GOLDEN_GAMMA G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

#define FNV_OFFSET G_GUINT64_CONSTANT (0xcbf29ce484222325)
#define FNV_PRIME  G_GUINT64_CONSTANT (0x00000100000001b3)

static guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

guint64
lockstep_task_random_stream (guint64     seed,
                             const char *name)
{
  guint64 hash = FNV_OFFSET;

  for (; *name != '\0'; name++)
    hash = (hash ^ (guchar) *name) * FNV_PRIME;

  return mix (seed + hash);
}

guint64
lockstep_task_random_get (guint64 stream,
                          guint64 index)
{
  return mix (stream + (index + 1) * GOLDEN_GAMMA);
}

double
lockstep_task_random_get_unit (guint64 stream,
                               guint64 index)
{
  return (double) (lockstep_task_random_get (stream, index) >> 11) * 0x1p-53;
}
