/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-comparison.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "lockstep-inputs.h"
#include "lockstep-json-writer.h"

/* Of a value that differs, so many bytes are kept. */
#define MAX_VALUE 400

struct _LockstepComparison
{
  LockstepTolerance tolerance;
  GPtrArray        *differences; /* of LockstepDifference */
  guint64           counts[LOCKSTEP_N_DIFFERENCES];
  guint64           n_results;
  GPtrArray        *notes; /* of char * */
};

static void
difference_free (gpointer data)
{
  LockstepDifference *difference = data;

  g_free (difference->where);
  g_free (difference->a);
  g_free (difference->b);
  g_free (difference);
}

/* The text of @value, as much as is kept; a long one is a string that says that it was cut. */
static char *
dup_value (LockstepJson value)
{
  g_autoptr (GString) out = NULL;
  g_autofree char    *start = NULL;

  if (value.text == NULL)
    return NULL;
  if (value.length <= MAX_VALUE)
    return g_strndup (value.text, value.length);

  out = g_string_new (NULL);
  start = g_strdup_printf ("%.*s…", MAX_VALUE, value.text);
  lockstep_json_append_string (out, start, -1);
  return g_strdup (out->str);
}

static void
add (LockstepComparison    *self,
     LockstepDifferenceKind kind,
     const char            *where,
     LockstepJson           a,
     LockstepJson           b)
{
  LockstepDifference *difference;

  if (self->counts[kind]++ >= LOCKSTEP_COMPARISON_MAX)
    return;

  difference = g_new0 (LockstepDifference, 1);
  difference->kind = kind;
  difference->where = g_strchomp (g_strdup (where));
  difference->a = dup_value (a);
  difference->b = dup_value (b);
  g_ptr_array_add (self->differences, difference);
}

/* Whether two values that hold no others are the same. */
static gboolean
is_same (LockstepComparison    *self,
         LockstepDifferenceKind kind,
         LockstepJson           a,
         LockstepJson           b)
{
  double x, y;

  if (a.length == b.length && (a.length == 0 || memcmp (a.text, b.text, a.length) == 0))
    return TRUE;
  if (lockstep_json_get_kind (a) != lockstep_json_get_kind (b))
    return FALSE;

  if (lockstep_json_get_double (a, &x) && lockstep_json_get_double (b, &y))
    {
      /* A plan means what it says: only results are computed. */
      const double allowed = kind == LOCKSTEP_DIFFERENCE_RESULT
                               ? MAX (self->tolerance.absolute, self->tolerance.relative * MAX (fabs (x), fabs (y)))
                               : 0;

      return fabs (x - y) <= allowed;
    }
  if (lockstep_json_get_kind (a) == LOCKSTEP_JSON_STRING)
    {
      g_autofree char *one = lockstep_json_dup_string (a, NULL);
      g_autofree char *other = lockstep_json_dup_string (b, NULL);

      return g_str_equal (one, other);
    }

  return FALSE;
}

static LockstepDifferenceKind
get_kind (LockstepDifferenceKind kind,
          const char            *where)
{
  return kind == LOCKSTEP_DIFFERENCE_PLAN && g_str_has_prefix (where, "params") ? LOCKSTEP_DIFFERENCE_PARAM : kind;
}

static void compare (LockstepComparison    *self,
                     LockstepDifferenceKind kind,
                     GString               *where,
                     LockstepJson           a,
                     LockstepJson           b);

/* Members that both have are compared, and those that one of them has are told. */
static void
compare_members (LockstepComparison    *self,
                 LockstepDifferenceKind kind,
                 GString               *where,
                 LockstepJson           a,
                 LockstepJson           b)
{
  const LockstepJson absent = { NULL, 0 };
  const gsize        length = where->len;
  LockstepJsonIter   iter;
  LockstepJson       name, value;

  for (guint pass = 0; pass < 2; pass++)
    {
      lockstep_json_iter_init (&iter, pass == 0 ? a : b);
      while (lockstep_json_iter_next (&iter, &name, &value))
        {
          g_autofree char *text = lockstep_json_dup_string (name, NULL);
          LockstepJson     other = lockstep_json_get_member (pass == 0 ? b : a, text);

          g_string_append_printf (where, "%s%s", length > 0 && where->str[length - 1] != ' ' ? "." : "", text);
          if (pass == 0)
            compare (self, kind, where, value, other);
          else if (other.text == NULL)
            add (self, get_kind (kind, where->str), where->str, absent, value);
          g_string_truncate (where, length);
        }
    }
}

static void
compare_elements (LockstepComparison    *self,
                  LockstepDifferenceKind kind,
                  GString               *where,
                  LockstepJson           a,
                  LockstepJson           b)
{
  const gsize      length = where->len;
  LockstepJsonIter of_a, of_b;
  LockstepJson     one, other;
  gboolean         has_a = TRUE, has_b = TRUE;

  lockstep_json_iter_init (&of_a, a);
  lockstep_json_iter_init (&of_b, b);
  for (guint i = 0;; i++)
    {
      one = other = (LockstepJson){ NULL, 0 };
      has_a = has_a && lockstep_json_iter_next (&of_a, NULL, &one);
      has_b = has_b && lockstep_json_iter_next (&of_b, NULL, &other);
      if (!has_a && !has_b)
        return;
      g_string_append_printf (where, "[%u]", i);
      compare (self, kind, where, has_a ? one : (LockstepJson){ NULL, 0 }, has_b ? other : (LockstepJson){ NULL, 0 });
      g_string_truncate (where, length);
    }
}

static void
compare (LockstepComparison    *self,
         LockstepDifferenceKind kind,
         GString               *where,
         LockstepJson           a,
         LockstepJson           b)
{
  const LockstepJsonKind of_a = lockstep_json_get_kind (a);

  if (of_a == lockstep_json_get_kind (b) && of_a == LOCKSTEP_JSON_OBJECT)
    compare_members (self, kind, where, a, b);
  else if (of_a == lockstep_json_get_kind (b) && of_a == LOCKSTEP_JSON_ARRAY)
    compare_elements (self, kind, where, a, b);
  else if (!is_same (self, kind, a, b))
    add (self, get_kind (kind, where->str), where->str, a, b);
}

static LockstepJson
get_json (GBytes *bytes)
{
  LockstepJson value = { NULL, 0 };

  /* Plans and results were scanned when they came, but a file of a result may have been changed since. */
  if (bytes != NULL && !lockstep_json_scan (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &value, NULL))
    value = (LockstepJson){ NULL, 0 };

  return value;
}

static void
compare_plans (LockstepComparison *self,
               LockstepDigest     *a,
               LockstepDigest     *b)
{
  GBytes             *text_a = lockstep_plan_get_text (lockstep_run_get_plan (lockstep_digest_get_run (a)));
  GBytes             *text_b = lockstep_plan_get_text (lockstep_run_get_plan (lockstep_digest_get_run (b)));
  g_autoptr (GString) where = g_string_new (NULL);

  compare (self, LOCKSTEP_DIFFERENCE_PLAN, where, get_json (text_a), get_json (text_b));
}

static GPtrArray *
load_inputs (LockstepComparison *self,
             LockstepDigest     *digest)
{
  const char        *directory = lockstep_run_get_directory (lockstep_digest_get_run (digest));
  g_autoptr (GError) error = NULL;
  GPtrArray         *inputs = lockstep_inputs_load (directory, &error);

  if (inputs == NULL)
    g_ptr_array_add (self->notes, g_strdup_printf (_ ("Inputs were not compared. %s"), error->message));

  return inputs;
}

static const LockstepInput *
find_input (GPtrArray  *inputs,
            const char *member)
{
  for (guint i = 0; i < inputs->len; i++)
    {
      const LockstepInput *input = g_ptr_array_index (inputs, i);

      if (g_str_equal (input->member, member))
        return input;
    }

  return NULL;
}

/* Tells of a file that is another one; NULL is none. */
static void
compare_input (LockstepComparison  *self,
               const LockstepInput *a,
               const LockstepInput *b)
{
  const LockstepInput *inputs[] = { a, b };
  LockstepJson         values[2] = { { NULL, 0 }, { NULL, 0 } };
  char                *texts[2] = { NULL, NULL };

  if (a != NULL && b != NULL && a->sha256 != NULL && g_strcmp0 (a->sha256, b->sha256) == 0)
    return;

  for (guint i = 0; i < 2; i++)
    if (inputs[i] != NULL)
      {
        g_autoptr (GString) out = g_string_new ("{");

        lockstep_json_append_string_member (out, "path", inputs[i]->path);
        if (inputs[i]->sha256 != NULL)
          lockstep_json_append_string_member (out, "sha256", inputs[i]->sha256);
        g_string_append_c (out, '}');
        texts[i] = g_strdup (out->str);
        values[i] = (LockstepJson){ texts[i], out->len };
      }
  add (self, LOCKSTEP_DIFFERENCE_INPUT, a != NULL ? a->member : b->member, values[0], values[1]);
  g_free (texts[0]);
  g_free (texts[1]);
}

static void
compare_inputs (LockstepComparison *self,
                LockstepDigest     *a,
                LockstepDigest     *b)
{
  g_autoptr (GPtrArray) of_a = load_inputs (self, a);
  g_autoptr (GPtrArray) of_b = of_a != NULL ? load_inputs (self, b) : NULL;

  if (of_a == NULL || of_b == NULL)
    return;

  for (guint i = 0; i < of_a->len; i++)
    {
      const LockstepInput *input = g_ptr_array_index (of_a, i);

      compare_input (self, input, find_input (of_b, input->member));
    }
  for (guint i = 0; i < of_b->len; i++)
    {
      const LockstepInput *input = g_ptr_array_index (of_b, i);

      if (find_input (of_a, input->member) == NULL)
        compare_input (self, NULL, input);
    }
}

static void
compare_step (LockstepComparison *self,
              LockstepStep       *step,
              GPtrArray          *a,
              GPtrArray          *b)
{
  g_autoptr (GString) where = g_string_new (NULL);
  const guint         n_tasks = MAX (a->len, b->len);

  for (guint i = 0; i < n_tasks; i++)
    {
      GBytes *one = i < a->len ? g_ptr_array_index (a, i) : NULL;
      GBytes *other = i < b->len ? g_ptr_array_index (b, i) : NULL;

      self->n_results++;
      if (one == NULL && other == NULL)
        continue;
      if (step->kind == LOCKSTEP_STEP_ONE)
        g_string_printf (where, "%s ", step->title);
      else if (step->kind == LOCKSTEP_STEP_ALL)
        g_string_printf (where, "%s part %u ", step->title, i);
      else
        g_string_printf (where, "%s task %u ", step->title, i);
      compare (self, LOCKSTEP_DIFFERENCE_RESULT, where, get_json (one), get_json (other));
    }
}

static void
compare_results (LockstepComparison *self,
                 LockstepDigest     *a,
                 LockstepDigest     *b)
{
  LockstepPlan *of_a = lockstep_run_get_plan (lockstep_digest_get_run (a));
  LockstepPlan *of_b = lockstep_run_get_plan (lockstep_digest_get_run (b));
  LockstepStep *step;

  for (guint i = 0; (step = lockstep_plan_get_step (of_a, i)) != NULL; i++)
    {
      LockstepStep    *other = lockstep_plan_get_step (of_b, i);
      const char      *title = step->title;
      g_autofree char *note = NULL;

      if (step->kind == LOCKSTEP_STEP_LOOP)
        continue;
      if (other == NULL || other->kind != step->kind || g_strcmp0 (other->method, step->method) != 0)
        note = g_strdup_printf (_ ("The results of step %s were not compared: the other plan does not have it there."), title);
      else if (lockstep_digest_get_step (a, i)->results == NULL || lockstep_digest_get_step (b, i)->results == NULL)
        note = g_strdup_printf (_ ("The results of step %s were not compared: it did not end in both runs."), title);
      else
        compare_step (self, step, lockstep_digest_get_step (a, i)->results, lockstep_digest_get_step (b, i)->results);
      if (note != NULL)
        g_ptr_array_add (self->notes, g_steal_pointer (&note));
    }
}

LockstepComparison *
lockstep_comparison_new (LockstepDigest          *a,
                         LockstepDigest          *b,
                         const LockstepTolerance *tolerance)
{
  LockstepComparison *self = g_new0 (LockstepComparison, 1);

  self->tolerance = *tolerance;
  self->differences = g_ptr_array_new_with_free_func (difference_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  compare_plans (self, a, b);
  compare_inputs (self, a, b);
  compare_results (self, a, b);

  return self;
}

void
lockstep_comparison_free (LockstepComparison *self)
{
  g_ptr_array_unref (self->differences);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

GPtrArray *
lockstep_comparison_get_differences (LockstepComparison *self)
{
  return self->differences;
}

guint64
lockstep_comparison_get_count (LockstepComparison    *self,
                               LockstepDifferenceKind kind)
{
  return self->counts[kind];
}

guint64
lockstep_comparison_get_n_results (LockstepComparison *self)
{
  return self->n_results;
}

GPtrArray *
lockstep_comparison_get_notes (LockstepComparison *self)
{
  return self->notes;
}
