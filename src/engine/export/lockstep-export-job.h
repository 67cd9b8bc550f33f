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
  const char          *directory; /* the run's folder */
  LockstepExportFormat format;
  LockstepPlan        *plan; /* NULL for LOCKSTEP_EXPORT_ALL, which needs none */
  gboolean             live; /* a controller has the run */
  LockstepExportFile  *file;
  GCancellable        *cancellable;
  int                 *progress; /* of a thousand; written atomically */
  GPtrArray           *warnings; /* of char * */
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

/* The exports. */
gboolean lockstep_export_write_log (const LockstepExportJob *job,
                                    GError                 **error);
gboolean lockstep_export_write_results (const LockstepExportJob *job,
                                        GError                 **error);
gboolean lockstep_export_write_events (const LockstepExportJob *job,
                                       GError                 **error);
gboolean lockstep_export_write_timeline (const LockstepExportJob *job,
                                         GError                 **error);
gboolean lockstep_export_write_all (const LockstepExportJob *job,
                                    GError                 **error);

G_END_DECLS
