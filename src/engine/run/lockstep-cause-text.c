/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-cause-text.h"

#include <string.h>

/* A word of hexadecimal digits, letters and others, is a number from this length: an address, a hash. */
#define HEX_WORD_MIN 6

/* The longest code that a program exits with, or signal that it is killed by. */
#define END_MAX_DIGITS 3

/* Bytes of a line that are looked at. */
#define LINE_MAX_BYTES 4096

/* What may open a path that has spaces in it, and what closes it again. */
static const char *const quotes[][2] = {
  { "'", "'" },
  { "\"", "\"" },
  { "`", "'" },
  { "“", "”" },
  { "‘", "’" },
  { "«", "»" },
};

typedef struct
{
  const char *next;
  const char *end;
  GString    *out;
  gunichar    last; /* what was written last; a space at the beginning */
} Folder;

static gboolean
is_word_character (gunichar character)
{
  return character == '_' || g_unichar_isalnum (character);
}

static gboolean
is_path_character (gunichar character)
{
  return is_word_character (character) || (character < 0x80 && strchr ("/.-+~@%", (int) character) != NULL);
}

/* Whether a word goes on, or begins, at @text. */
static gboolean
is_at_word (const char *text,
            const char *end)
{
  return text < end && is_word_character (g_utf8_get_char (text));
}

static void
write_character (Folder  *self,
                 gunichar character)
{
  g_string_append_unichar (self->out, character);
  self->last = character;
}

static void
copy_character (Folder *self)
{
  write_character (self, g_utf8_get_char (self->next));
  self->next = g_utf8_next_char (self->next);
}

static void
squeeze_space (Folder *self)
{
  if (self->last != ' ')
    write_character (self, ' ');
  self->next++;
}

static const char *
skip_digits (const char *text,
             const char *end)
{
  while (text < end && g_ascii_isdigit (*text))
    text++;

  return text;
}

/* The end of the exponent at @text, in the middle of a number; @text when there is none. Fortran writes 1.0D+03. */
static const char *
skip_exponent (const char *text,
               const char *end)
{
  const char *digits = text + 1, *next;

  if (text >= end || strchr ("eEdD", *text) == NULL)
    return text;
  if (digits < end && (*digits == '+' || *digits == '-'))
    digits++;
  next = skip_digits (digits, end);

  return next > digits && !is_at_word (next, end) ? next : text;
}

/* The end of the number that begins at @text; @text when none does. */
static const char *
skip_number (const char *text,
             const char *end)
{
  const char *next;

  if (end - text > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && g_ascii_isxdigit (text[2]))
    {
      for (next = text + 2; next < end && g_ascii_isxdigit (*next); next++)
        ;
      return next;
    }

  next = skip_digits (text, end);
  if (next + 1 < end && next[0] == '.' && g_ascii_isdigit (next[1]))
    next = skip_digits (next + 1, end);

  return next > text ? skip_exponent (next, end) : text;
}

/* The end of the word at @text if it can only be hexadecimal, else @text. */
static const char *
skip_hex_word (const char *text,
               const char *end)
{
  const char *next = text;
  gboolean    has_digit = FALSE, has_letter = FALSE;

  for (; next < end && g_ascii_isxdigit (*next); next++)
    {
      has_digit |= g_ascii_isdigit (*next);
      has_letter |= g_ascii_isalpha (*next);
    }

  return has_digit && has_letter && next - text >= HEX_WORD_MIN && !is_at_word (next, end) ? next : text;
}

/* Whether the number up to @end says how a program ended, as in "exited with code 3" or "signal 11": what tells one cause from
 * another. */
static gboolean
tells_end (Folder     *self,
           const char *end)
{
  static const char *const words[] = { "code", "status", "signal", "errno" };
  const char              *word_end = self->out->str + self->out->len;

  if (end - self->next > END_MAX_DIGITS || skip_digits (self->next, end) < end || is_at_word (end, self->end))
    return FALSE;
  while (word_end > self->out->str && strchr (" :=", word_end[-1]) != NULL)
    word_end--;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *word = word_end - MIN (strlen (words[i]), (gsize) (word_end - self->out->str));

      if (g_ascii_strncasecmp (word, words[i], strlen (words[i])) == 0 &&
          (word == self->out->str || !is_word_character (g_utf8_get_char (g_utf8_prev_char (word)))))
        return TRUE;
    }

  return FALSE;
}

/* Takes a number; FALSE when none stands here. */
static gboolean
take_number (Folder *self)
{
  const gboolean in_word = is_word_character (self->last) || self->last == '#';
  const char    *start = self->next;
  const char    *end;

  /* "case-17" has a hyphen, "x = -17" a sign; "1.2.3" is no 1.2 and .3. */
  if (!in_word && self->last != ')' && (*start == '+' || *start == '-'))
    start++;
  if (in_word && *start == '.')
    return FALSE;
  end = skip_number (start, self->end);
  if (!in_word && (end == start || is_at_word (end, self->end)))
    {
      const char *word_end = skip_hex_word (start, self->end);

      end = MAX (end, word_end);
    }
  if (end == start)
    return FALSE;
  if (!in_word && tells_end (self, end))
    {
      while (self->next < end)
        copy_character (self);
      return TRUE;
    }

  write_character (self, '#');
  self->next = end;
  return TRUE;
}

/* The text up to @end, with its numbers folded. */
static void
fold_numbers (Folder     *self,
              const char *end)
{
  while (self->next < end)
    {
      if ((guchar) *self->next <= ' ' || *self->next == 0x7f)
        squeeze_space (self);
      else if (!take_number (self))
        copy_character (self);
    }
}

/* The path up to @end becomes its last component, with numbers folded. */
static void
fold_path (Folder     *self,
           const char *end)
{
  const char *last_end = end, *last;

  while (last_end > self->next && last_end[-1] == '/')
    last_end--;
  for (last = last_end; last > self->next && last[-1] != '/'; last--)
    ;
  /* Of "/" nothing would be left. */
  if (last_end > self->next)
    self->next = last;
  else
    last_end = end;
  fold_numbers (self, last_end);
  self->next = MAX (self->next, end);
}

static gboolean
begins_path (const char *text,
             const char *end)
{
  static const char *const beginnings[] = { "/", "./", "../", "~/" };

  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if ((gsize) (end - text) >= strlen (beginnings[i]) && g_str_has_prefix (text, beginnings[i]))
      return TRUE;

  return FALSE;
}

/* Whether the run of path characters from @text to @end is one: "m/s", "N/A", "3/4" and "3.5/4.5" are not. */
static gboolean
is_path (const char *text,
         const char *end)
{
  const char *last = NULL;
  guint       n_slashes = 0;
  gboolean    has_letter = FALSE;

  for (const char *next = text; next < end; next++)
    {
      has_letter |= g_ascii_isalpha (*next) || (*next & 0x80) != 0;
      if (*next == '/')
        {
          n_slashes++;
          last = next + 1;
        }
    }
  if (n_slashes == 0 || !has_letter)
    return FALSE;
  if (begins_path (text, end) || n_slashes > 1)
    return TRUE;

  for (const char *next = last; next + 1 < end; next++)
    if (*next == '.' && g_ascii_isalpha (next[1]))
      return TRUE;

  return FALSE;
}

/* A path in quotes may hold spaces. Takes the quote and the path; FALSE when there is none here. */
static gboolean
take_quoted_path (Folder *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (quotes); i++)
    {
      const char *start, *end;

      if (!g_str_has_prefix (self->next, quotes[i][0]))
        continue;
      start = self->next + strlen (quotes[i][0]);
      if (start >= self->end || !begins_path (start, self->end))
        continue;
      end = g_strstr_len (start, self->end - start, quotes[i][1]);
      if (end == NULL)
        continue;

      copy_character (self);
      fold_path (self, end);
      return TRUE;
    }

  return FALSE;
}

/* Takes the run of path characters that begins here, as a path where it is one. */
static void
take_run (Folder *self)
{
  const char *end = self->next;
  const char *path_end;

  while (end < self->end && is_path_character (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  /* A full stop ends a sentence. */
  path_end = end;
  while (path_end > self->next && path_end[-1] == '.')
    path_end--;

  if (is_path (self->next, path_end))
    fold_path (self, path_end);
  fold_numbers (self, end);
}

/* The colours that programs print for terminals. */
static gboolean
take_escape_sequence (Folder *self)
{
  const char *next = self->next;

  if (self->end - next < 2 || next[0] != '\033' || next[1] != '[')
    return FALSE;

  for (next += 2; next < self->end && (g_ascii_isdigit (*next) || *next == ';'); next++)
    ;
  self->next = next < self->end ? g_utf8_next_char (next) : next;
  return TRUE;
}

/* The last line of @text that is not empty. */
static void
find_line (const char  *text,
           const char **start,
           const char **end)
{
  const char *last = text + strlen (text);

  while (last > text && g_ascii_isspace (last[-1]))
    last--;
  *end = last;
  while (last > text && last[-1] != '\n')
    last--;
  while (last < *end && g_ascii_isspace (*last))
    last++;
  *start = last;
  if (*end - *start > LINE_MAX_BYTES)
    *end = g_utf8_find_prev_char (*start, *start + LINE_MAX_BYTES);
}

char *
lockstep_cause_dup_folded (const char *text)
{
  Folder           self = { .out = g_string_new (NULL), .last = ' ' };
  g_autofree char *cut = NULL;

  find_line (text, &self.next, &self.end);
  while (self.next < self.end)
    {
      if (take_escape_sequence (&self) || take_quoted_path (&self))
        continue;
      if (is_path_character (g_utf8_get_char (self.next)))
        take_run (&self);
      else
        fold_numbers (&self, self.next + 1);
    }
  g_strchomp (self.out->str);
  if (g_utf8_strlen (self.out->str, -1) <= LOCKSTEP_CAUSE_TEXT_MAX)
    return g_string_free (self.out, FALSE);

  cut = g_utf8_substring (self.out->str, 0, LOCKSTEP_CAUSE_TEXT_MAX - 1);
  g_string_free (self.out, TRUE);
  return g_strconcat (g_strchomp (cut), "…", NULL);
}
