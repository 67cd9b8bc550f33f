/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-task-csv.h"

#include <glib/gi18n-lib.h>

#include "lockstep-csv.h"
#include "lockstep-json-writer.h"
#include "lockstep-regular-file.h"

/* A table whose rows would not fit into memory as tasks (bytes). */
#define MAX_LENGTH ((gsize) 2 * 1024 * 1024 * 1024)

/* Cells as JSON text, one behind the other. */
typedef struct
{
  LockstepTaskAxis axis;
  GString         *cells;
  GArray          *ends; /* of gsize: where each cell ends, row by row */
} CsvAxis;

typedef struct
{
  LockstepCsv csv;
  const char *file; /* what errors name */
  const char *path;
} CsvReader;

static void
csv_append (LockstepTaskAxis *axis,
            guint64           index,
            GString          *out)
{
  CsvAxis *self = (CsvAxis *) axis;
  guint    n_columns = g_strv_length (axis->names);

  for (guint i = 0; i < n_columns; i++)
    {
      guint64 cell = index * n_columns + i;
      gsize   start = cell == 0 ? 0 : g_array_index (self->ends, gsize, cell - 1);

      lockstep_json_append_name (out, axis->names[i]);
      g_string_append_len (out, self->cells->str + start, g_array_index (self->ends, gsize, cell) - start);
    }
}

static void
csv_free (LockstepTaskAxis *axis)
{
  CsvAxis *self = (CsvAxis *) axis;

  g_string_free (self->cells, TRUE);
  g_array_unref (self->ends);
  g_free (self);
}

static void G_GNUC_PRINTF (4, 5)
  set_line_error (const CsvReader *reader,
                  guint64          line,
                  GError         **error,
                  const char      *format,
                  ...)
{
  g_autofree char *message = NULL;
  va_list          arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, reader->path, _ ("%s, line %llu: %s"),
                           reader->file, (unsigned long long) line, message);
}

static LockstepCsvEnd
read_cell (CsvReader *reader,
           GString   *cell,
           GError   **error)
{
  const char          *wrong;
  const LockstepCsvEnd end = lockstep_csv_read_cell (&reader->csv, cell, &wrong);

  if (end == LOCKSTEP_CSV_FAILED)
    set_line_error (reader, reader->csv.line, error, "%s", wrong);

  return end;
}

/* Names are shown, in tables and on terminals. */
static gboolean
has_control_character (const GString *cell)
{
  for (const char *p = cell->str; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

static gboolean
read_header (CsvReader *reader,
             CsvAxis   *self,
             GError   **error)
{
  g_autoptr (GString)   cell = g_string_new (NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  guint64               line = reader->csv.line;
  LockstepCsvEnd        end;

  do
    {
      if ((end = read_cell (reader, cell, error)) == LOCKSTEP_CSV_FAILED)
        return FALSE;
      if (cell->len == 0)
        {
          set_line_error (reader, line, error, _ ("column %u has no name"), names->len + 1);
          return FALSE;
        }
      if (has_control_character (cell))
        {
          set_line_error (reader, line, error,
                          _ ("the name of column %u has a control character in it"), names->len + 1);
          return FALSE;
        }
      if (g_ptr_array_find_with_equal_func (names, cell->str, g_str_equal, NULL))
        {
          set_line_error (reader, line, error, _ ("the column “%s” stands twice"), cell->str);
          return FALSE;
        }
      g_ptr_array_add (names, g_strdup (cell->str));
    }
  while (end == LOCKSTEP_CSV_COMMA);

  if (names->len == 1 && strchr (names->pdata[0], ';') != NULL)
    {
      set_line_error (reader, line, error, _ ("expected columns that are separated by commas, found “%s”"),
                      (const char *) names->pdata[0]);
      return FALSE;
    }

  g_ptr_array_add (names, NULL);
  self->axis.names = (char **) g_ptr_array_steal (names, NULL);
  return TRUE;
}

/* The cell as JSON: a number as it is, anything else a string. */
static gboolean
append_value (const CsvReader *reader,
              guint64          line,
              const GString   *cell,
              GString         *out,
              GError         **error)
{
  g_autoptr (GError) reason = NULL;
  LockstepJson       json;

  if (*cell->str == '-' || g_ascii_isdigit (*cell->str))
    {
      if (lockstep_json_scan (cell->str, cell->len, &json, &reason))
        {
          g_string_append_len (out, json.text, json.length);
          return TRUE;
        }
      if (g_error_matches (reason, LOCKSTEP_JSON_ERROR, LOCKSTEP_JSON_ERROR_RANGE))
        {
          set_line_error (reader, line, error, _ ("the number %s is too large"), cell->str);
          return FALSE;
        }
    }

  lockstep_json_append_string (out, cell->str, cell->len);
  return TRUE;
}

static gboolean
read_row (CsvReader *reader,
          CsvAxis   *self,
          guint      n_columns,
          GString   *cell,
          GError   **error)
{
  guint64        line = reader->csv.line;
  guint          n_cells = 0;
  LockstepCsvEnd end;

  do
    {
      if ((end = read_cell (reader, cell, error)) == LOCKSTEP_CSV_FAILED)
        return FALSE;
      if (n_cells++ < n_columns)
        {
          if (!append_value (reader, line, cell, self->cells, error))
            return FALSE;
          g_array_append_val (self->ends, self->cells->len);
        }
    }
  while (end == LOCKSTEP_CSV_COMMA);

  if (n_cells != n_columns)
    {
      set_line_error (reader, line, error,
                      ngettext ("expected %u cell, as many as there are names, found %u",
                                "expected %u cells, as many as there are names, found %u", n_columns),
                      n_columns, n_cells);
      return FALSE;
    }

  self->axis.count++;
  return TRUE;
}

static gboolean
read_table (CsvReader *reader,
            CsvAxis   *self,
            GError   **error)
{
  g_autoptr (GString) cell = g_string_new (NULL);
  guint               n_columns;

  if (!lockstep_csv_skip_empty_lines (&reader->csv))
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, reader->path,
                               _ ("the file %s is empty; expected a line of names and a line for each task"),
                               reader->file);
      return FALSE;
    }
  if (!read_header (reader, self, error))
    return FALSE;

  n_columns = g_strv_length (self->axis.names);
  while (lockstep_csv_skip_empty_lines (&reader->csv))
    if (!read_row (reader, self, n_columns, cell, error))
      return FALSE;

  if (self->axis.count == 0)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, reader->path,
                               _ ("the file %s has names, but no line below them"), reader->file);
      return FALSE;
    }

  return TRUE;
}

/* The table is text: what is not UTF-8, or holds U+0000, was written by something else. */
static gboolean
check_text (const CsvReader *reader,
            GError         **error)
{
  const char *invalid;
  guint64     line = 1;

  if (g_utf8_validate_len (reader->csv.at, reader->csv.end - reader->csv.at, &invalid))
    return TRUE;

  for (const char *p = reader->csv.at; p < invalid; p++)
    line += *p == '\n';
  set_line_error (reader, line, error, _ ("this is not text in UTF-8; save the table as CSV in UTF-8"));
  return FALSE;
}

LockstepTaskAxis *
lockstep_task_csv_read (const char *file,
                        const char *path,
                        GBytes    **contents,
                        GError    **error)
{
  CsvAxis                     *self = g_new0 (CsvAxis, 1);
  g_autoptr (LockstepTaskAxis) axis = &self->axis;
  g_autoptr (GError)           reason = NULL;
  g_autofree char             *text = NULL;
  gsize                        length;
  CsvReader                    reader = { .csv = { .line = 1 }, .file = file, .path = path };

  axis->append = csv_append;
  axis->free = csv_free;
  self->cells = g_string_new (NULL);
  self->ends = g_array_new (FALSE, FALSE, sizeof (gsize));

  if ((text = lockstep_regular_file_read (file, MAX_LENGTH, &length, &reason)) == NULL)
    {
      lockstep_plan_set_error (error, LOCKSTEP_PLAN_ERROR_FILE, path,
                               _ ("the table cannot be read: %s"), reason->message);
      return NULL;
    }

  lockstep_csv_init (&reader.csv, text, length);

  if (!check_text (&reader, error) || !read_table (&reader, self, error))
    return NULL;

  *contents = g_bytes_new_take (g_steal_pointer (&text), length);
  return g_steal_pointer (&axis);
}
