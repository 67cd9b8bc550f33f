/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-conformance-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "lockstep-duration.h"
#include "lockstep-json-writer.h"

/* How much of the end of the output is looked at for its last words. */
#define LAST_WORDS 200

static const struct
{
  const char *check;
  const char *topic;
} topics[] = {
  { "handshake", N_ ("Handshake") },
  { "step", N_ ("Step") },
  { "status", N_ ("Status") },
  { "cancel", N_ ("Cancel") },
  { "unknown-method", N_ ("Unknown method") },
  { "wrong-params", N_ ("Wrong params") },
  { "large-values", N_ ("Large values") },
  { "nested-values", N_ ("Nested values") },
  { "garbage", N_ ("Garbage") },
  { "terminate", N_ ("Terminate") },
  { "end-of-stream", N_ ("End of stream") },
  { "early-step", N_ ("Early step") },
  { "inheritance", N_ ("Inheritance") },
  { "messages", N_ ("Messages") },
};

/* A finding on its way to the caller's main context. */
typedef struct
{
  LockstepConformanceFound found;
  gpointer                 user_data;
  const char              *check;
  LockstepFinding         *finding;
} Telling;

static gboolean
tell_cb (gpointer data)
{
  Telling *telling = data;

  telling->found (telling->check, telling->finding, telling->user_data);

  return G_SOURCE_REMOVE;
}

static void
telling_free (gpointer data)
{
  Telling *telling = data;

  g_object_unref (telling->finding);
  g_free (telling);
}

void
lockstep_test_tell (LockstepTest        *self,
                    const char          *check,
                    LockstepFindingLevel level,
                    char                *text,
                    char                *advice)
{
  Telling    *telling = g_new0 (Telling, 1);
  const char *topic = check;

  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    if (g_str_equal (topics[i].check, check))
      topic = _ (topics[i].topic);

  telling->found = self->found;
  telling->user_data = self->user_data;
  telling->check = check;
  telling->finding = lockstep_finding_new (level, topic, text, advice);
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, tell_cb, telling, telling_free);
}

/* The last line that the solver printed, as advice, or NULL. */
static char *
dup_last_words (LockstepTest *self)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (self->output, FALSE, NULL);
  const gsize             length = file != NULL ? g_mapped_file_get_length (file) : 0;
  const gsize             taken = MIN (length, LAST_WORDS);
  g_autofree char        *text = NULL;
  char                   *line;

  if (length == 0)
    return NULL;
  text = g_utf8_make_valid (g_mapped_file_get_contents (file) + length - taken, (gssize) taken);
  g_strchomp (text);
  line = strrchr (text, '\n');

  return g_strdup_printf (_ ("The last that it printed: “%s”"), line != NULL ? line + 1 : text);
}

LockstepHeard
lockstep_test_initialize (LockstepTest *self)
{
  g_autoptr (GString) params = g_string_new ("{\"protocol\":1,\"solver\":0");
  guint               id;

  lockstep_json_append_string_member (params, "run", "test-solver");
  lockstep_json_append_string_member (params, "directory", self->folder);
  g_string_append_printf (params, ",\"params\":%s}", self->initialize);
  id = lockstep_audition_call (self->audition, "initialize", params->str);

  return lockstep_audition_hear (self->audition, id, self->limit);
}

gboolean
lockstep_test_have_solver (LockstepTest *self)
{
  if (self->audition != NULL)
    return TRUE;

  g_clear_pointer (&self->output, g_free);
  self->output = g_build_filename (self->folder, "solver-0000.log", NULL);
  g_unlink (self->output);
  self->audition = lockstep_audition_new ((const char *const *) self->command, self->directory, self->output,
                                          &self->error);

  return self->audition != NULL;
}

void
lockstep_test_drop_solver (LockstepTest *self)
{
  GPtrArray *complaints;

  if (self->audition == NULL)
    return;

  complaints = lockstep_audition_get_complaints (self->audition);
  for (guint i = 0; i < complaints->len; i++)
    if (!g_ptr_array_find_with_equal_func (self->complaints, complaints->pdata[i], g_str_equal, NULL))
      g_ptr_array_add (self->complaints, g_strdup (complaints->pdata[i]));
  g_clear_pointer (&self->audition, lockstep_audition_free);
}

gboolean
lockstep_test_is_answered (LockstepTest        *self,
                           const char          *check,
                           const char          *method,
                           const LockstepHeard *heard)
{
  g_autofree char *limit = lockstep_duration_dup_text (self->limit);
  g_autofree char *end = NULL;
  char            *advice;

  switch (heard->kind)
    {
    case LOCKSTEP_HEARD_NOTHING:
      lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                          g_strdup_printf (_ ("%s was not answered in %s"), method, limit),
                          g_strdup (_ ("Every call has to be answered, with a result or an error. If it only needs longer, "
                                       "give it more with --timeout.")));
      lockstep_test_drop_solver (self);
      return FALSE;

    case LOCKSTEP_HEARD_END:
      end = lockstep_audition_dup_end (self->audition);
      advice = dup_last_words (self);
      if (advice == NULL && !lockstep_audition_has_heard (self->audition))
        advice = g_strdup (_ ("It said nothing. A solver reads its calls from the socket that the environment variable "
                              "LOCKSTEP_STREAM names, not from standard input, and answers there."));
      lockstep_test_tell (self, check, LOCKSTEP_FINDING_PROBLEM,
                          g_strdup_printf (_ ("%s was not answered: %s"), method, end), advice);
      lockstep_test_drop_solver (self);
      return FALSE;

    case LOCKSTEP_HEARD_RESULT:
    case LOCKSTEP_HEARD_ERROR:
    default:
      return TRUE;
    }
}

static void
test_free (gpointer data)
{
  LockstepTest *self = data;

  g_strfreev (self->command);
  g_free (self->directory);
  g_free (self->step);
  g_free (self->params);
  g_free (self->initialize);
  g_main_context_unref (self->context);
  g_free (self->folder);
  g_free (self->output);
  g_ptr_array_unref (self->complaints);
  g_clear_error (&self->error);
  g_free (self);
}

/* A solver may keep files where a run would have them. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char      *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
        remove_folder (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

static void
test_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  LockstepTest            *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError)       error = NULL;

  if (!(self->folder = g_dir_make_tmp ("lockstep-test-solver-XXXXXX", &error)))
    {
      g_prefix_error (&error, "%s: ", _ ("There is no folder for the output of the solver"));
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_main_context_push_thread_default (context);
  lockstep_test_run_checks (self);
  lockstep_test_drop_solver (self);
  for (guint i = 0; i < self->complaints->len; i++)
    lockstep_test_tell (self, "messages", LOCKSTEP_FINDING_PROBLEM, g_strdup (self->complaints->pdata[i]), NULL);
  g_main_context_pop_thread_default (context);
  remove_folder (self->folder);

  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);
}

void
lockstep_conformance_test_async (const LockstepConformance *conformance,
                                 LockstepConformanceFound   found,
                                 GAsyncReadyCallback        callback,
                                 gpointer                   user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  LockstepTest     *self = g_new0 (LockstepTest, 1);

  self->command = g_strdupv ((char **) conformance->command);
  self->directory = g_strdup (conformance->directory);
  self->step = g_strdup (conformance->step);
  self->params = g_strdup (conformance->params != NULL ? conformance->params : "{}");
  self->initialize = g_strdup (conformance->initialize != NULL ? conformance->initialize : "{}");
  self->limit = conformance->limit;
  self->context = g_main_context_ref_thread_default ();
  self->found = found;
  self->user_data = user_data;
  self->complaints = g_ptr_array_new_with_free_func (g_free);

  g_task_set_source_tag (task, lockstep_conformance_test_async);
  g_task_set_task_data (task, self, test_free);
  g_task_run_in_thread (task, test_in_thread);
}

gboolean
lockstep_conformance_test_finish (GAsyncResult *result,
                                  GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
