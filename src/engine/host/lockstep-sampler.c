/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-sampler.h"

#include "lockstep-process-tree.h"

#include <sys/stat.h>

/* Views come first. */
#define PRIORITY 150

#define TICK_MICROSECONDS (G_USEC_PER_SEC / 4)
#define TICKS_PER_WALK    4

/* Of one key, and with it what the thread remembers of the measurement before. */
typedef struct
{
  guint64        serial; /* tells a key that was removed and added again from what it was */
  gint64         guard_pid;
  char          *output;     /* owned, a GRefString; NULL for none */
  double         cpu_before; /* seconds; negative before the first walk that found the tree */
  gint64         time_before;
  LockstepSample sample;
  gboolean       changed; /* since it was emitted */
} Entry;

/* A copy of what the thread needs of an entry, so that it measures without the lock; then its results. */
typedef struct
{
  guint   key;
  guint64 serial;
  gint64  guard_pid;
  char   *output; /* owned, a GRefString */
  gint64  size;
} Job;

/* Shared by the object and its thread, which outlives it where a disk does not answer. */
typedef struct
{
  GMutex        lock;
  GCond         wake;
  GHashTable   *entries; /* owned; key → Entry */
  guint64       next_serial;
  gboolean      quit;
  gboolean      emission_due; /* a source is on its way to the main context */
  GMainContext *context;      /* owned */
  GWeakRef      sampler;
} State;

struct _LockstepSampler
{
  GObject parent_instance;
  State  *state; /* a reference, as of g_atomic_rc_box */
};

G_DEFINE_FINAL_TYPE (LockstepSampler, lockstep_sampler, G_TYPE_OBJECT)

enum
{
  SAMPLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->output, g_ref_string_release);
  g_free (entry);
}

static void
job_clear (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->output, g_ref_string_release);
}

static void
state_clear (gpointer data)
{
  State *state = data;

  g_mutex_clear (&state->lock);
  g_cond_clear (&state->wake);
  g_hash_table_unref (state->entries);
  g_main_context_unref (state->context);
  g_weak_ref_clear (&state->sampler);
}

static void
state_unref (gpointer state)
{
  g_atomic_rc_box_release_full (state, state_clear);
}

/* In the context of the object's creator. */
static gboolean
emit_cb (gpointer user_data)
{
  State                      *state = user_data;
  g_autoptr (LockstepSampler) self = g_weak_ref_get (&state->sampler);
  g_autoptr (GArray)          samples = g_array_new (FALSE, FALSE, sizeof (LockstepSample));
  GHashTableIter              iter;
  gpointer                    value;

  g_mutex_lock (&state->lock);
  state->emission_due = FALSE;
  g_hash_table_iter_init (&iter, state->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (entry->changed)
        g_array_append_val (samples, entry->sample);
      entry->changed = FALSE;
    }
  g_mutex_unlock (&state->lock);

  if (self != NULL && samples->len > 0)
    g_signal_emit (self, signals[SAMPLED], 0, samples->data, samples->len);

  return G_SOURCE_REMOVE;
}

/* With the lock held. A main loop that is late gets one source, and the newest samples. */
static void
schedule_emission (State *state)
{
  GSource *source;

  if (state->emission_due)
    return;

  state->emission_due = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, PRIORITY);
  g_source_set_callback (source, emit_cb, g_atomic_rc_box_acquire (state), state_unref);
  g_source_attach (source, state->context);
  g_source_unref (source);
}

/* With the lock held. */
static GArray *
take_jobs (State *state)
{
  GArray        *jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  GHashTableIter iter;
  gpointer       value;

  g_array_set_clear_func (jobs, job_clear);
  g_hash_table_iter_init (&iter, state->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;
      Job    job = { entry->sample.key, entry->serial, entry->guard_pid, NULL, -1 };

      if (entry->output != NULL)
        job.output = g_ref_string_acquire (entry->output);
      g_array_append_val (jobs, job);
    }

  return jobs;
}

static void
measure_sizes (GArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      Job        *job = &g_array_index (jobs, Job, i);
      struct stat status;

      if (job->output != NULL && stat (job->output, &status) == 0)
        job->size = status.st_size;
    }
}

/* A tree for each job, in their order; the root of a job without a guard is no process. */
static GArray *
measure_trees (GArray *jobs)
{
  GArray *trees = g_array_new (FALSE, TRUE, sizeof (LockstepProcessTree));

  for (guint i = 0; i < jobs->len; i++)
    {
      LockstepProcessTree tree = { .root = g_array_index (jobs, Job, i).guard_pid };

      g_array_append_val (trees, tree);
    }

  lockstep_process_trees_measure ((LockstepProcessTree *) (gpointer) trees->data, trees->len);
  return trees;
}

static void
entry_take_tree (Entry                     *entry,
                 const LockstepProcessTree *tree,
                 gint64                     time)
{
  double cpu = -1;

  if (tree->found && entry->cpu_before >= 0 && time > entry->time_before)
    cpu = MAX (0, tree->cpu - entry->cpu_before) * G_USEC_PER_SEC / (time - entry->time_before);

  entry->cpu_before = tree->found ? tree->cpu : -1;
  entry->time_before = time;

  if (entry->sample.cpu != cpu || entry->sample.memory != tree->memory)
    entry->changed = TRUE;
  entry->sample.cpu = cpu;
  entry->sample.memory = tree->memory;
}

/* With the lock held; @trees is NULL on a tick without a walk. */
static void
take_results (State  *state,
              GArray *jobs,
              GArray *trees,
              gint64  time)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < jobs->len; i++)
    {
      const Job *job = &g_array_index (jobs, Job, i);
      Entry     *entry = g_hash_table_lookup (state->entries, GUINT_TO_POINTER (job->key));

      if (entry == NULL || entry->serial != job->serial)
        continue;

      if (entry->sample.output != job->size)
        {
          entry->sample.output = job->size;
          entry->changed = TRUE;
        }

      if (trees != NULL)
        entry_take_tree (entry, &g_array_index (trees, LockstepProcessTree, i), time);

      changed |= entry->changed;
    }

  if (changed)
    schedule_emission (state);
}

static gpointer
sampler_thread (gpointer data)
{
  State *state = data;
  guint  ticks = 0;

  g_mutex_lock (&state->lock);

  while (!state->quit)
    {
      g_autoptr (GArray) jobs = NULL;
      g_autoptr (GArray) trees = NULL;
      gint64             time;

      if (g_hash_table_size (state->entries) == 0)
        {
          g_cond_wait (&state->wake, &state->lock);
          ticks = 0;
          continue;
        }

      jobs = take_jobs (state);
      g_mutex_unlock (&state->lock);

      time = g_get_monotonic_time ();
      measure_sizes (jobs);
      if (ticks++ % TICKS_PER_WALK == 0)
        trees = measure_trees (jobs);

      g_mutex_lock (&state->lock);
      take_results (state, jobs, trees, time);

      while (!state->quit && g_cond_wait_until (&state->wake, &state->lock, time + TICK_MICROSECONDS))
        continue;
    }

  g_mutex_unlock (&state->lock);
  state_unref (state);

  return NULL;
}

static void
lockstep_sampler_dispose (GObject *object)
{
  LockstepSampler *self = LOCKSTEP_SAMPLER (object);

  /* Not waited for: it may hang in a measurement, and shares nothing with the object but the state. */
  if (self->state != NULL)
    {
      g_mutex_lock (&self->state->lock);
      self->state->quit = TRUE;
      g_cond_signal (&self->state->wake);
      g_mutex_unlock (&self->state->lock);
    }
  g_clear_pointer (&self->state, state_unref);

  G_OBJECT_CLASS (lockstep_sampler_parent_class)->dispose (object);
}

static void
lockstep_sampler_class_init (LockstepSamplerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lockstep_sampler_dispose;

  signals[SAMPLED] = g_signal_new ("sampled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_UINT);
}

static void
lockstep_sampler_init (LockstepSampler *self)
{
  self->state = g_atomic_rc_box_new0 (State);
  g_mutex_init (&self->state->lock);
  g_cond_init (&self->state->wake);
  self->state->entries = g_hash_table_new_full (NULL, NULL, NULL, entry_free);
  self->state->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&self->state->sampler, self);

  g_thread_unref (g_thread_new ("sampler", sampler_thread, g_atomic_rc_box_acquire (self->state)));
}

LockstepSampler *
lockstep_sampler_new (void)
{
  return g_object_new (LOCKSTEP_TYPE_SAMPLER, NULL);
}

void
lockstep_sampler_add (LockstepSampler *self,
                      guint            key,
                      gint64           guard_pid,
                      const char      *output)
{
  Entry *entry;

  g_return_if_fail (LOCKSTEP_IS_SAMPLER (self));

  entry = g_new0 (Entry, 1);
  entry->guard_pid = guard_pid;
  entry->output = output != NULL ? g_ref_string_new (output) : NULL;
  entry->cpu_before = -1;
  entry->sample = (LockstepSample){ .key = key, .cpu = -1, .memory = 0, .output = -1 };

  g_mutex_lock (&self->state->lock);
  entry->serial = self->state->next_serial++;
  g_hash_table_replace (self->state->entries, GUINT_TO_POINTER (key), entry);
  g_cond_signal (&self->state->wake);
  g_mutex_unlock (&self->state->lock);
}

void
lockstep_sampler_remove (LockstepSampler *self,
                         guint            key)
{
  g_return_if_fail (LOCKSTEP_IS_SAMPLER (self));

  g_mutex_lock (&self->state->lock);
  g_hash_table_remove (self->state->entries, GUINT_TO_POINTER (key));
  g_mutex_unlock (&self->state->lock);
}
