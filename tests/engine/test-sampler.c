/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-local-host.h"
#include "lockstep-process-tree.h"
#include "lockstep-sampler.h"
#include "processes.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_KEYS 4

/* The newest sample of each key. */
typedef struct
{
  guint          n_samples[N_KEYS];
  LockstepSample newest[N_KEYS];
} Samples;

static gboolean
watchdog_cb (gpointer data)
{
  g_error ("what was waited for did not happen");
  return G_SOURCE_REMOVE;
}

static void
run_until (gboolean (*condition) (gpointer data),
           gpointer data)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (watchdog);
}

static void
sampled_cb (LockstepSampler      *sampler,
            const LockstepSample *samples,
            guint                 n_samples,
            gpointer              user_data)
{
  Samples *all = user_data;

  g_assert_cmpuint (n_samples, >, 0);
  for (guint i = 0; i < n_samples; i++)
    {
      g_assert_cmpuint (samples[i].key, <, N_KEYS);
      all->n_samples[samples[i].key]++;
      all->newest[samples[i].key] = samples[i];
    }
}

static void
started_cb (LockstepProcess *process,
            gint64           pid,
            gpointer         user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
ended_cb (LockstepProcess      *process,
          const LockstepReport *report,
          gpointer              user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static LockstepProcess *
launch (const char *script)
{
  g_autoptr (LockstepHost) host = lockstep_local_host_new ("local", NULL);
  g_autoptr (GError)       error = NULL;
  LockstepProcess         *process;
  gboolean                 started = FALSE;
  gulong                   handler;

  process = lockstep_host_launch (host,
                                  &(LockstepLaunch){
                                    .command = (const char *[]){ "sh", "-c", script, NULL },
                                    .directory = "/",
                                    .output = "/dev/null",
                                    .threads = 1,
                                  },
                                  &error);
  g_assert_no_error (error);
  handler = g_signal_connect (process, "started", G_CALLBACK (started_cb), &started);
  run_until (is_true, &started);
  g_signal_handler_disconnect (process, handler);

  return process;
}

static void
end (LockstepProcess *process)
{
  gboolean ended = FALSE;

  g_signal_connect (process, "ended", G_CALLBACK (ended_cb), &ended);
  lockstep_process_stop (process, 0);
  run_until (is_true, &ended);
  g_assert_finalize_object (process);
}

static gboolean
has_cpu (gpointer data)
{
  Samples *samples = data;

  /* The busy one uses a good part of a core, even where others are busy too, and the idle one nothing once it has begun. */
  return samples->n_samples[0] > 0 && samples->newest[0].cpu > 0.1 && samples->newest[0].cpu < 1.5 &&
         samples->n_samples[1] > 0 && samples->newest[1].cpu >= 0 && samples->newest[1].cpu < 0.05;
}

static void
test_processes (void)
{
  LockstepSampler *sampler = lockstep_sampler_new ();
  /* The processor is used by grandchildren, of whom no one lives long. */
  LockstepProcess *busy = launch ("while :; do sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'; done");
  LockstepProcess *idle = launch ("sleep 1000");
  Samples          samples = { 0 };

  g_signal_connect (sampler, "sampled", G_CALLBACK (sampled_cb), &samples);
  lockstep_sampler_add (sampler, 0, lockstep_process_get_guard_pid (busy), NULL);
  lockstep_sampler_add (sampler, 1, lockstep_process_get_guard_pid (idle), NULL);
  run_until (has_cpu, &samples);

  g_assert_cmpuint (samples.newest[0].memory, >, 500000);
  g_assert_cmpuint (samples.newest[1].memory, >, 500000);
  g_assert_cmpuint (samples.newest[1].memory, <, 1 << 30);
  g_assert_cmpint (samples.newest[0].output, ==, -1);

  end (busy);
  end (idle);
  g_assert_finalize_object (sampler);
}

static gboolean
busy_is_gone (gpointer data)
{
  Samples *samples = data;

  return samples->newest[0].cpu < 0 && samples->newest[0].memory == 0 && samples->n_samples[0] > 1;
}

static gboolean
has_memory (gpointer data)
{
  return ((Samples *) data)->newest[0].memory > 0;
}

static void
test_ended (void)
{
  LockstepSampler *sampler = lockstep_sampler_new ();
  LockstepProcess *process = launch ("sleep 1000");
  Samples          samples = { 0 };

  g_signal_connect (sampler, "sampled", G_CALLBACK (sampled_cb), &samples);
  lockstep_sampler_add (sampler, 0, lockstep_process_get_guard_pid (process), NULL);
  run_until (has_memory, &samples);
  end (process);
  run_until (busy_is_gone, &samples);
  g_assert_finalize_object (sampler);
}

static gboolean
has_size_5 (gpointer data)
{
  return ((Samples *) data)->newest[2].output == 5;
}

static gboolean
has_size_11 (gpointer data)
{
  return ((Samples *) data)->newest[2].output == 11;
}

static gboolean
other_has_size_11 (gpointer data)
{
  return ((Samples *) data)->newest[3].output == 11;
}

static void
test_output (void)
{
  LockstepSampler *sampler = lockstep_sampler_new ();
  g_autofree char *folder = g_dir_make_tmp ("lockstep-sampler-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "output.log", NULL);
  Samples          samples = { 0 };
  guint            n_samples;

  g_signal_connect (sampler, "sampled", G_CALLBACK (sampled_cb), &samples);
  lockstep_sampler_add (sampler, 2, 0, path);

  g_assert_true (g_file_set_contents (path, "hello", -1, NULL));
  run_until (has_size_5, &samples);
  g_assert_cmpfloat (samples.newest[2].cpu, ==, -1);
  g_assert_cmpuint (samples.newest[2].memory, ==, 0);

  /* What has not changed is not told again, and what was removed is not told at all. */
  n_samples = samples.n_samples[2];
  lockstep_sampler_remove (sampler, 2);
  g_assert_true (g_file_set_contents (path, "hello world", -1, NULL));
  lockstep_sampler_add (sampler, 3, 0, path);
  run_until (other_has_size_11, &samples);
  g_assert_cmpuint (samples.n_samples[2], ==, n_samples);

  /* A key may come again. */
  lockstep_sampler_add (sampler, 2, 0, path);
  run_until (has_size_11, &samples);

  g_assert_finalize_object (sampler);
  g_unlink (path);
  g_assert_no_errno (g_rmdir (folder));
}

/* Each process counts for one tree, the one that it is in. */
static void
test_trees (void)
{
  LockstepProcess    *one = launch ("sleep 1000 & sleep 1000");
  LockstepProcess    *other = launch ("exec sleep 1000");
  LockstepProcessTree trees[] = {
    { .root = lockstep_process_get_guard_pid (one) },
    { .root = lockstep_process_get_guard_pid (other) },
    { .root = G_MAXINT32 },
    { .root = 0 },
  };
  LockstepProcessTree own = { .root = getpid () };

  lockstep_process_trees_measure (trees, G_N_ELEMENTS (trees));
  g_assert_true (trees[0].found);
  g_assert_true (trees[1].found);
  g_assert_cmpuint (trees[1].memory, >, 0);
  g_assert_cmpuint (trees[0].memory, >, trees[1].memory);
  g_assert_false (trees[2].found);
  g_assert_false (trees[3].found);
  g_assert_cmpuint (trees[2].memory + trees[3].memory, ==, 0);

  /* All of them are this test's. */
  lockstep_process_trees_measure (&own, 1);
  g_assert_cmpuint (own.memory, >, trees[0].memory + trees[1].memory);

  end (one);
  end (other);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sampler/trees", test_trees);
  g_test_add_func ("/sampler/processes", test_processes);
  g_test_add_func ("/sampler/ended", test_ended);
  g_test_add_func ("/sampler/output", test_output);

  return g_test_run ();
}
