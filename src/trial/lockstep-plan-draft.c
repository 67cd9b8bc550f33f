/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-plan-draft.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lockstep-decimal.h"
#include "lockstep-json-writer.h"
#include "lockstep-plan.h"
#include "lockstep-script-names.h"

/* A command line while it is read. */
typedef struct
{
  LockstepPlanDraft *draft;
  const char        *current;
  const char        *folder;
  const char        *option;   /* the word before, where it is an option; or NULL */
  char              *script;   /* its text, once it was named; or NULL */
  guint              position; /* of the word among the arguments of the script, from 1 */
  guint              n_unnamed;
} Reading;

/* What runs a script that is not executable. */
static const struct
{
  const char *suffix;
  const char *program;
} interpreters[] = {
  { ".py", "python3" },
  { ".sh", "sh" },
  { ".R", "Rscript" },
  { ".r", "Rscript" },
  { ".jl", "julia" },
  { ".m", "octave" },
  { ".pl", "perl" },
  { ".rb", "ruby" },
  { ".js", "node" },
};

/* What is seldom varied: how long or how large the problem is. */
static const char *const sizes[] = {
  "n", "N", "steps", "step", "iterations", "iter", "iters", "seconds", "time", "t", "t_end", "size", "count", "jobs", "port", "workers",
  NULL
};

/* The options that files to be written stand behind. */
static const char *const outputs[] = { "o", "out", "output", "outfile", "outdir", "output-dir", "log", NULL };

void
lockstep_plan_draft_free (LockstepPlanDraft *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_ptr_array_unref (self->environment);
  g_ptr_array_unref (self->words);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->params);
  g_free (self->varied_to);
  g_free (self->threads);
  g_ptr_array_unref (self->remarks);
  g_free (self);
}

/* @text with braces that stay braces. */
static char *
dup_escaped (const char *text)
{
  g_auto (GStrv) pieces = g_strsplit (text, "{", -1);

  return g_strjoinv ("{{", pieces);
}

/* @path, which is absolute, as it is called in @folder; NULL where it is elsewhere. */
static const char *
skip_folder (const char *path,
             const char *folder)
{
  const gsize length = strlen (folder);

  /* The root ends in a slash, and nothing else does. */
  if (strncmp (path, folder, length) != 0 || (path[length] != '/' && length > 1))
    return NULL;

  return path + length + (length > 1);
}

static gboolean
is_name (const char *text)
{
  if (!g_ascii_isalpha (*text) && *text != '_')
    return FALSE;
  while (g_ascii_isalnum (*text) || (*text != '\0' && strchr ("_-.", *text) != NULL))
    text++;

  return *text == '\0';
}

static const char *
skip_dashes (const char *option)
{
  while (*option == '-')
    option++;

  return option;
}

static gboolean
has_param (const LockstepPlanDraft *draft,
           const char              *name)
{
  for (guint i = 0; i < draft->params->len; i += 2)
    if (g_str_equal (g_ptr_array_index (draft->params, i), name))
      return TRUE;

  return FALSE;
}

/* The number @text as JSON, with its digits. */
static char *
dup_number (const char *text)
{
  GString     *out;
  LockstepJson json;

  if (!lockstep_decimal_read (text, strlen (text), NULL, NULL) || g_ascii_isspace (*text))
    return NULL;
  if (lockstep_json_scan (text, strlen (text), &json, NULL))
    return lockstep_json_dup_text (json);

  /* "007" or "1D3": the program gets it as it was typed. */
  out = g_string_new (NULL);
  lockstep_json_append_string (out, text, -1);
  return g_string_free (out, FALSE);
}

/* The placeholder for the number @value, which is called by the option @label if that is not NULL. */
static char *
add_param (Reading    *self,
           const char *label,
           char       *value)
{
  LockstepPlanDraft *draft = self->draft;
  g_autofree char   *name = NULL;
  g_autofree char   *wanted = NULL;
  char              *placeholder;

  if (label != NULL && g_str_equal (label, "threads") && draft->threads == NULL && g_ascii_isdigit (*value))
    {
      draft->threads = value;
      return g_strdup ("{threads}");
    }

  if (label != NULL && is_name (label))
    wanted = g_strdup (label);
  else if (self->script != NULL)
    wanted = lockstep_script_dup_name (self->script, self->position);
  if (wanted == NULL)
    wanted = g_strdup_printf ("number%u", ++self->n_unnamed);
  name = g_strdup (wanted);
  for (guint i = 2; has_param (draft, name) || lockstep_placeholders_is_reserved (name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s_%u", wanted, i);
    }

  placeholder = g_strdup_printf ("{%s}", name);
  g_ptr_array_add (draft->params, g_steal_pointer (&name));
  g_ptr_array_add (draft->params, value);
  return placeholder;
}

static void
add_file (LockstepPlanDraft *draft,
          const char        *target,
          const char        *source)
{
  for (guint i = 0; i < draft->files->len; i += 2)
    if (g_str_equal (g_ptr_array_index (draft->files, i), target))
      return;

  g_ptr_array_add (draft->files, dup_escaped (target));
  g_ptr_array_add (draft->files, dup_escaped (source));
}

/* Where the program finds the file that was typed as @word; NULL where it is no file. */
static char *
place_file (Reading    *self,
            const char *word)
{
  g_autofree char *path = NULL;
  const char      *inside;

  if (*word == '\0' || *word == '-' || g_str_equal (word, ".") || g_str_equal (word, ".."))
    return NULL;
  path = g_canonicalize_filename (word, self->current);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;

  if (self->option != NULL && g_strv_contains (outputs, skip_dashes (self->option)))
    {
      g_ptr_array_add (self->draft->remarks,
                       g_strdup_printf (_ ("“%s” is there, but is taken for something that the program writes."), word));
      return dup_escaped (word);
    }

  if ((inside = skip_folder (path, self->folder)) != NULL)
    {
      add_file (self->draft, inside, inside);
      return dup_escaped (inside);
    }
  /* Elsewhere it is found by an absolute path as it is. */
  return dup_escaped (path);
}

/* Reads the file that was typed as @word, if it is a script: the first one is what gets the words behind it. */
static void
read_script (Reading    *self,
             const char *word)
{
  g_autofree char *path = g_canonicalize_filename (word, self->current);
  g_autofree char *text = NULL;
  gboolean         is_script = FALSE;
  gsize            length;

  if (self->script != NULL || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (interpreters); i++)
    is_script = is_script || g_str_has_suffix (word, interpreters[i].suffix);
  if (!g_file_get_contents (path, &text, &length, NULL) || !g_utf8_validate (text, (gssize) length, NULL) ||
      !(is_script || g_str_has_prefix (text, "#!")))
    return;

  self->script = g_steal_pointer (&text);
  self->position = 0;
}

/* What stands for the argument @word in the plan. */
static char *
read_word (Reading    *self,
           const char *word)
{
  const char *equals = strchr (word, '=');
  char       *value, *placed;

  if ((value = dup_number (word)) != NULL)
    return add_param (self, self->option != NULL ? skip_dashes (self->option) : NULL, value);
  if ((placed = place_file (self, word)) != NULL)
    return placed;

  /* --alpha=0.3, alpha=0.3, --net=net.dat */
  if (equals != NULL && equals > word)
    {
      g_autofree char *label = g_strndup (word, (gsize) (equals - word));
      g_autofree char *start = dup_escaped (label);
      g_autofree char *rest = NULL;

      self->option = label;
      if ((value = dup_number (equals + 1)) != NULL)
        rest = add_param (self, skip_dashes (label), value);
      else
        rest = place_file (self, equals + 1);
      self->option = NULL;
      if (rest != NULL)
        return g_strconcat (start, "=", rest, NULL);
    }

  return dup_escaped (word);
}

/* Whether the file @path says itself what runs it, so that it need only be executable. */
static gboolean
names_interpreter (const char *path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && g_str_has_prefix (text, "#!");
}

/* The advice for a program that is none. */
static void
set_program_error (Reading    *self,
                   const char *word,
                   const char *path,
                   GError    **error)
{
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      for (guint i = 0; i < G_N_ELEMENTS (interpreters); i++)
        if (!names_interpreter (path) && g_str_has_suffix (word, interpreters[i].suffix))
          {
            g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_FILE,
                         _ ("%s is not executable; say what runs it: lockstep-cli new -- %s %s …"), path, interpreters[i].program,
                         word);
            return;
          }
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_FILE,
                   _ ("%s is not executable; say what runs it, or make it so: chmod +x %s"), path, word);
    }
  else if (strchr (word, ' ') != NULL)
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_FILE,
                   _ ("There is no program “%s”. Write the command word by word, without quotes around all of it."), word);
    }
  else
    {
      g_set_error (error, LOCKSTEP_PLAN_ERROR, LOCKSTEP_PLAN_ERROR_FILE,
                   _ ("There is no program “%s”, neither here nor in the folders of PATH."), word);
    }
}

/* What stands for the program @word in the plan; NULL with an error. */
static char *
read_program (Reading    *self,
              const char *word,
              GError    **error)
{
  g_autofree char *found = strchr (word, '/') == NULL ? g_find_program_in_path (word) : NULL;
  g_autofree char *path = g_canonicalize_filename (word, self->current);
  g_autofree char *inside = NULL;
  const char      *rest;

  if (found != NULL)
    return dup_escaped (word);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) || !g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    {
      set_program_error (self, word, path, error);
      return NULL;
    }

  rest = skip_folder (path, self->folder);
  inside = rest != NULL ? g_strconcat ("./", rest, NULL) : g_strdup (path);
  return dup_escaped (inside);
}

/* Chooses the parameter that varies: a fraction rather than a whole number, and one that does not say how large the problem is. A
 * little less of it is seldom out of bounds. */
static void
choose_varied (LockstepPlanDraft *draft)
{
  int best = 0;

  draft->varied = -1;
  for (guint i = 0; i < draft->params->len; i += 2)
    {
      const char    *value = g_ptr_array_index (draft->params, i + 1);
      const gboolean is_whole = value[strspn (value, "-0123456789")] == '\0';
      const int      score = *value == '"' ? 0 : 1 + 2 * !is_whole + !g_strv_contains (sizes, g_ptr_array_index (draft->params, i));

      if (score > best)
        {
          best = score;
          draft->varied = (int) i;
          g_free (draft->varied_to);
          if (is_whole)
            draft->varied_to = g_strdup_printf ("%" G_GINT64_FORMAT, g_ascii_strtoll (value, NULL, 10) + 1);
          else
            {
              const double number = g_ascii_strtod (value, NULL);
              char         buffer[G_ASCII_DTOSTR_BUF_SIZE];

              draft->varied_to = g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.6g", number != 0 ? number * 0.9 : 0.1));
            }
        }
    }
}

/* What the plan is called: the script, or else the program. */
static char *
dup_name (const LockstepPlanDraft *draft,
          const char              *program)
{
  g_autofree char *base = NULL;
  char            *dot;

  for (guint i = 0; base == NULL && i < draft->files->len; i += 2)
    for (guint k = 0; base == NULL && k < G_N_ELEMENTS (interpreters); k++)
      if (g_str_has_suffix (g_ptr_array_index (draft->files, i), interpreters[k].suffix))
        base = g_path_get_basename (g_ptr_array_index (draft->files, i));
  if (base == NULL)
    base = g_path_get_basename (program);
  if ((dot = strrchr (base, '.')) != NULL && dot > base)
    *dot = '\0';

  return g_steal_pointer (&base);
}

LockstepPlanDraft *
lockstep_plan_draft_new (const char *const *words,
                         const char        *current,
                         const char        *folder,
                         GError           **error)
{
  g_autoptr (LockstepPlanDraft) draft = g_new0 (LockstepPlanDraft, 1);
  Reading                       self = { draft, current, folder };
  char                         *program;

  draft->environment = g_ptr_array_new_with_free_func (g_free);
  draft->words = g_ptr_array_new_with_free_func (g_free);
  draft->files = g_ptr_array_new_with_free_func (g_free);
  draft->params = g_ptr_array_new_with_free_func (g_free);
  draft->remarks = g_ptr_array_new_with_free_func (g_free);
  draft->varied = -1;

  for (; *words != NULL && strchr (*words, '=') != NULL && strchr (*words, '/') == NULL && words[1] != NULL; words++)
    g_ptr_array_add (draft->environment, dup_escaped (*words));
  if (*words == NULL || (program = read_program (&self, *words, error)) == NULL)
    return NULL;

  g_ptr_array_add (draft->words, program);
  read_script (&self, *words);
  for (const char *const *word = words + 1; *word != NULL; word++)
    {
      self.position++;
      g_ptr_array_add (draft->words, read_word (&self, *word));
      read_script (&self, *word);
      self.option = **word == '-' && is_name (skip_dashes (*word)) ? *word : NULL;
    }

  choose_varied (draft);
  draft->name = dup_name (draft, *words);
  g_free (self.script);
  return g_steal_pointer (&draft);
}
