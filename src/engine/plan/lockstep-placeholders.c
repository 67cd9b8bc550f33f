/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-placeholders.h"

#include <glib/gi18n-lib.h>

#include "lockstep-decimal.h"
#include "lockstep-nearest.h"
#include "lockstep-plan-value.h"

/* A name with its format is no longer than this. */
#define MAX_LENGTH 200

/* Digits of a width or a precision. */
#define MAX_DIGITS 3

/* Room for the largest double in %f with the largest precision. */
#define FORMATTED_SIZE 2048

/* Integers beyond it are not all doubles. */
#define LARGEST_WHOLE 9007199254740992.0

static const char *const reserved[] = { "plan", "run", "task", "attempt", "solver", "threads", NULL };

gboolean
lockstep_placeholders_is_reserved (const char *name)
{
  return g_strv_contains (reserved, name);
}

/* The conversion of @format, which is one conversion that values have here, or '\0'. */
static char
find_conversion (const char *format)
{
  const char *at = format + 1;
  gsize       n_digits;

  if (*format != '%')
    return '\0';
  at += strspn (at, "-+ #0");
  n_digits = strspn (at, "0123456789");
  if (n_digits > MAX_DIGITS)
    return '\0';
  at += n_digits;
  if (*at == '.')
    {
      n_digits = strspn (++at, "0123456789");
      if (n_digits > MAX_DIGITS)
        return '\0';
      at += n_digits;
    }

  return *at != '\0' && at[1] == '\0' && strchr ("diouxXeEfFgGs", *at) != NULL ? *at : '\0';
}

/* The value @json as it stands in the plan; NULL when it is a string with U+0000. */
static char *
dup_plain (LockstepJson json)
{
  gsize length;
  char *text = lockstep_json_dup_string (json, &length);

  if (text == NULL)
    return lockstep_json_dup_text (json);
  if (strlen (text) == length)
    return text;

  g_free (text);
  return NULL;
}

/* @json as an integer, also where it is written 3.0 or 1e6. */
static gboolean
get_whole (LockstepJson json,
           gint64      *number)
{
  double value;

  if (lockstep_json_get_int (json, number))
    return TRUE;
  if (!lockstep_json_get_double (json, &value) || value > LARGEST_WHOLE || value < -LARGEST_WHOLE ||
      value != (double) (gint64) value)
    return FALSE;

  *number = (gint64) value;
  return TRUE;
}

/* The two that hand on a format which find_conversion() has looked at. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void
append_padded (GString    *out,
               const char *format,
               const char *text)
{
  g_string_append_printf (out, format, text);
}

static void
append_whole (GString    *out,
              const char *format,
              char        conversion,
              gint64      number)
{
  g_autofree char *long_format = g_strdup_printf ("%.*s" G_GINT64_MODIFIER "%c", (int) strlen (format) - 1, format, conversion);

  g_string_append_printf (out, long_format, number);
}

#pragma GCC diagnostic pop

/* Appends @json as @format has it. */
static gboolean
append_formatted (GString     *out,
                  const char  *name,
                  const char  *format,
                  LockstepJson json,
                  GError     **error)
{
  const char          conversion = find_conversion (format);
  const char         *expected = NULL;
  g_autofree char    *plain = dup_plain (json);
  g_autofree char    *found = NULL;
  g_autoptr (GString) digits = g_string_new (NULL);
  gint64              whole;
  double              number;

  if (conversion == '\0')
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                   _ ("the format of {%s:%s} is not a printf format with one conversion, such as %%10.4f, %%d or %%s (up to %d "
                      "digits for width and precision)"),
                   name, format, MAX_DIGITS);
      return FALSE;
    }

  if (conversion == 's' && plain != NULL)
    {
      append_padded (out, format, plain);
      return TRUE;
    }
  if (strchr ("eEfFgG", conversion) != NULL)
    {
      if (lockstep_json_get_double (json, &number))
        {
          char buffer[FORMATTED_SIZE];

          /* The same in every locale. */
          g_string_append (out, g_ascii_formatd (buffer, sizeof buffer, format, number));
          return TRUE;
        }
      expected = _ ("a number");
    }
  else if (conversion != 's')
    {
      if (get_whole (json, &whole) && (whole >= 0 || conversion == 'd' || conversion == 'i'))
        {
          append_whole (out, format, conversion, whole);
          return TRUE;
        }
      expected = conversion == 'd' || conversion == 'i' ? _ ("a whole number") : _ ("a whole number from 0");
    }

  found = lockstep_plan_describe (json);
  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER, _ ("{%s:%s} expects %s, found %s"), name, format,
               expected != NULL ? expected : _ ("text without \\u0000"), found);
  /* A table may have numbers as programs print them, which are text in a plan. */
  if (error != NULL && conversion != 's' && plain != NULL && lockstep_json_get_kind (json) == LOCKSTEP_JSON_STRING &&
      lockstep_decimal_read (plain, strlen (plain), digits, NULL))
    {
      g_autofree char *reason = g_steal_pointer (&(*error)->message);

      (*error)->message = g_strdup_printf (_ ("%s, which is text; write the number as %s"), reason, digits->str);
    }
  return FALSE;
}

/* Appends the value of @name, if it is one that is always there. */
static gboolean
append_reserved (const LockstepPlaceholders *self,
                 const char                 *name,
                 GString                    *out)
{
  if (g_str_equal (name, "plan"))
    g_string_append (out, self->folder);
  else if (g_str_equal (name, "run"))
    g_string_append (out, self->run);
  else if (g_str_equal (name, "task"))
    g_string_append_printf (out, "%" G_GUINT64_FORMAT, self->task);
  else if (g_str_equal (name, "attempt"))
    g_string_append_printf (out, "%u", self->attempt);
  else if (g_str_equal (name, "solver"))
    g_string_append_printf (out, "%u", self->solver);
  else if (g_str_equal (name, "threads"))
    g_string_append_printf (out, "%u", self->threads);
  else
    return FALSE;

  return TRUE;
}

/* Looks for @name among the params. */
static gboolean
look_up (const LockstepPlaceholders *self,
         const char                 *name,
         LockstepJson               *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->params); i++)
    {
      *value = lockstep_json_get_member (self->params[i], name);
      if (value->text != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
looks_like_name (const char *text)
{
  gunichar first = g_utf8_get_char (text);

  if (!g_unichar_isalpha (first) && first != '_')
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);

      if (!g_unichar_isalnum (character) && (character >= 0x80 || strchr ("_-.", (int) character) == NULL))
        return FALSE;
    }

  return TRUE;
}

static void
set_unknown_error (const LockstepPlaceholders *self,
                   const char                 *name,
                   GError                    **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_free);
  g_autofree char      *all = NULL;
  const char           *nearest;
  LockstepJsonIter      iter;
  LockstepJson          member, value;

  for (guint i = 0; i < G_N_ELEMENTS (self->params); i++)
    {
      lockstep_json_iter_init (&iter, self->params[i]);
      while (lockstep_json_iter_next (&iter, &member, &value))
        g_ptr_array_add (known, lockstep_json_dup_string (member, NULL));
    }
  for (guint i = 0; reserved[i] != NULL; i++)
    g_ptr_array_add (known, g_strdup (reserved[i]));
  g_ptr_array_add (known, NULL);

  nearest = lockstep_nearest (name, (const char *const *) known->pdata);
  if (nearest != NULL)
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                   _ ("nothing fills {%s}; did you mean {%s}? A brace that is to stay one is written twice, {{"), name, nearest);
      return;
    }

  all = g_strjoinv (", ", (char **) known->pdata);
  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
               _ ("nothing fills {%s}; known here are %s. A brace that is to stay one is written twice, {{"), name, all);
}

/* Appends what fills the placeholder @name with @format (or NULL). */
static gboolean
append_value (const LockstepPlaceholders *self,
              const char                 *name,
              const char                 *format,
              GString                    *out,
              GError                    **error)
{
  g_autofree char *plain = NULL;
  LockstepJson     value;

  if (lockstep_placeholders_is_reserved (name))
    {
      g_autoptr (GString) text = g_string_new (NULL);

      if (look_up (self, name, &value))
        {
          g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                       _ ("{%s} is there in every plan, and a parameter has the same name; call the parameter differently"), name);
          return FALSE;
        }
      append_reserved (self, name, text);
      if (format == NULL)
        {
          g_string_append_len (out, text->str, (gssize) text->len);
          return TRUE;
        }
      if (find_conversion (format) == 's')
        {
          append_padded (out, format, text->str);
          return TRUE;
        }
      value = (LockstepJson){ text->str, text->len };
      /* A path is no JSON, and no number either. */
      if (!g_ascii_isdigit (*text->str))
        value = (LockstepJson){ "\"…\"", strlen ("\"…\"") };
      return append_formatted (out, name, format, value, error);
    }

  if (!look_up (self, name, &value))
    {
      set_unknown_error (self, name, error);
      return FALSE;
    }
  if (format != NULL)
    return append_formatted (out, name, format, value, error);

  if ((plain = dup_plain (value)) == NULL)
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                   _ ("the value of {%s} has the character \\u0000 in it, which no argument and no file name can hold"), name);
      return FALSE;
    }
  g_string_append (out, plain);
  return TRUE;
}

/* The placeholder that begins with the brace at @text, cut into @name and @format (NULL where there is none), and
 * its length; 0 where it is a brace and nothing more. */
static gsize
find_placeholder (const LockstepPlaceholders *self,
                  const char                 *text,
                  gsize                       length,
                  char                      **name,
                  char                      **format)
{
  g_autofree char *inside = NULL;
  LockstepJson     value;
  const char      *end = memchr (text, '}', MIN (length, MAX_LENGTH));
  char            *colon;

  *format = NULL;
  if (end == NULL || end == text + 1)
    return 0;

  inside = g_strndup (text + 1, (gsize) (end - text) - 1);
  if (strlen (inside) != (gsize) (end - text) - 1 || strpbrk (inside, "\n{") != NULL || !g_utf8_validate (inside, -1, NULL))
    return 0;

  if (!look_up (self, inside, &value) && (colon = strchr (inside, ':')) != NULL)
    {
      const gboolean is_format = colon[1] == '%';

      /* {alpha:10.4f} is a slip of the pen, {a: 1} is JavaScript. */
      *colon = '\0';
      if (!is_format && !(g_ascii_isdigit (colon[1]) || colon[1] == '.'))
        return 0;
      if (!is_format && !look_up (self, inside, &value) && !lockstep_placeholders_is_reserved (inside))
        return 0;
      *format = g_strdup (colon + 1);
    }
  if (!looks_like_name (inside) && !look_up (self, inside, &value))
    {
      g_clear_pointer (format, g_free);
      return 0;
    }

  *name = g_steal_pointer (&inside);
  return (gsize) (end + 1 - text);
}

gboolean
lockstep_placeholders_fill (const LockstepPlaceholders *self,
                            const char                 *text,
                            gsize                       length,
                            GString                    *out,
                            gsize                      *offset,
                            GError                    **error)
{
  gsize at = 0;

  while (at < length)
    {
      g_autofree char *name = NULL;
      g_autofree char *format = NULL;
      const char      *brace = memchr (text + at, '{', length - at);
      gsize            taken;

      if (brace == NULL)
        break;
      g_string_append_len (out, text + at, brace - (text + at));
      at = (gsize) (brace - text);

      if (at + 1 < length && text[at + 1] == '{')
        {
          g_string_append_c (out, '{');
          at += 2;
          continue;
        }
      taken = find_placeholder (self, brace, length - at, &name, &format);
      if (taken == 0)
        {
          g_string_append_c (out, '{');
          at++;
          continue;
        }
      if (!append_value (self, name, format, out, error))
        {
          if (offset != NULL)
            *offset = at;
          return FALSE;
        }
      at += taken;
    }
  g_string_append_len (out, text + at, (gssize) (length - at));

  return TRUE;
}
