/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-quantity.h"

#include <glib/gi18n-lib.h>

#include "lockstep-plan-value.h"

typedef struct
{
  const char *name;
  double      factor;
} Unit;

static const Unit time_units[] = {
  { "s", 1.0 },
  { "min", 60.0 },
  { "h", 3600.0 },
  { "d", 86400.0 },
  { NULL },
};

static const Unit size_units[] = {
  { "B", 1.0 },
  { "kB", 1e3 },
  { "MB", 1e6 },
  { "GB", 1e9 },
  { "TB", 1e12 },
  { "KiB", 1024.0 },
  { "MiB", 1024.0 * 1024.0 },
  { "GiB", 1024.0 * 1024.0 * 1024.0 },
  { "TiB", 1024.0 * 1024.0 * 1024.0 * 1024.0 },
  { NULL },
};

static const Unit share_units[] = {
  { "%", 0.01 },
  { NULL },
};

/* Reads "8 min": digits with at most one point, then one of @units. Stricter than strtod(), which also takes
 * "inf", hexadecimal numbers and signs. */
static gboolean
parse_with_unit (const char *text,
                 const Unit *units,
                 double     *number,
                 double     *factor)
{
  g_autofree char *digits = NULL;
  const char      *rest = text + strspn (text, " ");
  gsize            length = strspn (rest, "0123456789.");

  digits = g_strndup (rest, length);
  if (!g_ascii_isdigit (digits[0]) || g_str_has_suffix (digits, ".") || strchr (digits, '.') != strrchr (digits, '.'))
    return FALSE;

  rest += length;
  rest += strspn (rest, " ");

  for (; units->name != NULL; units++)
    if (g_ascii_strcasecmp (rest, units->name) == 0)
      {
        *number = g_ascii_strtod (digits, NULL);
        *factor = units->factor;
        return TRUE;
      }

  return FALSE;
}

static gboolean
parse_json (LockstepJson json,
            const Unit  *units,
            double      *value)
{
  g_autofree char *text = NULL;
  gsize            length;
  double           number, factor;

  if (lockstep_json_get_double (json, value))
    return TRUE;

  if ((text = lockstep_json_dup_string (json, &length)) == NULL || strlen (text) != length ||
      !parse_with_unit (text, units, &number, &factor))
    return FALSE;

  /* A percentage is divided, so that "20 %" is 0.2 to the last bit. */
  *value = factor < 1.0 ? number / (1.0 / factor) : number * factor;
  return TRUE;
}

static void
set_error (GError     **error,
           const char  *expected,
           LockstepJson found)
{
  g_autofree char *description = lockstep_plan_describe (found);

  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
               _ ("expected %s, found %s"), expected, description);
}

gboolean
lockstep_quantity_read_duration (LockstepJson json,
                                 double      *seconds,
                                 GError     **error)
{
  double value;

  if (!parse_json (json, time_units, &value) || value < 0.0)
    {
      set_error (error, _ ("seconds, or a time such as \"90 s\", \"8 min\", \"24 h\" or \"2 d\""), json);
      return FALSE;
    }

  if (value > LOCKSTEP_QUANTITY_MAX_DURATION)
    {
      set_error (error, _ ("a time of at most 30 years"), json);
      return FALSE;
    }

  *seconds = value;
  return TRUE;
}

gboolean
lockstep_quantity_read_size (LockstepJson json,
                             guint64     *bytes,
                             GError     **error)
{
  double value;

  /* What does not fit into 63 bits is a slip of the pen. */
  if (!parse_json (json, size_units, &value) || value < 1.0 || value >= 0x1p63)
    {
      set_error (error, _ ("bytes, or a size such as \"512 MB\" or \"3 GiB\""), json);
      return FALSE;
    }

  *bytes = (guint64) (value + 0.5);
  return TRUE;
}

gboolean
lockstep_quantity_read_share (LockstepJson json,
                              double      *share,
                              gint64      *count,
                              GError     **error)
{
  double value;
  gint64 number;

  if (lockstep_json_get_int (json, &number) && number >= 0)
    {
      *share = -1.0;
      *count = number;
      return TRUE;
    }

  if (lockstep_json_get_kind (json) == LOCKSTEP_JSON_STRING && parse_json (json, share_units, &value) && value <= 1.0)
    {
      *share = value;
      *count = -1;
      return TRUE;
    }

  set_error (error, _ ("a share such as \"20 %\", or a whole number of tasks"), json);
  return FALSE;
}
