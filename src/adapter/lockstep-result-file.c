/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-result-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "lockstep-csv.h"
#include "lockstep-nearest.h"
#include "lockstep-output-reader.h"
#include "lockstep-program-process.h"
#include "lockstep-regular-file.h"

static void
set_read_error (GError    **error,
                const char *path,
                const char *reason)
{
  g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_RESULT, _ ("the file %s could not be read: %s"), path, reason);
}

/* What most often goes wrong, in plain words. */
static gboolean
check_readable (const char *path,
                GError    **error)
{
  if (access (path, R_OK) == 0)
    return TRUE;

  set_read_error (error, path, g_strerror (errno));
  return FALSE;
}

/* Opens the file, which a program may have made a pipe or a folder; -1 with an error. */
static int
open_regular (const char *path,
              GError    **error)
{
  g_autoptr (GError) reason = NULL;
  int                descriptor;

  if (!check_readable (path, error))
    return -1;
  if ((descriptor = lockstep_regular_file_open (path, NULL, &reason)) < 0)
    g_set_error_literal (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_RESULT, reason->message);

  return descriptor;
}

static gboolean
read_lines (LockstepProbe *probe,
            const char    *path,
            GError       **error)
{
  g_autoptr (LockstepOutputReader) reader = NULL;
  const int                        descriptor = open_regular (path, error);

  if (descriptor < 0)
    return FALSE;

  reader = lockstep_output_reader_new (descriptor);
  lockstep_output_reader_add (reader, probe);
  lockstep_output_reader_read (reader, G_MAXSIZE);
  lockstep_output_reader_finish (reader);
  close (descriptor);

  return TRUE;
}

static void
set_column_error (GError    **error,
                  const char *path,
                  const char *column,
                  GPtrArray  *names)
{
  g_autofree char *all = NULL;
  const char      *nearest;

  g_ptr_array_add (names, NULL);
  nearest = lockstep_nearest (column, (const char *const *) names->pdata);
  all = g_strjoinv (", ", (char **) names->pdata);
  if (nearest != NULL)
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_RESULT,
                 _ ("%s has no column “%s”; did you mean “%s”?"), path, column, nearest);
  else
    g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_RESULT,
                 _ ("%s has no column “%s”; its columns are %s"), path, column, all);
}

/* Reads the names; sets @index to that of the column. */
static gboolean
find_column (LockstepCsv *csv,
             const char  *path,
             const char  *column,
             guint       *index,
             GError     **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString)   cell = g_string_new (NULL);
  const char           *wrong;
  LockstepCsvEnd        end;
  gboolean              found = FALSE;

  if (!lockstep_csv_skip_empty_lines (csv))
    {
      set_read_error (error, path, _ ("it is empty; expected a table with a line of names"));
      return FALSE;
    }

  do
    {
      if ((end = lockstep_csv_read_cell (csv, cell, &wrong)) == LOCKSTEP_CSV_FAILED)
        {
          set_read_error (error, path, wrong);
          return FALSE;
        }
      if (!found && g_str_equal (cell->str, column))
        {
          *index = names->len;
          found = TRUE;
        }
      g_ptr_array_add (names, g_utf8_make_valid (cell->str, -1));
    }
  while (end == LOCKSTEP_CSV_COMMA);

  if (!found)
    set_column_error (error, path, column, names);
  return found;
}

static gboolean
read_column (LockstepProbe *probe,
             const char    *path,
             GError       **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GError)      reason = NULL;
  g_autoptr (GString)     cell = g_string_new (NULL);
  LockstepCsv             csv;
  guint                   column = 0;
  const int               descriptor = open_regular (path, error);

  if (descriptor < 0)
    return FALSE;
  file = g_mapped_file_new_from_fd (descriptor, FALSE, &reason);
  close (descriptor);
  if (file == NULL)
    {
      set_read_error (error, path, reason->message);
      return FALSE;
    }

  lockstep_csv_init (&csv, g_mapped_file_get_contents (file), g_mapped_file_get_length (file));
  if (!find_column (&csv, path, probe->result->column, &column, error))
    return FALSE;

  while (!lockstep_probe_is_settled (probe) && lockstep_csv_skip_empty_lines (&csv))
    {
      const goffset  offset = csv.at - g_mapped_file_get_contents (file);
      guint          index = 0;
      const char    *wrong;
      LockstepCsvEnd end;

      do
        {
          if ((end = lockstep_csv_read_cell (&csv, cell, &wrong)) == LOCKSTEP_CSV_FAILED)
            {
              set_read_error (error, path, wrong);
              return FALSE;
            }
          if (index++ == column && cell->len > 0)
            lockstep_probe_take (probe, cell->str, cell->len, offset);
        }
      while (end == LOCKSTEP_CSV_COMMA);
    }

  return TRUE;
}

static gboolean
read_member (LockstepProbe *probe,
             const char    *path,
             GError       **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char   *text = NULL;
  gsize              length;
  LockstepJson       document, value;

  if (!check_readable (path, error))
    return FALSE;
  if ((text = lockstep_regular_file_read (path, G_MAXSSIZE, &length, &reason)) == NULL)
    {
      g_set_error_literal (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_RESULT, reason->message);
      return FALSE;
    }
  if (!lockstep_json_scan (text, length, &document, &reason))
    {
      g_set_error (error, LOCKSTEP_PROGRAM_ERROR, LOCKSTEP_PROGRAM_ERROR_RESULT, _ ("the file %s is not JSON: %s"), path,
                   reason->message);
      return FALSE;
    }

  value = lockstep_json_get_path (document, probe->result->member);
  if (value.text != NULL)
    lockstep_probe_take (probe, value.text, value.length, value.text - text);

  return TRUE;
}

gboolean
lockstep_result_file_read (LockstepProbe *probe,
                           const char    *path,
                           GError       **error)
{
  if (probe->pattern != NULL)
    return read_lines (probe, path, error);
  if (probe->result->column != NULL)
    return read_column (probe, path, error);

  return read_member (probe, path, error);
}
