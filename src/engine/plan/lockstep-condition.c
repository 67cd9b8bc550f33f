/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-condition.h"

#include <glib/gi18n-lib.h>

#include "lockstep-plan-value.h"

/* A message names no more members than a person reads. */
#define MAX_NAMED 20

typedef enum
{
  OPERATOR_LESS_OR_EQUAL,
  OPERATOR_GREATER_OR_EQUAL,
  OPERATOR_EQUAL,
  OPERATOR_NOT_EQUAL,
  OPERATOR_LESS,
  OPERATOR_GREATER,
} Operator;

/* Two characters before one, so that "<=" is not read as "<". */
static const char *const operator_names[] = { "<=", ">=", "==", "!=", "<", ">", NULL };

struct _LockstepCondition
{
  char    *text; /* as it was written */
  char    *name; /* dotted path into the result */
  Operator operator;
  double   target;
  char    *target_text; /* as it was written */
};

static gboolean
find_operator (const char *text,
               Operator *
               operator)
{
  for (guint i = 0; operator_names[i] != NULL; i++)
    if (g_str_has_prefix (text, operator_names[i]))
      {
        *operator= i;
        return TRUE;
      }

  return FALSE;
}

LockstepCondition *
lockstep_condition_new (const char *text,
                        GError    **error)
{
  g_autoptr (LockstepCondition) self = g_new0 (LockstepCondition, 1);
  const char                   *symbol = text + strcspn (text, "<>=!");
  LockstepJson                  number;

  self->text = g_strdup (text);
  self->name = g_strstrip (g_strndup (text, symbol - text));

  if (*self->name == '\0' || !find_operator (symbol, &self->operator) ||
      !lockstep_json_scan (symbol + strlen (operator_names[self->operator]),
                           strlen (symbol) - strlen (operator_names[self->operator]), &number, NULL) ||
      !lockstep_json_get_double (number, &self->target))
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                   _ ("expected NAME < NUMBER (or <=, >, >=, ==, !=), such as \"gap < 1e-6\", found “%s”"), text);
      return NULL;
    }

  self->target_text = lockstep_json_dup_text (number);

  return g_steal_pointer (&self);
}

void
lockstep_condition_free (LockstepCondition *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->name);
  g_free (self->target_text);
  g_free (self);
}

const char *
lockstep_condition_get_text (LockstepCondition *self)
{
  return self->text;
}

const char *
lockstep_condition_get_name (LockstepCondition *self)
{
  return self->name;
}

double
lockstep_condition_get_target (LockstepCondition *self)
{
  return self->target;
}

const char *
lockstep_condition_get_target_text (LockstepCondition *self)
{
  return self->target_text;
}

const char *
lockstep_condition_get_operator (LockstepCondition *self)
{
  return operator_names[self->operator];
}

static gboolean
holds (LockstepCondition *self,
       double             value)
{
  switch (self->operator)
    {
    case OPERATOR_LESS_OR_EQUAL:
      return value <= self->target;
    case OPERATOR_GREATER_OR_EQUAL:
      return value >= self->target;
    case OPERATOR_EQUAL:
      return value == self->target;
    case OPERATOR_NOT_EQUAL:
      return value != self->target;
    case OPERATOR_LESS:
      return value < self->target;
    case OPERATOR_GREATER:
      return value > self->target;
    default:
      g_assert_not_reached ();
    }
}

/* "flows, gap, objective": the members of an object, as they stand in the text. */
static char *
dup_member_names (LockstepJson object)
{
  g_autoptr (GString) names = g_string_new (NULL);
  LockstepJsonIter    iter;
  LockstepJson        name, value;

  lockstep_json_iter_init (&iter, object);
  for (guint i = 0; lockstep_json_iter_next (&iter, &name, &value); i++)
    {
      if (i == MAX_NAMED)
        {
          g_string_append (names, ", …");
          break;
        }
      if (i > 0)
        g_string_append (names, ", ");
      g_string_append_len (names, name.text + 1, name.length - 2);
    }

  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* What is at the last place on the path that exists, for the person who looks for the rest of it. */
static char *
dup_surroundings (LockstepJson value,
                  const char  *where)
{
  g_autofree char *names = NULL;
  g_autofree char *description = NULL;
  guint            count = lockstep_json_count (value);

  switch (lockstep_json_get_kind (value))
    {
    case LOCKSTEP_JSON_OBJECT:
      if (count == 0)
        return g_strdup_printf (_ ("%s has no members"), where);
      names = dup_member_names (value);
      return g_strdup_printf (_ ("%s has %s"), where, names);
    case LOCKSTEP_JSON_ARRAY:
      return g_strdup_printf (ngettext ("%s is a list of %u element", "%s is a list of %u elements", count),
                              where, count);
    default:
      description = lockstep_plan_describe (value);
      return g_strdup_printf (_ ("%s is %s"), where, description);
    }
}

static void
set_missing_error (LockstepCondition *self,
                   LockstepJson       result,
                   GError           **error)
{
  g_auto (GStrv)      segments = g_strsplit (self->name, ".", -1);
  g_autoptr (GString) path = g_string_new (NULL);
  g_autofree char    *where = NULL;
  g_autofree char    *surroundings = NULL;
  LockstepJson        at = result;

  for (guint i = 0; segments[i] != NULL; i++)
    {
      LockstepJson next = lockstep_json_get_path (at, segments[i]);

      if (next.text == NULL)
        break;
      g_string_append_printf (path, "%s%s", i == 0 ? "" : ".", segments[i]);
      at = next;
    }

  where = path->len == 0 ? g_strdup (_ ("the last result")) : g_strdup_printf ("“%s”", path->str);
  surroundings = dup_surroundings (at, where);
  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
               _ ("“%s” needs a number “%s” in the result of the last step on one solver, but %s"),
               self->text, self->name, surroundings);
}

gboolean
lockstep_condition_test (LockstepCondition *self,
                         GBytes            *result,
                         double            *value,
                         gboolean          *reached,
                         GError           **error)
{
  LockstepJson json = { "null", 4 };
  const char  *text;
  gsize        length;

  if (result != NULL)
    {
      text = g_bytes_get_data (result, &length);
      if (!lockstep_json_scan (text, length, &json, error))
        return FALSE;
    }

  if (!lockstep_json_get_double (lockstep_json_get_path (json, self->name), value))
    {
      set_missing_error (self, json, error);
      return FALSE;
    }

  *reached = holds (self, *value);
  return TRUE;
}
