/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-median.h"

struct _LockstepMedian
{
  GArray  *numbers; /* of double */
  gboolean sorted;
};

LockstepMedian *
lockstep_median_new (void)
{
  LockstepMedian *self = g_new0 (LockstepMedian, 1);

  self->numbers = g_array_new (FALSE, FALSE, sizeof (double));

  return self;
}

void
lockstep_median_free (LockstepMedian *self)
{
  g_array_unref (self->numbers);
  g_free (self);
}

void
lockstep_median_add (LockstepMedian *self,
                     double          number)
{
  g_array_append_val (self->numbers, number);
  self->sorted = FALSE;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

double
lockstep_median_get (LockstepMedian *self)
{
  if (self->numbers->len == 0)
    return 0;

  if (!self->sorted)
    g_array_sort (self->numbers, compare);
  self->sorted = TRUE;

  return g_array_index (self->numbers, double, (self->numbers->len - 1) / 2);
}

guint
lockstep_median_get_count (LockstepMedian *self)
{
  return self->numbers->len;
}

void
lockstep_median_clear (LockstepMedian *self)
{
  g_array_set_size (self->numbers, 0);
}
