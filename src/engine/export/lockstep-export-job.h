/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lockstep-export-file.h"
#include "lockstep-export.h"
#include "lockstep-journal-reader.h"
#include "lockstep-plan.h"

G_BEGIN_DECLS

/* One export at work, on its thread. Everything is borrowed. */
typedef struct
{
  const char          *directory; /* the run's folder; NULL for a plan */
  LockstepExportFormat format;
  LockstepPlan        *plan; /* NULL for LOCKSTEP_EXPORT_ALL, which needs none */
  gboolean             live; /* a controller has the run */
  LockstepExportFile  *file;
  GCancellable        *cancellable;
  int                 *progress; /* of a thousand; written atomically */
  GPtrArray           *warnings; /* of char * */
  GPtrArray           *names;    /* of char *: files that go into an archive, where they are told */
} LockstepExportJob;

/* So much (0…1) is done. FALSE with an error when it was cancelled. */
gboolean lockstep_export_job_advance (const LockstepExportJob *self,
                                      double                   fraction,
                                      GError                 **error);

/* Is asked now and then what share of the journal has been read; as above, of the share of the export that stands between
 * @from and @to. */
gboolean lockstep_export_job_advance_reader (const LockstepExportJob *self,
                                             LockstepJournalReader   *reader,
                                             double                   from,
                                             double                   to,
                                             GError                 **error);

/* Takes over what the reader complains of. */
void lockstep_export_job_warn_of (const LockstepExportJob *self,
                                  LockstepJournalReader   *reader);

/* Tells how many values were too long for their cells. */
void lockstep_export_job_warn_of_left_out (const LockstepExportJob *self,
                                           guint64                  n_left_out);

/* The columns that say which iteration a row is of (of char *): none in a plan without loops; "iteration"; or with loops in
 * loops "iteration_1" (the outermost), "iteration_2"…. */
GPtrArray *lockstep_export_job_dup_iteration_names (const LockstepExportJob *self);

/* The exports. */
gboolean lockstep_export_write_log (const LockstepExportJob *job,
                                    GError                 **error);
gboolean lockstep_export_write_results (const LockstepExportJob *job,
                                        GError                 **error);
gboolean lockstep_export_write_events (const LockstepExportJob *job,
                                       GError                 **error);
gboolean lockstep_export_write_events_text (const LockstepExportJob *job,
                                            GError                 **error);
gboolean lockstep_export_write_timeline (const LockstepExportJob *job,
                                         GError                 **error);
gboolean lockstep_export_write_plan (const LockstepExportJob *job,
                                     GError                 **error);
gboolean lockstep_export_write_all (const LockstepExportJob *job,
                                    GError                 **error);

G_END_DECLS
