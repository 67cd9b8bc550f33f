/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-output-reader.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read at a time. */
#define CHUNK (256 * 1024)

/* Of the end of a file, where a program says what it misses. */
#define MISSING_LINES 8

/* Of the end of a file that is shown, and of a line that is longer than that. */
#define LAST_BYTES 4096
#define CUT_BYTES  400

/* Of more output than this nobody counts the matches: where the last one is what counts, it is looked for from the end. */
#define COUNTED_BYTES (4 * 1024 * 1024)

struct _LockstepOutputReader
{
  int        descriptor; /* not owned */
  goffset    offset;     /* of what is read next */
  char      *buffer;     /* made when there is something to read */
  gsize      length;     /* of the line that is not ended yet, which the buffer begins with */
  GPtrArray *probes;     /* of LockstepProbe, not owned */
  GString   *newest;     /* the end of the newest line that was ended */
};

static gboolean
is_line_end (char character)
{
  return character == '\n' || character == '\r';
}

LockstepOutputReader *
lockstep_output_reader_new (int descriptor)
{
  LockstepOutputReader *self = g_new0 (LockstepOutputReader, 1);

  self->descriptor = descriptor;
  self->probes = g_ptr_array_new ();
  self->newest = g_string_new (NULL);

  return self;
}

void
lockstep_output_reader_free (LockstepOutputReader *self)
{
  if (self == NULL)
    return;

  g_free (self->buffer);
  g_ptr_array_unref (self->probes);
  g_string_free (self->newest, TRUE);
  g_free (self);
}

void
lockstep_output_reader_add (LockstepOutputReader *self,
                            LockstepProbe        *probe)
{
  g_ptr_array_add (self->probes, probe);
}

static const char *
find_line_end (const char *text,
               const char *end)
{
  while (text < end && !is_line_end (*text))
    text++;

  return text;
}

/* Where the last @n_bytes before @end begin, or fewer: not within a character. */
static const char *
find_last_bytes (const char *text,
                 const char *end,
                 gsize       n_bytes)
{
  if ((gsize) (end - text) <= n_bytes)
    return text;

  for (text = end - n_bytes; text < end && (*text & 0xc0) == 0x80; text++)
    ;

  return text;
}

/* Behind the escape sequence that @at begins with, which colours text or moves in it; @at where there is none. */
static const char *
skip_escape (const char *at,
             const char *end)
{
  const char *next = at + 1;

  if (at == end || *at != '\033' || next == end)
    return at;

  if (*next == '[')
    {
      for (next++; next < end && *next >= ' ' && *next < '@'; next++)
        ;
      return next < end && !is_line_end (*next) ? next + 1 : next;
    }
  if (*next == ']')
    {
      for (next++; next < end && *next != '\a' && *next != '\033' && !is_line_end (*next); next++)
        ;
      if (next < end && *next == '\a')
        return next + 1;
      return end - next > 1 && next[0] == '\033' && next[1] == '\\' ? next + 2 : next;
    }
  while (next < end && *next >= ' ' && *next < '0')
    next++;

  return next < end && !is_line_end (*next) ? next + 1 : next;
}

/* Takes the escape sequences out of the lines in @text. What gets free behind a line is filled with line ends, so that each
 * line stays where it is. */
static void
remove_escapes (char *text,
                gsize length)
{
  const char *end = text + length;
  const char *at = text;
  char       *out = text;

  if (memchr (text, '\033', length) == NULL)
    return;

  while (at < end)
    {
      const char *next = skip_escape (at, end);

      if (next > at)
        at = next;
      else if (is_line_end (*at))
        {
          while (out <= at)
            *out++ = '\n';
          at++;
        }
      else
        *out++ = *at++;
    }
  while (out < end)
    *out++ = '\n';
}

/* Takes @probe's matches in the line from @line to @end, which stands at @offset of the file; FALSE where there is none. */
static gboolean
look_at_line (LockstepProbe *probe,
              const char    *line,
              const char    *end,
              goffset        offset)
{
  const char *found;
  gsize       length;
  gsize       at = 0;

  while (!lockstep_probe_is_settled (probe) &&
         lockstep_pattern_match_next (probe->pattern, line, (gsize) (end - line), &at, &found, &length))
    lockstep_probe_take (probe, found, length, offset);

  return at > 0;
}

/* Looks for the last match of @probe in the lines from @text to @end, which begin at @offset of the file. */
static void
look_for_last (LockstepProbe *probe,
               const char    *text,
               const char    *end,
               goffset        offset)
{
  const char *literal = lockstep_pattern_get_literal (probe->pattern);
  const char *line_end = end;

  if (literal != NULL && memmem (text, (gsize) (end - text), literal, strlen (literal)) == NULL)
    return;

  while (line_end > text)
    {
      const char *line = line_end;

      while (line > text && !is_line_end (line[-1]))
        line--;
      if (line < line_end && look_at_line (probe, line, line_end, offset + (line - text)))
        return;
      line_end = line > text ? line - 1 : text;
    }
}

/* Looks for @probe in the lines from @text to @end, which begin at @offset of the file. */
static void
look_for (LockstepProbe *probe,
          const char    *text,
          const char    *end,
          goffset        offset)
{
  const char *literal = lockstep_pattern_get_literal (probe->pattern);
  const gsize literal_length = literal != NULL ? strlen (literal) : 0;
  const char *at = text;

  if (probe->row == LOCKSTEP_ROW_LAST && offset >= COUNTED_BYTES)
    {
      look_for_last (probe, text, end, offset);
      return;
    }

  while (at < end && !lockstep_probe_is_settled (probe))
    {
      const char *line = at;
      const char *line_end;

      if (literal != NULL)
        {
          if ((line = memmem (at, (gsize) (end - at), literal, literal_length)) == NULL)
            return;
          while (line > at && !is_line_end (line[-1]))
            line--;
        }
      line_end = find_line_end (line, end);
      look_at_line (probe, line, line_end, offset + (line - text));
      at = line_end + 1;
    }
}

/* Keeps the end of the last line from @text to @end that has anything in it. */
static void
keep_newest (LockstepOutputReader *self,
             const char           *text,
             const char           *end)
{
  const char *line;

  while (end > text && (guchar) end[-1] <= ' ')
    end--;
  for (line = end; line > text && !is_line_end (line[-1]) && end - line < LAST_BYTES; line--)
    ;
  if (end > line)
    {
      g_string_truncate (self->newest, 0);
      g_string_append_len (self->newest, line, end - line);
    }
}

/* The lines from the start of the buffer up to @length. */
static void
take_lines (LockstepOutputReader *self,
            gsize                 length,
            goffset               offset)
{
  remove_escapes (self->buffer, length);
  for (guint i = 0; i < self->probes->len; i++)
    look_for (g_ptr_array_index (self->probes, i), self->buffer, self->buffer + length, offset);
  keep_newest (self, self->buffer, self->buffer + length);
}

/* Shows @probe what the line that is not ended yet, from @line to @end, tells by now. It is counted when it has ended. */
static void
look_ahead (LockstepProbe *probe,
            const char    *line,
            const char    *end,
            goffset        offset)
{
  const guint64 n_matches = probe->n_matches;
  const char   *newest = NULL;
  const char   *found;
  gsize         newest_length = 0;
  gsize         length;
  gsize         at = 0;

  /* Of a number that the line ends with, more may come. */
  while (lockstep_pattern_match_next (probe->pattern, line, (gsize) (end - line), &at, &found, &length) && found + length < end)
    {
      newest = found;
      newest_length = length;
    }

  if (newest == NULL || (probe->found != NULL && strlen (probe->found) == newest_length &&
                         memcmp (probe->found, newest, newest_length) == 0))
    return;
  lockstep_probe_take (probe, newest, newest_length, offset);
  probe->n_matches = n_matches;
}

/* Progress bars are often one line that grows. What is a result waits for the whole line. */
static void
look_at_open_line (LockstepOutputReader *self)
{
  g_autofree char *line = NULL;

  for (guint i = 0; i < self->probes->len; i++)
    {
      LockstepProbe *probe = g_ptr_array_index (self->probes, i);

      if (probe->kind != LOCKSTEP_PROBE_PROGRESS && probe->kind != LOCKSTEP_PROBE_VALUE)
        continue;
      if (line == NULL)
        {
          line = g_memdup2 (self->buffer, self->length);
          remove_escapes (line, self->length);
        }
      look_ahead (probe, line, find_line_end (line, line + self->length), self->offset - (goffset) self->length);
    }
}

/* How much of the buffer is lines that are ended, or too long to wait for their end. */
static gsize
count_ended (const LockstepOutputReader *self)
{
  gsize length = self->length;

  while (length > 0 && !is_line_end (self->buffer[length - 1]))
    length--;

  return length == 0 && self->length >= LOCKSTEP_OUTPUT_MAX_LINE ? self->length : length;
}

gsize
lockstep_output_reader_read (LockstepOutputReader *self,
                             gsize                 n_bytes)
{
  gsize n_read = 0;

  while (n_read < n_bytes)
    {
      gsize   ended;
      ssize_t n;

      if (self->buffer == NULL)
        {
          struct stat status;

          /* Many programs print nothing. */
          if (fstat (self->descriptor, &status) == 0 && S_ISREG (status.st_mode) && status.st_size == 0)
            return 0;
          self->buffer = g_malloc (LOCKSTEP_OUTPUT_MAX_LINE + CHUNK);
        }

      n = pread (self->descriptor, self->buffer + self->length, MIN (CHUNK, n_bytes - n_read), self->offset);
      if (n <= 0)
        break;

      n_read += (gsize) n;
      self->offset += n;
      self->length += (gsize) n;
      ended = count_ended (self);
      if (ended == 0)
        continue;
      take_lines (self, ended, self->offset - (goffset) self->length);
      self->length -= ended;
      memmove (self->buffer, self->buffer + ended, self->length);
    }
  if (n_read > 0 && self->length > 0)
    look_at_open_line (self);

  return n_read;
}

void
lockstep_output_reader_finish (LockstepOutputReader *self)
{
  if (self->length == 0)
    return;

  take_lines (self, self->length, self->offset - (goffset) self->length);
  self->length = 0;
}

goffset
lockstep_output_reader_get_offset (LockstepOutputReader *self)
{
  return self->offset;
}

char *
lockstep_output_dup_shown (const char *text,
                           gsize       length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);
  const char      *end = valid + strlen (valid);
  GString         *out = g_string_sized_new (length);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      const gunichar character = g_utf8_get_char (at);
      const char    *next = skip_escape (at, end);

      if (next > at)
        at = next - 1;
      else if (character == '\t')
        g_string_append_c (out, ' ');
      else if (character == '\n' || !g_unichar_iscntrl (character))
        g_string_append_unichar (out, character);
    }

  return g_string_free (out, FALSE);
}

char *
lockstep_output_reader_dup_newest (LockstepOutputReader *self,
                                   gsize                 max_bytes)
{
  const char *text = self->newest->str;
  gsize       length = self->newest->len;
  gsize       open = self->length;
  const char *end;

  while (open > 0 && (guchar) self->buffer[open - 1] <= ' ')
    open--;
  if (open > 0)
    {
      text = self->buffer;
      length = open;
    }
  if (length == 0)
    return NULL;
  /* Of a line of dots, the end is what is new. */
  end = text + length;
  text = find_last_bytes (text, end, max_bytes);

  return g_strstrip (lockstep_output_dup_shown (text, (gsize) (end - text)));
}

char *
lockstep_output_dup_last_lines (int   descriptor,
                                guint n_lines)
{
  g_autofree char *text = NULL;
  char             buffer[LAST_BYTES];
  struct stat      status;
  ssize_t          length;
  goffset          offset;
  const char      *start;
  gboolean         is_cut = FALSE;

  if (fstat (descriptor, &status) < 0)
    return g_strdup ("");
  offset = MAX (status.st_size - LAST_BYTES, 0);
  if ((length = pread (descriptor, buffer, sizeof buffer, offset)) <= 0)
    return g_strdup ("");

  while (length > 0 && g_ascii_isspace (buffer[length - 1]))
    length--;
  /* The first one is likely to be half a line; where it is all there is, its end tells more than nothing. */
  start = buffer;
  if (offset > 0)
    {
      start = find_line_end (buffer, buffer + length);
      is_cut = start == buffer + length;
      if (is_cut)
        start = find_last_bytes (buffer, buffer + length, CUT_BYTES);
      while (!is_cut && is_line_end (*start))
        start++;
    }
  for (char *at = buffer; at < buffer + length; at++)
    if (*at == '\r')
      *at = '\n';

  text = lockstep_output_dup_shown (start, (gsize) (buffer + length - start));
  if (is_cut)
    return g_strconcat ("…", text, NULL);
  start = text + strlen (text);
  while (start > text && n_lines > 0)
    if (*--start == '\n' && --n_lines == 0)
      start++;

  return g_strdup (start);
}

char *
lockstep_output_dup_missing_file (int         descriptor,
                                  const char *folder,
                                  const char *working_folder)
{
  g_autofree char *lines = lockstep_output_dup_last_lines (descriptor, MISSING_LINES);
  g_auto (GStrv)   words = g_strsplit_set (lines, " \t\n\"'`:,;()[]<>=", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *there = g_build_filename (folder, *word, NULL);
      g_autofree char *here = g_build_filename (working_folder, *word, NULL);

      if (**word != '\0' && lockstep_program_is_inside (*word) && g_file_test (there, G_FILE_TEST_IS_REGULAR) &&
          !g_file_test (here, G_FILE_TEST_EXISTS))
        return g_strdup (*word);
    }

  return NULL;
}
