/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-csv.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static void
skip_blanks (LockstepCsv *self)
{
  while (self->at < self->end && (*self->at == ' ' || *self->at == '\t'))
    self->at++;
}

static gboolean
at_line_end (const LockstepCsv *self)
{
  return self->at == self->end || *self->at == '\n' || *self->at == '\r';
}

/* Over "\n", "\r\n" or "\r". */
static void
skip_line_end (LockstepCsv *self)
{
  if (self->at < self->end && *self->at == '\r')
    self->at++;
  if (self->at < self->end && *self->at == '\n')
    self->at++;
  self->line++;
}

/* What stands between quotes, where a quote is written twice and a line end is a character. */
static gboolean
read_quoted (LockstepCsv *self,
             GString     *cell,
             const char **wrong)
{
  guint64 first_line = self->line;

  for (self->at++; self->at < self->end; self->at++)
    {
      if (*self->at == '"')
        {
          if (self->at + 1 == self->end || self->at[1] != '"')
            {
              self->at++;
              return TRUE;
            }
          self->at++;
        }
      else if (*self->at == '\n')
        {
          self->line++;
        }
      g_string_append_c (cell, *self->at);
    }

  self->line = first_line;
  *wrong = _ ("the quote that opens here is never closed");
  return FALSE;
}

LockstepCsvEnd
lockstep_csv_read_cell (LockstepCsv *self,
                        GString     *cell,
                        const char **wrong)
{
  const char *start;

  g_string_truncate (cell, 0);
  skip_blanks (self);

  if (self->at < self->end && *self->at == '"')
    {
      if (!read_quoted (self, cell, wrong))
        return LOCKSTEP_CSV_FAILED;
      skip_blanks (self);
      if (!at_line_end (self) && *self->at != ',')
        {
          *wrong = _ ("expected a comma after the closing quote");
          return LOCKSTEP_CSV_FAILED;
        }
    }
  else
    {
      start = self->at;
      while (!at_line_end (self) && *self->at != ',')
        self->at++;
      g_string_append_len (cell, start, self->at - start);
      while (cell->len > 0 && (cell->str[cell->len - 1] == ' ' || cell->str[cell->len - 1] == '\t'))
        g_string_truncate (cell, cell->len - 1);
    }

  if (at_line_end (self))
    {
      skip_line_end (self);
      return LOCKSTEP_CSV_LINE;
    }

  self->at++;
  return LOCKSTEP_CSV_COMMA;
}

void
lockstep_csv_init (LockstepCsv *self,
                   const char  *text,
                   gsize        length)
{
  *self = (LockstepCsv){ text, text + length, 1 };
  if (length >= strlen (BYTE_ORDER_MARK) && memcmp (text, BYTE_ORDER_MARK, strlen (BYTE_ORDER_MARK)) == 0)
    self->at += strlen (BYTE_ORDER_MARK);
}

gboolean
lockstep_csv_skip_empty_lines (LockstepCsv *self)
{
  while (self->at < self->end && at_line_end (self))
    skip_line_end (self);

  return self->at < self->end;
}
