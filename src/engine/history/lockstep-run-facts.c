/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-run-facts.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lockstep-journal-reader.h"
#include "lockstep-journal.h"
#include "lockstep-json.h"
#include "lockstep-regular-file.h"
#include "lockstep-run-labels.h"
#include "lockstep-run-lock.h"

/* A journal that begins a run does so within these events. */
#define MAX_HEAD 16

/* A summary is not longer: it leaves a long result to the journal (bytes). */
#define MAX_SUMMARY (16 * 1024 * 1024)

/* The last line of a journal is not longer: a result, and what stands around it (bytes). */
#define MAX_TAIL (2 * LOCKSTEP_JOURNAL_INLINE_MAX)

void
lockstep_run_facts_free (LockstepRunFacts *self)
{
  g_free (self->id);
  g_free (self->directory);
  g_free (self->plan);
  g_free (self->name);
  g_free (self->note);
  g_free (self->until);
  g_free (self->problem);
  g_free (self);
}

const char *
lockstep_run_facts_get_state_name (const LockstepRunFacts *self)
{
  switch (self->state)
    {
    case LOCKSTEP_RUN_IDLE:
      return "unknown";
    case LOCKSTEP_RUN_STEPPING:
      return "live";
    default:
      return lockstep_run_state_to_name (self->state);
    }
}

/* The state of a run that has ended, by its name; IDLE for any other. */
static LockstepRunState
read_state (LockstepJson value)
{
  for (guint i = LOCKSTEP_RUN_FINISHED; i <= LOCKSTEP_RUN_TERMINATED; i++)
    if (lockstep_json_is_string (value, lockstep_run_state_to_name (i)))
      return i;

  return LOCKSTEP_RUN_IDLE;
}

static gint64
read_count (LockstepJson value)
{
  gint64 number;

  return lockstep_json_get_int (value, &number) && number >= 0 ? number : -1;
}

/* The first trouble is told, and what follows from it is not. */
static void
take_problem (LockstepRunFacts *self,
              char             *problem)
{
  if (self->problem == NULL)
    self->problem = problem;
  else
    g_free (problem);
}

static void
take_summary (LockstepRunFacts *self,
              LockstepJson      summary)
{
  LockstepJson until = lockstep_json_get_member (summary, "until");
  LockstepJson tasks = lockstep_json_get_member (summary, "tasks");

  self->state = read_state (lockstep_json_get_member (summary, "state"));
  self->plan = lockstep_json_dup_string (lockstep_json_get_member (summary, "name"), NULL);
  self->note = lockstep_json_dup_string (lockstep_json_get_member (summary, "note"), NULL);
  lockstep_json_get_int (lockstep_json_get_member (summary, "started"), &self->started);
  lockstep_json_get_double (lockstep_json_get_member (summary, "seconds"), &self->seconds);
  self->n_done = read_count (lockstep_json_get_member (tasks, "done"));
  self->n_tasks = read_count (lockstep_json_get_member (tasks, "total"));
  lockstep_json_get_boolean (lockstep_json_get_member (tasks, "listed"), &self->listed);
  self->n_failures = read_count (lockstep_json_get_member (summary, "failures"));
  lockstep_json_get_boolean (lockstep_json_get_member (summary, "reached"), &self->reached);
  self->until = lockstep_json_dup_string (lockstep_json_get_member (until, "text"), NULL);
  lockstep_json_get_double (lockstep_json_get_member (until, "value"), &self->value);
}

/* FALSE where there is no summary, or none that can be used: then the journal tells. */
static gboolean
read_summary (LockstepRunFacts *self)
{
  g_autofree char   *path = g_build_filename (self->directory, "summary.json", NULL);
  g_autofree char   *text = NULL;
  g_autoptr (GError) error = NULL;
  LockstepJson       summary;
  gsize              length;

  if ((text = lockstep_regular_file_read (path, MAX_SUMMARY, &length, &error)) == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        take_problem (self, g_strdup_printf (_ ("The summary of the run cannot be read: %s"), error->message));
      return FALSE;
    }
  if (!lockstep_json_scan (text, length, &summary, &error) ||
      read_state (lockstep_json_get_member (summary, "state")) == LOCKSTEP_RUN_IDLE)
    {
      take_problem (self, g_strdup_printf (_ ("%s cannot be used: %s"), path,
                                           error != NULL ? error->message : _ ("it does not say how the run ended")));
      return FALSE;
    }

  take_summary (self, summary);
  return TRUE;
}

/* What the run's first event says. */
static void
read_head (LockstepRunFacts *self)
{
  g_autoptr (GError)                error = NULL;
  g_autoptr (LockstepJournalReader) reader = lockstep_journal_reader_new (self->directory, &error);
  LockstepEvent                     event;
  gboolean                          found = FALSE;

  if (reader == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    take_problem (self, g_strdup (error->message));

  for (guint i = 0; reader != NULL && !found && i < MAX_HEAD && lockstep_journal_reader_next (reader, &event, NULL); i++)
    {
      if (event.type == LOCKSTEP_EVENT_RUN_STARTED && event.payload != NULL)
        {
          LockstepJson payload;

          payload.text = g_bytes_get_data (event.payload, &payload.length);
          found = TRUE;
          self->started = event.time;
          g_free (self->plan);
          g_free (self->note);
          self->plan = lockstep_json_dup_string (lockstep_json_get_member (payload, "name"), NULL);
          self->note = lockstep_json_dup_string (lockstep_json_get_member (payload, "note"), NULL);
        }
      lockstep_event_clear (&event);
    }
}

/* Sets @event to the last one of the journal; FALSE where there is none. */
static gboolean
read_last_event (LockstepRunFacts *self,
                 LockstepEvent    *event)
{
  g_autofree char *path = g_build_filename (self->directory, "journal.jsonl", NULL);
  g_autofree char *text = NULL;
  goffset          size;
  const int        fd = lockstep_regular_file_open (path, &size, NULL);
  ssize_t          length;
  const char      *end;
  gboolean         found = FALSE;

  if (fd < 0)
    return FALSE;

  text = g_malloc (MAX_TAIL);
  length = pread (fd, text, MAX_TAIL, MAX (size - MAX_TAIL, 0));
  close (fd);

  /* From the last newline back, line by line: what follows it was torn, and lines of garbage are passed over. */
  end = length > 0 ? memrchr (text, '\n', (size_t) length) : NULL;
  while (end != NULL && !found)
    {
      const char        *before = memrchr (text, '\n', (size_t) (end - text));
      const char        *start = before != NULL ? before + 1 : text;
      g_autoptr (GBytes) line = g_bytes_new (start, (gsize) (end - start));

      found = lockstep_event_read_line (line, event, NULL, NULL);
      end = before;
    }

  return found;
}

/* How it ended, as far as its journal says. */
static void
read_tail (LockstepRunFacts *self,
           gboolean          live)
{
  LockstepEvent event;
  LockstepJson  payload = { NULL, 0 };

  self->state = live ? LOCKSTEP_RUN_STEPPING : LOCKSTEP_RUN_INTERRUPTED;
  if (live || !read_last_event (self, &event))
    return;

  if (event.payload != NULL)
    payload.text = g_bytes_get_data (event.payload, &payload.length);
  if (event.type == LOCKSTEP_EVENT_RUN_ENDED)
    {
      self->state = read_state (lockstep_json_get_member (payload, "state"));
      lockstep_json_get_boolean (lockstep_json_get_member (payload, "reached"), &self->reached);
    }
  if (self->started > 0 && event.time >= self->started)
    self->seconds = (double) (event.time - self->started) / G_USEC_PER_SEC;
  lockstep_event_clear (&event);
}

/* Without a word on it from itself, a run is called as its folder: what stands behind the time and four hex digits. */
static char *
dup_name_of_folder (const char *id)
{
  g_auto (GStrv) parts = g_strsplit (id, "-", 4);

  return g_strdup (g_strv_length (parts) == 4 && *parts[3] != '\0' ? parts[3] : id);
}

static void
read_labels (LockstepRunFacts *self)
{
  g_auto (LockstepRunLabels) labels = { NULL, NULL };
  g_autoptr (GError)         error = NULL;

  if (!lockstep_run_labels_read (&labels, self->directory, &error))
    take_problem (self, g_strdup (error->message));

  self->name = labels.name != NULL ? g_steal_pointer (&labels.name) : g_strdup (self->plan);
  if (labels.note != NULL)
    {
      g_free (self->note);
      self->note = g_steal_pointer (&labels.note);
    }
}

LockstepRunFacts *
lockstep_run_facts_read (const char *parent,
                         const char *id)
{
  g_autoptr (LockstepRunFacts) self = g_new0 (LockstepRunFacts, 1);
  g_autofree char             *plan = g_build_filename (parent, id, "plan.lockstep", NULL);
  GStatBuf                     status;

  self->id = g_strdup (id);
  self->directory = g_build_filename (parent, id, NULL);
  self->seconds = -1;
  self->n_done = self->n_tasks = self->n_failures = -1;
  self->listed = TRUE;
  self->value = NAN;
  if (g_stat (plan, &status) != 0)
    return NULL;

  if (!read_summary (self))
    {
      /* Before the journal is read: a run that ends meanwhile is not one that was interrupted. */
      const gboolean live = lockstep_run_lock_is_held (self->directory);

      read_head (self);
      if (self->problem == NULL || self->started > 0 || live)
        read_tail (self, live);
    }
  else if (self->plan == NULL)
    {
      read_head (self);
    }

  /* A controller that died before it wrote anything had written the plan. */
  if (self->started == 0)
    self->started = (gint64) status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
  if (self->plan == NULL)
    self->plan = dup_name_of_folder (id);
  read_labels (self);

  return g_steal_pointer (&self);
}
