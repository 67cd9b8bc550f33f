/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-table-writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <time.h>

#include "lockstep-json-writer.h"

typedef enum
{
  CELL_NONE,
  CELL_TEXT,
  CELL_JSON, /* as it was written, and no string */
} CellKind;

typedef struct
{
  CellKind kind;
  gsize    start; /* in the row's text */
  gsize    length;
} Cell;

struct _LockstepTableWriter
{
  LockstepExportFile  *file;
  LockstepExportFormat format;
  GPtrArray           *names;
  GArray              *cells; /* of Cell, by column */
  GString             *row;   /* what the cells of the row hold */
  GString             *line;  /* what is being written */
  guint64              n_rows;
  guint64              n_left_out;
};

LockstepTableWriter *
lockstep_table_writer_new (LockstepExportFile  *file,
                           LockstepExportFormat format)
{
  LockstepTableWriter *self = g_new0 (LockstepTableWriter, 1);

  self->file = file;
  self->format = format;
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
  self->row = g_string_new (NULL);
  self->line = g_string_new (NULL);

  return self;
}

void
lockstep_table_writer_free (LockstepTableWriter *self)
{
  g_ptr_array_unref (self->names);
  g_array_unref (self->cells);
  g_string_free (self->row, TRUE);
  g_string_free (self->line, TRUE);
  g_free (self);
}

guint
lockstep_table_writer_add_column (LockstepTableWriter *self,
                                  const char          *name)
{
  g_assert (self->n_rows == 0);

  g_ptr_array_add (self->names, g_strdup (name));
  g_array_set_size (self->cells, self->names->len);
  return self->names->len - 1;
}

static void
set_cell (LockstepTableWriter *self,
          guint                column,
          CellKind             kind,
          const char          *text,
          gsize                length)
{
  Cell *cell = &g_array_index (self->cells, Cell, column);

  *cell = (Cell){ kind, self->row->len, length };
  g_string_append_len (self->row, text, (gssize) length);
}

void
lockstep_table_writer_set_text (LockstepTableWriter *self,
                                guint                column,
                                const char          *text,
                                gssize               length)
{
  if (text != NULL)
    set_cell (self, column, CELL_TEXT, text, length < 0 ? strlen (text) : (gsize) length);
}

void
lockstep_table_writer_set_json (LockstepTableWriter *self,
                                guint                column,
                                LockstepJson         value)
{
  g_autofree char *string = NULL;
  gsize            length;

  switch (lockstep_json_get_kind (value))
    {
    case LOCKSTEP_JSON_ABSENT:
      break;
    case LOCKSTEP_JSON_NULL:
      if (self->format != LOCKSTEP_EXPORT_CSV)
        set_cell (self, column, CELL_JSON, value.text, value.length);
      break;
    case LOCKSTEP_JSON_STRING:
      string = lockstep_json_dup_string (value, &length);
      set_cell (self, column, CELL_TEXT, string, length);
      break;
    case LOCKSTEP_JSON_BOOLEAN:
    case LOCKSTEP_JSON_NUMBER:
    case LOCKSTEP_JSON_ARRAY:
    case LOCKSTEP_JSON_OBJECT:
    default:
      set_cell (self, column, CELL_JSON, value.text, value.length);
      break;
    }
}

void
lockstep_table_writer_set_int (LockstepTableWriter *self,
                               guint                column,
                               gint64               number)
{
  char text[24];

  if (number >= 0)
    set_cell (self, column, CELL_JSON, text, (gsize) g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number));
}

void
lockstep_table_writer_set_seconds (LockstepTableWriter *self,
                                   guint                column,
                                   gint64               microseconds)
{
  char text[LOCKSTEP_JSON_DOUBLE_SIZE];

  lockstep_json_format_double (text, (double) microseconds / G_USEC_PER_SEC);
  set_cell (self, column, CELL_JSON, text, strlen (text));
}

void
lockstep_table_writer_set_time (LockstepTableWriter *self,
                                guint                column,
                                gint64               time)
{
  const time_t seconds = time / G_USEC_PER_SEC;
  struct tm    parts;
  char         text[64];
  gsize        length;

  if (time <= 0 || gmtime_r (&seconds, &parts) == NULL)
    return;

  length = strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  length += (gsize) g_snprintf (text + length, sizeof text - length, ".%06dZ", (int) (time % G_USEC_PER_SEC));
  set_cell (self, column, CELL_TEXT, text, length);
}

/* A cell of CSV. Quotes stand where RFC 4180 wants them, and around blanks at the edges, which some readers cut off. */
static void
append_csv (LockstepTableWriter *self,
            CellKind             kind,
            const char          *text,
            gsize                length)
{
  g_autofree char *instead = NULL;
  gboolean         formula;
  gboolean         quoted;

  if (length > LOCKSTEP_TABLE_MAX_CELL)
    {
      self->n_left_out++;
      kind = CELL_TEXT;
      instead = g_strdup_printf (_ ("(left out: %zu bytes)"), length);
      text = instead;
      length = strlen (instead);
    }

  formula = kind == CELL_TEXT && length > 0 && strchr ("=+-@\t\r", text[0]) != NULL && text[0] != '\0';
  quoted = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
  for (gsize i = 0; i < length && !quoted; i++)
    quoted = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r' || text[i] == '\0';

  if (quoted)
    g_string_append_c (self->line, '"');
  if (formula)
    g_string_append_c (self->line, '\'');
  if (!quoted)
    g_string_append_len (self->line, text, (gssize) length);
  else
    for (gsize i = 0; i < length; i++)
      {
        if (text[i] == '"')
          g_string_append_c (self->line, '"');
        /* Readers of C end a cell there, or refuse the file. */
        if (text[i] == '\0')
          g_string_append (self->line, "\357\277\275");
        else
          g_string_append_c (self->line, text[i]);
      }
  if (quoted)
    g_string_append_c (self->line, '"');
}

static gboolean
write_line (LockstepTableWriter *self,
            GError             **error)
{
  gboolean ok = lockstep_export_file_write (self->file, self->line->str, self->line->len, error);

  g_string_truncate (self->line, 0);
  return ok;
}

static gboolean
write_header (LockstepTableWriter *self,
              GError             **error)
{
  if (self->format == LOCKSTEP_EXPORT_JSONL)
    return TRUE;
  if (self->format == LOCKSTEP_EXPORT_JSON)
    {
      g_string_append (self->line, "[");
      return write_line (self, error);
    }

  for (guint i = 0; i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);

      if (i > 0)
        g_string_append_c (self->line, ',');
      append_csv (self, CELL_TEXT, name, strlen (name));
    }
  g_string_append (self->line, "\r\n");
  return write_line (self, error);
}

static void
append_object (LockstepTableWriter *self)
{
  g_string_append_c (self->line, '{');
  for (guint i = 0; i < self->cells->len; i++)
    {
      const Cell *cell = &g_array_index (self->cells, Cell, i);

      if (cell->kind == CELL_NONE)
        continue;
      lockstep_json_append_name (self->line, g_ptr_array_index (self->names, i));
      if (cell->kind == CELL_TEXT)
        lockstep_json_append_string (self->line, self->row->str + cell->start, (gssize) cell->length);
      else
        g_string_append_len (self->line, self->row->str + cell->start, (gssize) cell->length);
    }
  g_string_append_c (self->line, '}');
}

gboolean
lockstep_table_writer_end_row (LockstepTableWriter *self,
                               GError             **error)
{
  if (self->n_rows++ == 0 && !write_header (self, error))
    return FALSE;

  switch (self->format)
    {
    case LOCKSTEP_EXPORT_CSV:
      for (guint i = 0; i < self->cells->len; i++)
        {
          const Cell *cell = &g_array_index (self->cells, Cell, i);

          if (i > 0)
            g_string_append_c (self->line, ',');
          append_csv (self, cell->kind, self->row->str + cell->start, cell->length);
        }
      g_string_append (self->line, "\r\n");
      break;
    case LOCKSTEP_EXPORT_JSON:
      g_string_append (self->line, self->n_rows == 1 ? "\n" : ",\n");
      append_object (self);
      break;
    default:
      append_object (self);
      g_string_append_c (self->line, '\n');
      break;
    }

  memset (self->cells->data, 0, self->cells->len * sizeof (Cell));
  g_string_truncate (self->row, 0);
  return write_line (self, error);
}

gboolean
lockstep_table_writer_finish (LockstepTableWriter *self,
                              GError             **error)
{
  if (self->n_rows == 0 && !write_header (self, error))
    return FALSE;
  if (self->format == LOCKSTEP_EXPORT_JSON)
    g_string_append (self->line, "\n]\n");

  return write_line (self, error);
}

guint64
lockstep_table_writer_get_n_left_out (LockstepTableWriter *self)
{
  return self->n_left_out;
}
