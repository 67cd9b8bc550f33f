/* SPDX-License-Identifier: MIT */

#include "assignment-text.h"

#include <math.h>
#include <string.h>

/* What stands behind the name of a metadata line. */
typedef struct
{
  char *value;
  guint line;
} Metadata;

struct _AssignmentText
{
  char       *path;
  char       *contents; /* owned; lines are cut out of it in place */
  char       *next;     /* the line after the one last read; NULL at the end */
  guint       line;     /* number of the line last read, from 1 */
  GHashTable *metadata; /* name → Metadata */
};

G_DEFINE_QUARK (assignment - error - quark, assignment_error)

static void
metadata_free (gpointer data)
{
  Metadata *metadata = data;

  g_free (metadata->value);
  g_free (metadata);
}

static gboolean
fail_at (AssignmentText *text,
         guint           line,
         GError        **error,
         const char     *message)
{
  g_set_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FORMAT, "%s:%u: %s", text->path, MAX (line, 1), message);
  return FALSE;
}

gboolean
assignment_text_fail (AssignmentText *text,
                      GError        **error,
                      const char     *format,
                      ...)
{
  g_autofree char *message = NULL;
  va_list          arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  return fail_at (text, text->line, error, message);
}

/* The word at @cursor, for a message: up to the next white space, and not too much of it. */
static char *
quote_word (const char *cursor)
{
  gsize            length = strcspn (cursor, " \t;:");
  g_autofree char *word = g_strndup (cursor, MIN (length, 40));
  g_autofree char *readable = g_utf8_make_valid (word, -1);

  return length == 0 ? g_strdup ("nothing") : g_strdup_printf ("“%s”", readable);
}

static gboolean
read_metadata (AssignmentText *text,
               GError        **error)
{
  char *line;

  while ((line = assignment_text_next_line (text)))
    {
      char     *closing = strchr (line, '>');
      Metadata *metadata;

      if (line[0] != '<' || !closing)
        return assignment_text_fail (text, error,
                                     "Expected a line of metadata, “<NAME> value”, or “<END OF METADATA>”");

      *closing = '\0';
      if (g_str_equal (line + 1, "END OF METADATA"))
        return TRUE;

      metadata = g_new (Metadata, 1);
      metadata->value = g_strstrip (g_strdup (closing + 1));
      metadata->line = text->line;
      g_hash_table_insert (text->metadata, g_strdup (line + 1), metadata);
    }

  return assignment_text_fail (text, error, "The file ends without “<END OF METADATA>”; is it a TNTP file?");
}

AssignmentText *
assignment_text_open (const char *path,
                      GError    **error)
{
  g_autoptr (AssignmentText) text = NULL;
  g_autofree char           *contents = NULL;
  gsize                      length;

  if (!g_file_get_contents (path, &contents, &length, error))
    return NULL;

  text = g_new0 (AssignmentText, 1);
  text->path = g_strdup (path);
  text->contents = g_steal_pointer (&contents);
  text->next = text->contents;
  text->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, metadata_free);

  if (memchr (text->contents, '\0', length))
    {
      g_set_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FORMAT,
                   "%s is not a text file; expected one in the TNTP format", path);
      return NULL;
    }

  if (!read_metadata (text, error))
    return NULL;

  return g_steal_pointer (&text);
}

void
assignment_text_free (AssignmentText *text)
{
  g_hash_table_unref (text->metadata);
  g_free (text->contents);
  g_free (text->path);
  g_free (text);
}

gboolean
assignment_text_has (AssignmentText *text,
                     const char     *name)
{
  return g_hash_table_contains (text->metadata, name);
}

gboolean
assignment_text_get_count (AssignmentText *text,
                           const char     *name,
                           guint           least,
                           guint           most,
                           guint          *count,
                           GError        **error)
{
  Metadata        *metadata = g_hash_table_lookup (text->metadata, name);
  g_autofree char *message = NULL;
  guint64          number;

  if (!metadata)
    {
      message = g_strdup_printf ("The metadata above lacks “<%s>”", name);
      return fail_at (text, text->line, error, message);
    }

  if (!g_ascii_string_to_unsigned (metadata->value, 10, least, most, &number, NULL))
    {
      g_autofree char *word = quote_word (metadata->value);

      message = least == most
                  ? g_strdup_printf ("“<%s>” is %s; expected %u", name, word, least)
                  : g_strdup_printf ("“<%s>” is %s; expected a whole number of %u to %u", name, word, least, most);
      return fail_at (text, metadata->line, error, message);
    }

  *count = number;
  return TRUE;
}

char *
assignment_text_next_line (AssignmentText *text)
{
  while (text->next)
    {
      char *line = text->next;
      char *end = strchr (line, '\n');

      /* What follows the last line end is not a line. */
      if (!end && line[0] == '\0')
        return text->next = NULL;

      if (end)
        *end = '\0';
      text->next = end ? end + 1 : NULL;
      text->line++;

      line[strcspn (line, "~")] = '\0';
      g_strstrip (line);
      if (line[0] != '\0')
        return line;
    }

  return NULL;
}

gboolean
assignment_text_read_number (AssignmentText *text,
                             char          **cursor,
                             const char     *what,
                             double         *number,
                             GError        **error)
{
  char *start = *cursor + strspn (*cursor, " \t");
  gsize length = strspn (start, "+-.0123456789eE");
  char *end = start;

  /* The characters are looked at first, because strtod() takes “inf”, “nan” and “0x10” for numbers. */
  if (length > 0)
    *number = g_ascii_strtod (start, &end);

  if (length == 0 || end != start + length || !strchr (" \t;:", *end) || !isfinite (*number))
    {
      g_autofree char *word = quote_word (start);

      return assignment_text_fail (text, error, "Expected a number for the %s, found %s", what, word);
    }

  *cursor = end;
  return TRUE;
}

gboolean
assignment_text_read_index (AssignmentText *text,
                            char          **cursor,
                            const char     *what,
                            guint           most,
                            guint          *index,
                            GError        **error)
{
  double number;

  if (!assignment_text_read_number (text, cursor, what, &number, error))
    return FALSE;

  if (number < 1 || number > most || number != floor (number))
    return assignment_text_fail (text, error, "The %s is %g; expected a whole number of 1 to %u", what, number, most);

  *index = number;
  return TRUE;
}
