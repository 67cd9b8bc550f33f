/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-plan.h"

G_BEGIN_DECLS

/**
 * Writes what a run's folder holds, or a plan and its files, into one file: for a spreadsheet, a script, a colleague. It reads the folder alone, in
 * flat memory however much is in it, and the run may be at work meanwhile.
 */
typedef enum
{
  LOCKSTEP_EXPORT_LOG,      /* what the solvers printed and what happened, by time */
  LOCKSTEP_EXPORT_RESULTS,  /* a row for each task */
  LOCKSTEP_EXPORT_EVENTS,   /* the journal */
  LOCKSTEP_EXPORT_TIMELINE, /* a row for each attempt at a task */
  LOCKSTEP_EXPORT_ALL,      /* the whole folder */
  LOCKSTEP_N_EXPORTS
} LockstepExportWhat;

typedef enum
{
  LOCKSTEP_EXPORT_TEXT,
  LOCKSTEP_EXPORT_CSV, /* RFC 4180, UTF-8 */
  LOCKSTEP_EXPORT_JSON,
  LOCKSTEP_EXPORT_JSONL, /* an object a line */
  LOCKSTEP_EXPORT_ZIP,
  LOCKSTEP_N_EXPORT_FORMATS
} LockstepExportFormat;

/* "log", "results", …: what a person types. */
const char *lockstep_export_what_to_name (LockstepExportWhat what);
gboolean    lockstep_export_what_from_name (const char         *name,
                                            LockstepExportWhat *what);

/* "text", "csv", …. */
const char *lockstep_export_format_to_name (LockstepExportFormat format);
gboolean    lockstep_export_format_from_name (const char           *name,
                                              LockstepExportFormat *format);

/* The format that the ending of the file's name @path stands for. FALSE where it has none of them. */
gboolean lockstep_export_format_from_path (const char           *path,
                                           LockstepExportFormat *format);

gboolean lockstep_export_supports (LockstepExportWhat   what,
                                   LockstepExportFormat format);

/* The format that @what is mostly wanted in. */
LockstepExportFormat lockstep_export_get_default_format (LockstepExportWhat what);

/* Properties: progress (double, 0…1), notified at most 10 times a second while it is written. */
#define LOCKSTEP_TYPE_EXPORT (lockstep_export_get_type ())
G_DECLARE_FINAL_TYPE (LockstepExport, lockstep_export, LOCKSTEP, EXPORT, GObject)

/* Of the run folder @directory; @format is one that @what supports. */
LockstepExport *lockstep_export_new (const char          *directory,
                                     LockstepExportWhat   what,
                                     LockstepExportFormat format);

/* Of @plan, which has a file, with the files in its folder that it names: as one .zip, which runs wherever it is unpacked,
 * provided that nobody is warned of anything (see lockstep_export_get_warnings()). */
LockstepExport *lockstep_export_new_plan (LockstepPlan *plan);

double lockstep_export_get_progress (LockstepExport *self);

/* Writes the file @path, once, on a thread; "-" is standard output. Whole or not at all: also when there is no room, or
 * when it is cancelled. G_IO_ERROR_EXISTS when there is such a file and it is not to be replaced (@replace). */
void     lockstep_export_write_async (LockstepExport     *self,
                                      const char         *path,
                                      gboolean            replace,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean lockstep_export_write_finish (LockstepExport *self,
                                       GAsyncResult   *result,
                                       GError        **error);

/* What is not as it might be expected, sentences for a person (of char *): lines that could not be read, cells that were left
 * out. Of what was written. */
GPtrArray *lockstep_export_get_warnings (LockstepExport *self);

/* The names of the files that were packed with a plan, and its own (of char *). */
GPtrArray *lockstep_export_get_names (LockstepExport *self);

G_END_DECLS
