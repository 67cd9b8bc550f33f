/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-try-report.h"

#include <stdio.h>
#include <string.h>

#include "lockstep-json-writer.h"

static const char *const kinds[] = {
  [LOCKSTEP_PROBE_PROGRESS] = "progress",
  [LOCKSTEP_PROBE_VALUE] = "value",
  [LOCKSTEP_PROBE_RESULT] = "result",
  [LOCKSTEP_PROBE_FAILURE] = "fails-if",
};

/* @path as it is called in @folder, which need not be there any more. */
static const char *
skip_folder (const char *path,
             const char *folder)
{
  const gsize length = folder != NULL ? strlen (folder) : 0;

  return length > 0 && strncmp (path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

static void
append_sighting (GString                *out,
                 const LockstepSighting *sighting,
                 const char             *folder)
{
  const LockstepProbe         *probe = sighting->probe;
  const LockstepProgramResult *result = probe->result;

  g_string_append_c (out, '{');
  lockstep_json_append_string_member (out, "kind", kinds[probe->kind]);
  lockstep_json_append_string_member (out, "name", probe->name);
  lockstep_json_append_string_member (out, "match", probe->pattern != NULL ? lockstep_pattern_get_text (probe->pattern) : NULL);
  lockstep_json_append_string_member (out, "column", result != NULL ? result->column : NULL);
  lockstep_json_append_string_member (out, "member", result != NULL ? result->member : NULL);
  lockstep_json_append_string_member (out, "file", skip_folder (sighting->file, folder));
  lockstep_json_append_int_member (out, "matches", (gint64) probe->n_matches);
  lockstep_json_append_name (out, "line");
  if (sighting->line > 0)
    lockstep_json_append_int (out, (gint64) sighting->line);
  else
    g_string_append (out, "null");
  lockstep_json_append_string_member (out, "text", sighting->text);
  lockstep_json_append_name (out, "value");
  if (probe->found == NULL || !lockstep_probe_append_json (probe, out))
    g_string_append (out, "null");
  lockstep_json_append_string_member (out, "problem", sighting->problem);
  g_string_append_c (out, '}');
}

static void
append_proposal (GString                *out,
                 const LockstepProposal *proposal)
{
  g_string_append_c (out, '{');
  lockstep_json_append_string_member (out, "kind", kinds[proposal->kind]);
  lockstep_json_append_string_member (out, "name", proposal->name);
  lockstep_json_append_name (out, "member");
  g_string_append (out, proposal->json);
  lockstep_json_append_string_member (out, "file", proposal->file);
  lockstep_json_append_int_member (out, "line", (gint64) proposal->line);
  lockstep_json_append_string_member (out, "text", proposal->text);
  lockstep_json_append_string_member (out, "value", proposal->found);
  lockstep_json_append_string_member (out, "remark", proposal->remark);
  g_string_append_c (out, '}');
}

void
cli_try_report_json (LockstepTrial             *trial,
                     const LockstepTrialReport *report,
                     gint64                     task,
                     const char                *directory,
                     const char                *written)
{
  const LockstepPlaceholders *placeholders = lockstep_trial_get_placeholders (trial);
  LockstepStep               *step = lockstep_rerun_get_step (lockstep_trial_get_rerun (trial));
  g_autoptr (GString)         out = g_string_new ("{");
  LockstepJson                params = placeholders->params[0];

  lockstep_json_append_string_member (out, "state", report->result != NULL ? "finished" : "failed");
  lockstep_json_append_int_member (out, "task", task);
  lockstep_json_append_string_member (out, "step", step->title);
  lockstep_json_append_name (out, "params");
  g_string_append_len (out, params.text != NULL ? params.text : "{}", params.text != NULL ? (gssize) params.length : 2);
  lockstep_json_append_name (out, "result");
  if (report->result != NULL)
    g_string_append_len (out, g_bytes_get_data (report->result, NULL), (gssize) g_bytes_get_size (report->result));
  else
    g_string_append (out, "null");
  lockstep_json_append_string_member (out, "error", report->error);
  lockstep_json_append_double_member (out, "seconds", MAX (report->seconds, 0));
  lockstep_json_append_double_member (out, "cpu", report->cpu_seconds);
  lockstep_json_append_int_member (out, "memory", (gint64) report->peak_memory);
  lockstep_json_append_int_member (out, "disk", (gint64) report->disk);
  lockstep_json_append_string_member (out, "directory", directory);

  lockstep_json_append_name (out, "matches");
  g_string_append_c (out, '[');
  for (guint i = 0; report->sightings != NULL && i < report->sightings->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_sighting (out, g_ptr_array_index (report->sightings, i), report->folder);
    }
  g_string_append_c (out, ']');

  lockstep_json_append_name (out, "proposals");
  g_string_append_c (out, '[');
  for (guint i = 0; report->proposals != NULL && i < report->proposals->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_proposal (out, g_ptr_array_index (report->proposals, i));
    }
  g_string_append_c (out, ']');
  lockstep_json_append_string_member (out, "written", written);
  g_string_append (out, "}\n");

  fwrite (out->str, 1, out->len, stdout);
}
