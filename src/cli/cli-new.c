/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-commands.h"

#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cli-past.h"
#include "lockstep-plan-draft.h"
#include "lockstep-plan.h"

#define SUFFIX ".lockstep"

/* What was typed. */
typedef struct
{
  char   **words;
  char    *output;
  gboolean force;
} Options;

/* Reads the command line; a command needs no `--` before it, as long as it comes last. */
static gboolean
parse (Options *self,
       int      argc,
       char   **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError)         error = NULL;
  const GOptionEntry         entries[] = {
            { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output, N_ ("The plan to write, instead of one with the name of the program"), N_ ("FILE") },
            { "force", 0, 0, G_OPTION_ARG_NONE, &self->force, N_ ("Replace a plan that is there"), NULL },
            { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->words, NULL, N_ ("-- COMMAND…") },
            { NULL }
  };

  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context,
                                _ ("Makes a plan from a command line: files that it names are linked into the folder of each task, numbers\n"
                                   "become parameters, and one of them varies, as an example."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_printerr ("lockstep-cli: %s\n", error->message);
  else if (self->words == NULL || self->words[0] == NULL)
    g_printerr ("lockstep-cli: %s\n", _ ("No command was given; write it as you would type it: lockstep-cli new -- python3 model.py 0.3"));
  else
    return TRUE;

  g_printerr (_ ("“%s --help” tells what is understood."), g_get_prgname ());
  g_printerr ("\n");
  return FALSE;
}

/* The file of the plan: what was asked for, or NULL where that is left to the name of the program. */
static char *
dup_path (const Options *options,
          const char    *name,
          const char    *current)
{
  const char      *wanted = options->output != NULL ? options->output : name;
  g_autofree char *file = g_str_has_suffix (wanted, SUFFIX) ? g_strdup (wanted) : g_strconcat (wanted, SUFFIX, NULL);

  return g_canonicalize_filename (file, current);
}

/* Writes the plan, if it is one that can be run. */
static gboolean
write_plan (const char *path,
            const char *folder,
            const char *text,
            gboolean    force,
            GError    **error)
{
  g_autoptr (LockstepPlan) plan = NULL;
  g_autoptr (GFile)        file = g_file_new_for_path (path);
  g_autofree char         *shown = g_filename_display_name (path);

  if (!force && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("%s is there already; --force replaces it, -o FILE writes another."), shown);
      return FALSE;
    }

  plan = lockstep_plan_new_from_text (text, strlen (text), folder, NULL, error);
  return plan != NULL && g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, error);
}

static void
print_fact (LockstepTerminal *terminal,
            const char       *label,
            const char       *text)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char    *safe = lockstep_text_make_safe (text);

  lockstep_terminal_append (terminal, line, LOCKSTEP_STYLE_BOLD, label);
  for (guint width = lockstep_text_get_width (label); width < 12; width++)
    g_string_append_c (line, ' ');
  g_string_append (line, safe);
  lockstep_terminal_print (terminal, line->str);
}

/* What to do, and what for. */
static void
print_next (LockstepTerminal *terminal,
            const char       *label,
            const char       *what,
            const char       *purpose,
            guint             width)
{
  g_autoptr (GString) text = g_string_new (what);

  for (guint column = lockstep_text_get_width (what); column < width + 4; column++)
    g_string_append_c (text, ' ');
  g_string_append (text, purpose);
  print_fact (terminal, label, text->str);
}

/* The first of the files that the program reads, and is not: what may be in it is to vary as well. NULL where there is none. */
static const char *
find_input (LockstepPlanDraft *draft,
            const char        *folder)
{
  static const char *const code[] = { ".py", ".sh", ".pl", ".rb", ".R", ".r", ".m", ".jl", ".js", ".lua", ".awk", ".class", ".jar", NULL };

  for (guint i = 0; i < draft->files->len; i += 2)
    {
      const char      *target = g_ptr_array_index (draft->files, i);
      g_autofree char *path = g_build_filename (folder, target, NULL);
      const char      *ending = strrchr (target, '.');

      if (access (path, X_OK) != 0 && (ending == NULL || !g_strv_contains (code, ending)) && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return target;
    }

  return NULL;
}

/* What was made of the command, and what to do with it. */
static void
print_draft (LockstepPlanDraft *draft,
             const char        *path,
             const char        *current)
{
  g_autoptr (LockstepTerminal) terminal = lockstep_terminal_new (STDOUT_FILENO);
  g_autofree char             *parent = g_path_get_dirname (path);
  g_autofree char             *base = g_path_get_basename (path);
  g_autofree char             *typed = cli_past_dup_typed (g_str_equal (parent, current) ? base : path);
  g_autofree char             *command = NULL;
  g_autofree char             *tried = NULL;
  g_autofree char             *run = NULL;
  g_autofree char             *advice = NULL;
  const char                  *input;

  print_fact (terminal, _ ("Plan"), typed);
  g_ptr_array_add (draft->words, NULL);
  command = g_strjoinv (" ", (char **) draft->words->pdata);
  print_fact (terminal, _ ("Command"), command);
  for (guint i = 0; i < draft->files->len; i += 2)
    print_fact (terminal, i == 0 ? _ ("Files") : "", g_ptr_array_index (draft->files, i));
  for (guint i = 0; i < draft->params->len; i += 2)
    {
      g_autofree char *param = NULL;

      if ((int) i == draft->varied)
        param = g_strdup_printf (_ ("%s varies: %s and %s, as an example"), (char *) g_ptr_array_index (draft->params, i),
                                 (char *) g_ptr_array_index (draft->params, i + 1), draft->varied_to);
      else
        param = g_strdup_printf ("%s = %s", (char *) g_ptr_array_index (draft->params, i), (char *) g_ptr_array_index (draft->params, i + 1));
      print_fact (terminal, i == 0 ? _ ("Parameters") : "", param);
    }
  for (guint i = 0; i < draft->remarks->len; i++)
    print_fact (terminal, i == 0 ? _ ("Note") : "", g_ptr_array_index (draft->remarks, i));
  if ((input = find_input (draft, parent)) != NULL)
    {
      advice = g_strdup_printf (_ ("to vary what stands in %s, copy it to %s.in, write {name} there, and in “files”: \"%s\": {\"template\": \"%s.in\"}"),
                                input, input, input, input);
      print_fact (terminal, _ ("Input"), advice);
    }
  if (draft->params->len == 0)
    print_fact (terminal, _ ("Parameters"), _ ("none yet: write {name} for what is to vary, in the command or in a template of an input file"));

  lockstep_terminal_print (terminal, "");
  tried = g_strdup_printf ("lockstep-cli try --write %s", typed);
  run = g_strdup_printf ("lockstep-cli run %s", typed);
  print_next (terminal, _ ("Next"), tried, _ ("does one task, and finds what to look for in its output"), lockstep_text_get_width (tried));
  print_next (terminal, "", _ ("edit “tasks” in the plan"), _ ("what is to vary, and over what"), lockstep_text_get_width (tried));
  print_next (terminal, "", run, _ ("does them all"), lockstep_text_get_width (tried));
}

int
cli_new (int    argc,
         char **argv)
{
  Options                       options = { NULL };
  g_auto (GStrv)                words = NULL;
  g_autofree char              *output = NULL;
  g_autofree char              *current = g_get_current_dir ();
  g_autofree char              *path = NULL;
  g_autofree char              *folder = NULL;
  g_autofree char              *text = NULL;
  g_autoptr (LockstepPlanDraft) draft = NULL;
  g_autoptr (GError)            error = NULL;
  gboolean                      understood = parse (&options, argc, argv);

  words = options.words;
  output = options.output;
  if (!understood)
    return CLI_EXIT_USAGE;

  path = dup_path (&options, "plan", current);
  folder = g_path_get_dirname (path);
  if ((draft = lockstep_plan_draft_new ((const char *const *) words, current, folder, &error)) == NULL)
    return cli_past_fail (error);

  g_free (path);
  path = dup_path (&options, draft->name, current);
  text = lockstep_plan_draft_dup_text (draft);
  if (!write_plan (path, folder, text, options.force, &error))
    return cli_past_fail (error);

  print_draft (draft, path, current);
  return CLI_EXIT_FINISHED;
}
