/* SPDX-License-Identifier: MIT */

#include "tsp-reader.h"

#include <math.h>
#include <string.h>

/* A file that is being read. */
typedef struct
{
  const char *path;
  char       *contents; /* owned; lines are cut out of it in place */
  char       *next;     /* the line after the one last read; NULL at the end */
  guint       line;     /* number of the line last read, from 1 */
  gboolean    has_type; /* whether TYPE was there */
  gboolean    has_kind; /* whether EDGE_WEIGHT_TYPE was there */

  char           *name; /* owned; NULL until it is read, like what follows */
  TspDistanceKind kind;
  guint           n_cities;
  double         *x;    /* owned */
  double         *y;    /* owned */
  guint          *seen; /* owned; the line of each city, 0 before it */
} Reader;

static void
reader_clear (Reader *reader)
{
  g_free (reader->contents);
  g_free (reader->name);
  g_free (reader->x);
  g_free (reader->y);
  g_free (reader->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* Sets @error to what is wrong on the line last read. Returns FALSE. */
static gboolean G_GNUC_PRINTF (4, 5)
  fail (Reader     *reader,
        TspError    code,
        GError    **error,
        const char *format,
        ...)
{
  g_autofree char *message = NULL;
  va_list          arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (error, TSP_ERROR, code, "%s:%u: %s", reader->path, MAX (reader->line, 1), message);
  return FALSE;
}

/* The word at @text, for a message: up to the next white space, and not too much of it. */
static char *
quote_word (const char *text)
{
  g_autofree char *word = g_strndup (text, MIN (strcspn (text, " \t"), 40));
  g_autofree char *readable = g_utf8_make_valid (word, -1);

  return word[0] ? g_strdup_printf ("“%s”", readable) : g_strdup ("nothing");
}

/* The next line that says something, without white space around it, or NULL at the end of the file. */
static char *
next_line (Reader *reader)
{
  while (reader->next)
    {
      char *line = reader->next;
      char *end = strchr (line, '\n');

      /* What follows the last line end is not a line. */
      if (!end && line[0] == '\0')
        break;

      if (end)
        *end = '\0';
      reader->next = end ? end + 1 : NULL;
      reader->line++;

      g_strstrip (line);
      if (line[0] != '\0')
        return line;
    }

  return reader->next = NULL;
}

static gboolean
read_dimension (Reader     *reader,
                const char *value,
                GError    **error)
{
  g_autofree char *word = quote_word (value);
  guint64          number;

  if (reader->n_cities > 0)
    return fail (reader, TSP_ERROR_FORMAT, error, "DIMENSION stands here a second time");
  if (!g_ascii_string_to_unsigned (value, 10, TSP_LEAST_CITIES, TSP_MOST_CITIES, &number, NULL))
    return fail (reader, TSP_ERROR_SIZE, error, "DIMENSION is %s; this solver takes a whole number of %d to %d cities",
                 word, TSP_LEAST_CITIES, TSP_MOST_CITIES);

  reader->n_cities = (guint) number;
  return TRUE;
}

static gboolean
read_kind (Reader     *reader,
           const char *value,
           GError    **error)
{
  g_autofree char *word = quote_word (value);

  for (TspDistanceKind kind = TSP_EUC_2D; kind <= TSP_ATT; kind++)
    if (g_str_equal (value, tsp_distance_kind_to_string (kind)))
      {
        reader->kind = kind;
        reader->has_kind = TRUE;
        return TRUE;
      }

  return fail (reader, TSP_ERROR_UNSUPPORTED, error,
               "The EDGE_WEIGHT_TYPE %s is not supported; supported are EUC_2D, CEIL_2D, GEO and ATT", word);
}

/* A line in front of the data. */
static gboolean
read_specification (Reader     *reader,
                    const char *keyword,
                    const char *value,
                    GError    **error)
{
  g_autofree char *word = quote_word (value);
  g_autofree char *quoted = quote_word (keyword);

  if (g_str_equal (keyword, "NAME"))
    {
      g_free (reader->name);
      reader->name = g_utf8_make_valid (value, -1);
      return TRUE;
    }
  if (g_str_equal (keyword, "TYPE"))
    {
      reader->has_type = TRUE;
      /* Some files say “TSP (author)”. */
      if (g_str_equal (value, "TSP") || g_str_has_prefix (value, "TSP "))
        return TRUE;
      return fail (reader, TSP_ERROR_UNSUPPORTED, error, "The TYPE %s is not supported; expected TSP", word);
    }
  if (g_str_equal (keyword, "DIMENSION"))
    return read_dimension (reader, value, error);
  if (g_str_equal (keyword, "EDGE_WEIGHT_TYPE"))
    return read_kind (reader, value, error);
  if (g_str_equal (keyword, "NODE_COORD_TYPE") && !g_str_equal (value, "TWOD_COORDS"))
    return fail (reader, TSP_ERROR_UNSUPPORTED, error, "The NODE_COORD_TYPE %s is not supported; expected TWOD_COORDS",
                 word);
  if (g_str_equal (keyword, "EDGE_WEIGHT_FORMAT") && !g_str_equal (value, "FUNCTION"))
    return fail (reader, TSP_ERROR_UNSUPPORTED, error, "The EDGE_WEIGHT_FORMAT %s is not supported; expected FUNCTION",
                 word);

  /* What says nothing about distances. */
  if (g_str_equal (keyword, "COMMENT") || g_str_equal (keyword, "DISPLAY_DATA_TYPE") ||
      g_str_equal (keyword, "NODE_COORD_TYPE") || g_str_equal (keyword, "EDGE_WEIGHT_FORMAT"))
    return TRUE;

  return fail (reader, TSP_ERROR_FORMAT, error,
               "Found %s where a line like “DIMENSION : 52” or NODE_COORD_SECTION was expected", quoted);
}

/* Reads up to the line NODE_COORD_SECTION. */
static gboolean
read_specifications (Reader  *reader,
                     GError **error)
{
  char *line;

  while ((line = next_line (reader)) && !g_str_equal (line, "EOF"))
    {
      char *colon = strchr (line, ':');

      /* The section may have a colon behind it, too. */
      if (colon)
        *colon = '\0';
      g_strchomp (line);
      if (g_str_equal (line, "NODE_COORD_SECTION"))
        break;

      if (!read_specification (reader, line, colon ? g_strchug (colon + 1) : "", error))
        return FALSE;
    }

  if (!line || g_str_equal (line, "EOF"))
    return fail (reader, TSP_ERROR_FORMAT, error, "The file ends without NODE_COORD_SECTION; is it a TSPLIB file?");
  if (!reader->has_type)
    return fail (reader, TSP_ERROR_FORMAT, error, "TYPE is missing above NODE_COORD_SECTION");
  if (reader->n_cities == 0)
    return fail (reader, TSP_ERROR_FORMAT, error, "DIMENSION is missing above NODE_COORD_SECTION");
  if (!reader->has_kind)
    return fail (reader, TSP_ERROR_FORMAT, error, "EDGE_WEIGHT_TYPE is missing above NODE_COORD_SECTION");

  return TRUE;
}

/* Reads a number at @cursor and moves behind it and the white space that follows. */
static gboolean
read_number (Reader     *reader,
             char      **cursor,
             const char *what,
             double     *number,
             GError    **error)
{
  gsize            length = strspn (*cursor, "+-.0123456789eE");
  char            *end = *cursor;
  g_autofree char *word = NULL;

  /* The characters are looked at first, because strtod() takes “inf”, “nan” and “0x10” for numbers. */
  if (length > 0)
    *number = g_ascii_strtod (*cursor, &end);

  if (length > 0 && end == *cursor + length && (*end == '\0' || g_ascii_isspace (*end)) && isfinite (*number))
    {
      *cursor = g_strchug (end);
      return TRUE;
    }

  word = quote_word (*cursor);
  return fail (reader, TSP_ERROR_FORMAT, error, "Expected a number for the %s, found %s", what, word);
}

static gboolean
read_city (Reader  *reader,
           char    *line,
           GError **error)
{
  g_autofree char *word = NULL;
  double           number, x, y;
  guint            city;

  if (!read_number (reader, &line, "city", &number, error))
    return FALSE;
  if (number < 1 || number > reader->n_cities || number != floor (number))
    return fail (reader, TSP_ERROR_FORMAT, error, "The city is %g; expected a whole number of 1 to %u", number,
                 reader->n_cities);

  city = (guint) number - 1;
  if (reader->seen[city] > 0)
    return fail (reader, TSP_ERROR_FORMAT, error, "City %u stands here a second time; it was on line %u", city + 1,
                 reader->seen[city]);

  if (!read_number (reader, &line, "first coordinate", &x, error) ||
      !read_number (reader, &line, "second coordinate", &y, error))
    return FALSE;
  if (*line)
    {
      word = quote_word (line);
      return fail (reader, TSP_ERROR_FORMAT, error, "Found %s behind the coordinates of city %u", word, city + 1);
    }
  if (reader->kind == TSP_GEO && (fabs (x) > 90 || fabs (y) > 180))
    return fail (reader, TSP_ERROR_FORMAT, error,
                 "City %u is at latitude %g and longitude %g; GEO goes to 90 and 180 degrees", city + 1, x, y);

  reader->x[city] = x;
  reader->y[city] = y;
  reader->seen[city] = reader->line;
  return TRUE;
}

static gboolean
read_cities (Reader  *reader,
             GError **error)
{
  guint n_read = 0;
  char *line;

  reader->x = g_new (double, reader->n_cities);
  reader->y = g_new (double, reader->n_cities);
  reader->seen = g_new0 (guint, reader->n_cities);

  while ((line = next_line (reader)) && !g_str_equal (line, "EOF"))
    {
      /* What else a TSPLIB file can hold would be edges that every tour must use. */
      if (g_ascii_isalpha (line[0]) && g_str_has_suffix (line, "_SECTION"))
        return fail (reader, TSP_ERROR_UNSUPPORTED, error, "%s is not supported behind NODE_COORD_SECTION", line);
      if (!read_city (reader, line, error))
        return FALSE;
      n_read++;
    }

  for (guint city = 0; n_read < reader->n_cities; city++)
    if (reader->seen[city] == 0)
      return fail (reader, TSP_ERROR_FORMAT, error,
                   "The cities end here after %u of %u; the first that is missing is city %u", n_read,
                   reader->n_cities, city + 1);

  return TRUE;
}

TspInstance *
tsp_reader_read (const char *path,
                 GError    **error)
{
  g_auto (Reader) reader = { .path = path };
  gsize           length;

  if (!g_file_get_contents (path, &reader.contents, &length, error))
    return NULL;

  reader.next = reader.contents;
  if (memchr (reader.contents, '\0', length))
    {
      g_set_error (error, TSP_ERROR, TSP_ERROR_FORMAT, "%s is not a text file; expected one in the TSPLIB format",
                   path);
      return NULL;
    }

  if (!read_specifications (&reader, error) || !read_cities (&reader, error))
    return NULL;

  if (!reader.name)
    reader.name = g_path_get_basename (path);

  return tsp_instance_new (g_steal_pointer (&reader.name), reader.kind, reader.n_cities, g_steal_pointer (&reader.x),
                           g_steal_pointer (&reader.y), error);
}
