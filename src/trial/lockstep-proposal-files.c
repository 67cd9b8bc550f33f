/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-proposal-private.h"

#include <string.h>
#include <sys/stat.h>

#include "lockstep-csv.h"
#include "lockstep-decimal.h"
#include "lockstep-json-writer.h"

/* Files beyond it are not looked into. */
#define MAX_BYTES (64 * 1024 * 1024)

/* Objects within each other that are looked into. */
#define MAX_DEPTH 3

/* Of a line, what is shown. */
#define TEXT_BYTES 200

/* A column of a table. */
typedef struct
{
  char    *name;
  char    *last; /* cell that is not empty */
  double   number;
  gboolean is_number; /* the last cell */
  gboolean increases; /* always */
  guint    n_rows;
} Column;

static void
column_free (gpointer data)
{
  Column *column = data;

  g_free (column->name);
  g_free (column->last);
  g_free (column);
}

/* Where the newest proposal was found. */
static void
set_example (LockstepProposal *proposal,
             const char       *file,
             const char       *text,
             const char       *line,
             const char       *end)
{
  proposal->file = g_strdup (file);
  proposal->line = 1;
  for (const char *at = text; (at = memchr (at, '\n', (gsize) (line - at))) != NULL; at++)
    proposal->line++;
  proposal->text = g_utf8_make_valid (line, (gssize) MIN (strcspn (line, "\r\n"), MIN ((gsize) (end - line), TEXT_BYTES)));
}

/* The member of a result in @file: { "file": …, "column": … }. */
static char *
dup_member (const char *file,
            const char *how,
            const char *name)
{
  GString *json = g_string_new ("{ \"file\": ");

  lockstep_json_append_string (json, file, -1);
  g_string_append_printf (json, ", \"%s\": ", how);
  lockstep_json_append_string (json, name, -1);
  g_string_append (json, " }");

  return g_string_free (json, FALSE);
}

static void
take_cell (Column  *column,
           GString *cell)
{
  double number = 0;

  if (cell->len == 0)
    return;

  column->is_number = lockstep_decimal_read (cell->str, cell->len, NULL, &number);
  column->increases = column->n_rows == 0 || (column->increases && number > column->number);
  column->number = number;
  column->n_rows++;
  g_free (column->last);
  column->last = g_strdup (cell->str);
}

/* Reads the rows into @columns; sets @row to where the last one begins. FALSE where it is no table. */
static gboolean
read_table (const char  *text,
            gsize        length,
            GPtrArray   *columns,
            const char **row)
{
  g_autoptr (GString) cell = g_string_new (NULL);
  LockstepCsv         csv;
  LockstepCsvEnd      end = LOCKSTEP_CSV_COMMA;
  const char         *wrong;

  lockstep_csv_init (&csv, text, length);
  if (!lockstep_csv_skip_empty_lines (&csv))
    return FALSE;

  while (end == LOCKSTEP_CSV_COMMA)
    {
      Column *column = g_new0 (Column, 1);

      g_ptr_array_add (columns, column);
      if ((end = lockstep_csv_read_cell (&csv, cell, &wrong)) == LOCKSTEP_CSV_FAILED || cell->len == 0 ||
          lockstep_decimal_read (cell->str, cell->len, NULL, NULL) || !g_utf8_validate (cell->str, (gssize) cell->len, NULL))
        return FALSE;
      column->name = g_strdup (cell->str);
    }

  while (lockstep_csv_skip_empty_lines (&csv))
    {
      guint index = 0;

      *row = csv.at;
      do
        {
          if ((end = lockstep_csv_read_cell (&csv, cell, &wrong)) == LOCKSTEP_CSV_FAILED)
            return FALSE;
          if (index < columns->len)
            take_cell (g_ptr_array_index (columns, index), cell);
          index++;
        }
      while (end == LOCKSTEP_CSV_COMMA);
    }

  return *row != NULL;
}

static void
search_table (LockstepProposalSearch *self,
              const char             *file,
              const char             *text,
              gsize                   length)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (column_free);
  const char           *row = NULL;
  guint                 n = 0;

  if (!read_table (text, length, columns, &row))
    return;

  for (guint i = 0; i < columns->len && n < LOCKSTEP_PROPOSAL_MAX; i++)
    {
      const Column     *column = g_ptr_array_index (columns, i);
      LockstepProposal *proposal;
      char             *name;

      /* The first column of a table often counts its rows. */
      if (!column->is_number || (i == 0 && columns->len > 1 && column->increases && column->n_rows > 1) ||
          (name = lockstep_proposal_dup_name (column->name, -1)) == NULL)
        continue;
      /* What was given is no result. */
      if (lockstep_proposal_search_is_param (self, name, column->number))
        {
          g_free (name);
          continue;
        }

      proposal = lockstep_proposal_search_add (self, LOCKSTEP_PROBE_RESULT, name, dup_member (file, "column", column->name),
                                               g_strdup (column->last));
      set_example (proposal, file, text, row, text + length);
      n++;
    }
}

/* Numbers in @object, which stands at @path of the document @text. */
static void
search_object (LockstepProposalSearch *self,
               const char             *file,
               LockstepJson            text,
               LockstepJson            object,
               const char             *path,
               guint                   depth,
               guint                  *n)
{
  LockstepJsonIter iter;
  LockstepJson     name, value;

  lockstep_json_iter_init (&iter, object);
  while (*n < LOCKSTEP_PROPOSAL_MAX && lockstep_json_iter_next (&iter, &name, &value))
    {
      g_autofree char       *member = lockstep_json_dup_string (name, NULL);
      g_autofree char       *own = path != NULL ? g_strconcat (path, ".", member, NULL) : g_strdup (member);
      const LockstepJsonKind kind = lockstep_json_get_kind (value);
      LockstepProposal      *proposal;
      char                  *result;
      double                 number;
      const char            *line = name.text;

      if (*member == '\0' || strchr (member, '.') != NULL)
        continue;
      if (kind == LOCKSTEP_JSON_OBJECT && depth < MAX_DEPTH)
        search_object (self, file, text, value, own, depth + 1, n);
      if (kind != LOCKSTEP_JSON_NUMBER || (result = lockstep_proposal_dup_name (member, -1)) == NULL)
        continue;
      /* What was given is no result. */
      if (lockstep_json_get_double (value, &number) && lockstep_proposal_search_is_param (self, result, number))
        {
          g_free (result);
          continue;
        }

      proposal = lockstep_proposal_search_add (self, LOCKSTEP_PROBE_RESULT, result, dup_member (file, "member", own),
                                               lockstep_json_dup_text (value));
      while (line > text.text && line[-1] != '\n')
        line--;
      set_example (proposal, file, text.text, line, text.text + text.length);
      (*n)++;
    }
}

static void
search_file (LockstepProposalSearch *self,
             const char             *path,
             const char             *file)
{
  g_autofree char *text = NULL;
  gsize            length;
  guint            n = 0;
  LockstepJson     document;

  if (!g_str_has_suffix (file, ".csv") && !g_str_has_suffix (file, ".json"))
    return;
  if (!g_file_get_contents (path, &text, &length, NULL))
    return;

  if (g_str_has_suffix (file, ".csv"))
    search_table (self, file, text, length);
  else if (lockstep_json_scan (text, length, &document, NULL))
    search_object (self, file, (LockstepJson){ text, length }, document, NULL, 1, &n);
}

/* Whether the plan put the file there, or reads it already. */
static gboolean
is_known (LockstepProposalSearch *self,
          const char             *file)
{
  if (g_str_equal (file, "task.json"))
    return TRUE;
  for (guint i = 0; i < self->program->files->len; i++)
    {
      g_autofree char *target = lockstep_program_file_dup_target (g_ptr_array_index (self->program->files, i), self->placeholders, NULL);

      if (g_strcmp0 (target, file) == 0)
        return TRUE;
    }
  for (guint i = 0; i < self->program->results->len; i++)
    {
      const LockstepProgramResult *result = g_ptr_array_index (self->program->results, i);
      g_autofree char             *read = result->file != NULL ? lockstep_program_text_fill (result->file, self->placeholders, NULL) : NULL;

      if (g_strcmp0 (read, file) == 0)
        return TRUE;
    }

  return FALSE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char **) a, *(const char **) b);
}

static void
search_folder (LockstepProposalSearch *self,
               const char             *folder,
               const char             *below,
               gint64                  since)
{
  g_autoptr (GDir)      dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char           *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);
      g_autofree char *file = g_build_filename (below, g_ptr_array_index (names, i), NULL);
      struct stat      status;

      if (!g_utf8_validate (file, -1, NULL) || strchr (file, '{') != NULL || lstat (path, &status) < 0)
        continue;
      if (S_ISDIR (status.st_mode) && *below == '\0')
        search_folder (self, path, file, since);
      else if (S_ISREG (status.st_mode) && status.st_size <= MAX_BYTES && status.st_mtime >= since && !is_known (self, file))
        search_file (self, path, file);
    }
}

void
lockstep_proposal_search_files (LockstepProposalSearch *self,
                                const char             *working_folder,
                                gint64                  since)
{
  search_folder (self, working_folder, "", since);
}
