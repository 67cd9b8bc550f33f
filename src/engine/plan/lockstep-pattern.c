/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-pattern.h"

#include <glib/gi18n-lib.h>

#include "lockstep-decimal.h"
#include "lockstep-json-writer.h"
#include "lockstep-plan.h"

struct _LockstepPattern
{
  char               *text;
  LockstepPatternKind kind;
  char               *literal; /* the longest piece of plain text; NULL for a regular expression */
  GRegex             *regex;   /* NULL where the literal is all there is */
};

/* What a number cannot go on with, where it stands whole: 1,234.5 is not 1, nor 3,5 3, 12:30 12, or 0x1F 0. Behind a number
 * with a point, a comma begins another. Units may follow. */
#define GOES_ON "[0-9]|[.:_'][0-9]|[xX][0-9A-Fa-f]"

/* The same before it, for one that a pattern begins with. */
#define GOES_BEFORE "(?<![0-9])(?<![0-9][.,:_'])(?<!0[xX])(?<!0[xX][0-9A-Fa-f])(?!(?<=\\.)\\.)"

/* What a placeholder of a pattern reads. What is no number is read as well where a number belongs, to be told. */
static const struct
{
  const char         *name;
  LockstepPatternKind kind;
  const char         *expression;
  const char         *whole; /* the same, where what follows does not tell that it ends */
} placeholders[] = {
  { "number", LOCKSTEP_PATTERN_NUMBER,
    "([-+]?(?:(?:[0-9]+\\.[0-9]*|\\.[0-9]+)(?:[eEdDqQ][-+]?[0-9]+|[-+][0-9]{3}(?![0-9.]))?"
    "|[0-9]+(?:[eEdDqQ][-+]?[0-9]+)?)"
    "|(?i:[-+]?(?:nan|inf(?:inity)?)\\b)|\\*{2,})",
    "((?>[-+]?(?:[0-9]+\\.[0-9]*|\\.[0-9]+)(?:[eEdDqQ][-+]?[0-9]+|[-+][0-9]{3}(?![0-9.]))?)(?!" GOES_ON ")"
    "|(?>[-+]?[0-9]+(?![0-9]*\\.)(?:[eEdDqQ][-+]?[0-9]+)?)(?!,[0-9]|" GOES_ON ")"
    "|(?i:[-+]?(?:nan|inf(?:inity)?)\\b)|\\*{2,})" },
  { "integer", LOCKSTEP_PATTERN_INTEGER, "([-+]?[0-9]+(?!\\.?[0-9]|[eEdD][-+]?[0-9])|\\*{2,})",
    "([-+]?[0-9]+(?![eEdD][-+]?[0-9]|,[0-9]|" GOES_ON ")|\\*{2,})" },
  { "word", LOCKSTEP_PATTERN_WORD, "(\\S+)", "(\\S+)" },
};

static gboolean
is_blank (char character)
{
  return character == ' ' || character == '\t';
}

/* A plain pattern while it is read. */
typedef struct
{
  GString *expression;
  GString *piece; /* the plain text that is being read */
  char    *longest;
  gboolean is_simple; /* one piece and nothing else */
} Plain;

static void
end_piece (Plain *plain)
{
  g_autofree char *escaped = g_regex_escape_string (plain->piece->str, (int) plain->piece->len);

  g_string_append (plain->expression, escaped);
  if (plain->piece->len > 0 && (plain->longest == NULL || plain->piece->len > strlen (plain->longest)))
    {
      g_free (plain->longest);
      plain->longest = g_strdup (plain->piece->str);
    }
  g_string_truncate (plain->piece, 0);
}

/* Takes the placeholder that begins at @text; its end, or NULL with an error. */
static const char *
take_placeholder (LockstepPattern *self,
                  Plain           *plain,
                  const char      *text,
                  GError         **error)
{
  const char *end = strchr (text, '}');

  for (guint i = 0; end != NULL && i < G_N_ELEMENTS (placeholders); i++)
    {
      const gsize length = strlen (placeholders[i].name);

      if ((gsize) (end - text) != length + 1 || strncmp (text + 1, placeholders[i].name, length) != 0)
        continue;
      if (self->kind != LOCKSTEP_PATTERN_NOTHING)
        {
          g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                       _ ("a pattern reads one thing, and this one has two placeholders: “%s”; for what else varies in the line "
                          "write a regular expression, /…/, with one group"),
                       self->text);
          return NULL;
        }
      self->kind = placeholders[i].kind;
      if (plain->expression->len == 0 && self->kind != LOCKSTEP_PATTERN_WORD)
        g_string_append (plain->expression, GOES_BEFORE);
      else
        g_string_append (plain->expression, "[ \\t]*");
      g_string_append (plain->expression, end[1] == '\0' || is_blank (end[1]) ? placeholders[i].whole : placeholders[i].expression);
      return end;
    }

  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
               _ ("a pattern has {number}, {integer} or {word} for what is to be read, and “{{” for a brace; found “%.*s”"),
               (int) (end != NULL ? end + 1 - text : (gssize) strlen (text)), text);
  return NULL;
}

static gboolean
read_plain (LockstepPattern *self,
            Plain           *plain,
            GError         **error)
{
  for (const char *text = self->text; *text != '\0'; text++)
    {
      if (is_blank (*text))
        {
          const gboolean after = text > self->text && text[-1] == '}';

          end_piece (plain);
          plain->is_simple = FALSE;
          while (is_blank (text[1]))
            text++;
          /* Beside a number the blanks depend on how many digits it has. */
          g_string_append (plain->expression, after || (text[1] == '{' && text[2] != '{') ? "[ \\t]*" : "[ \\t]+");
        }
      else if (*text == '{' && text[1] != '{')
        {
          end_piece (plain);
          plain->is_simple = FALSE;
          if ((text = take_placeholder (self, plain, text, error)) == NULL)
            return FALSE;
        }
      else
        {
          text += *text == '{';
          g_string_append_c (plain->piece, *text);
        }
    }
  end_piece (plain);

  return TRUE;
}

static gboolean
compile (LockstepPattern *self,
         const char      *expression,
         GError         **error)
{
  g_autoptr (GError) reason = NULL;

  self->regex = g_regex_new (expression, G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, &reason);
  if (self->regex != NULL)
    return TRUE;

  /* The reason names the expression and the position. */
  g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER, _ ("the regular expression does not compile: %s"),
               reason->message);
  return FALSE;
}

static gboolean
make_plain (LockstepPattern *self,
            GError         **error)
{
  Plain    plain = { g_string_new (NULL), g_string_new (NULL), NULL, TRUE };
  gboolean done = read_plain (self, &plain, error);

  self->literal = plain.longest;
  if (done && self->kind != LOCKSTEP_PATTERN_NOTHING && self->literal == NULL)
    {
      done = FALSE;
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                   _ ("a pattern needs some text that tells which line it is; “%s” would match almost any"), self->text);
    }
  if (done && !plain.is_simple)
    done = compile (self, plain.expression->str, error);

  g_string_free (plain.expression, TRUE);
  g_string_free (plain.piece, TRUE);
  return done;
}

static gboolean
make_regular (LockstepPattern *self,
              GError         **error)
{
  g_autofree char *expression = g_strndup (self->text + 1, strlen (self->text) - 2);
  int              n_groups;

  if (!compile (self, expression, error))
    return FALSE;

  n_groups = g_regex_get_capture_count (self->regex);
  if (n_groups > 1)
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                   _ ("expected a regular expression with one group, found %d; “(?:…)” is no group"), n_groups);
      return FALSE;
    }
  self->kind = n_groups == 1 ? LOCKSTEP_PATTERN_GROUP : LOCKSTEP_PATTERN_NOTHING;
  return TRUE;
}

LockstepPattern *
lockstep_pattern_new (const char *text,
                      GError    **error)
{
  g_autoptr (LockstepPattern) self = g_new0 (LockstepPattern, 1);
  const gsize                 length = strlen (text);

  self->text = g_strdup (text);
  if (text[strspn (text, " \t")] == '\0' || strpbrk (text, "\r\n") != NULL)
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_MEMBER,
                   _ ("expected text that stands in one line of what the program prints, such as \"gap = {number}\""));
      return NULL;
    }
  if (length > 2 && text[0] == '/' && text[length - 1] == '/')
    return make_regular (self, error) ? g_steal_pointer (&self) : NULL;

  return make_plain (self, error) ? g_steal_pointer (&self) : NULL;
}

void
lockstep_pattern_free (LockstepPattern *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->literal);
  g_clear_pointer (&self->regex, g_regex_unref);
  g_free (self);
}

const char *
lockstep_pattern_get_text (const LockstepPattern *self)
{
  return self->text;
}

LockstepPatternKind
lockstep_pattern_get_kind (const LockstepPattern *self)
{
  return self->kind;
}

const char *
lockstep_pattern_get_literal (const LockstepPattern *self)
{
  return self->literal;
}

gboolean
lockstep_pattern_match_next (const LockstepPattern *self,
                             const char            *line,
                             gsize                  length,
                             gsize                 *at,
                             const char           **found,
                             gsize                 *found_length)
{
  g_autoptr (GMatchInfo) match = NULL;
  const char            *literal = NULL;
  int                    start, end;

  if (*at >= length && *at > 0)
    return FALSE;
  if (self->literal != NULL && (literal = memmem (line + *at, length - *at, self->literal, strlen (self->literal))) == NULL)
    return FALSE;

  if (self->regex == NULL)
    {
      *found = literal;
      *found_length = strlen (self->literal);
      *at = (gsize) (literal - line) + *found_length;
      return TRUE;
    }

  if (!g_regex_match_full (self->regex, line, (gssize) length, (int) *at, 0, &match, NULL) ||
      !g_match_info_fetch_pos (match, 0, &start, &end))
    return FALSE;
  /* One of nothing would be found for ever. */
  *at = (gsize) MAX (end, start + 1);
  /* A group that takes no part in the match has no place. */
  if (!g_match_info_fetch_pos (match, self->kind == LOCKSTEP_PATTERN_NOTHING ? 0 : 1, &start, &end) || start < 0)
    return FALSE;

  *found = line + start;
  *found_length = (gsize) (end - start);
  return TRUE;
}

gboolean
lockstep_pattern_match (const LockstepPattern *self,
                        const char            *line,
                        gsize                  length,
                        const char           **found,
                        gsize                 *found_length)
{
  gsize at = 0;

  return lockstep_pattern_match_next (self, line, length, &at, found, found_length);
}

gboolean
lockstep_pattern_append_value (const LockstepPattern *self,
                               const char            *found,
                               gsize                  found_length,
                               GString               *json)
{
  if (self->kind != LOCKSTEP_PATTERN_WORD && lockstep_decimal_read (found, found_length, json, NULL))
    return TRUE;
  if (self->kind == LOCKSTEP_PATTERN_NUMBER || self->kind == LOCKSTEP_PATTERN_INTEGER ||
      lockstep_decimal_is_broken (found, found_length))
    return FALSE;

  lockstep_json_append_string (json, found, (gssize) found_length);
  return TRUE;
}
