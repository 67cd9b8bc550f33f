/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-stop-dialog.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "lockstep-solver-text.h"

struct _LockstepStopDialog
{
  AdwMessageDialog parent_instance;
  LockstepSession *session;
  LockstepStop     how;      /* what agreeing does */
  guint            n_frames; /* that were begun; the first one lays it out */
};

G_DEFINE_FINAL_TYPE (LockstepStopDialog, lockstep_stop_dialog, ADW_TYPE_MESSAGE_DIALOG)

/* So many tasks are named. */
#define MAX_NAMED 5

/* Characters of a line that names one. */
#define LIST_WIDTH 40

/* "Solver 3: assign · 3 of 4 · 81 %" */
static void
append_task (GString           *tasks,
             LockstepRunSolver *solver)
{
  g_autofree char *step = lockstep_solver_dup_step_text (lockstep_run_solver_get_step (solver),
                                                         lockstep_run_solver_get_part (solver),
                                                         lockstep_run_solver_get_parts (solver));
  g_autofree char *progress = lockstep_solver_dup_progress_text (LOCKSTEP_DOING_COMPUTING,
                                                                 lockstep_run_solver_get_fraction (solver));

  if (tasks->len > 0)
    g_string_append_c (tasks, '\n');
  if (lockstep_run_solver_get_part (solver) >= 0)
    g_string_append_printf (tasks, _ ("Solver %u: %s"), lockstep_run_solver_get_index (solver), step);
  else
    g_string_append_printf (tasks, _ ("Solver %u: %s, task %" PRId64), lockstep_run_solver_get_index (solver), step,
                            lockstep_run_solver_get_task (solver));
  if (*progress != '\0')
    g_string_append_printf (tasks, " · %s", progress);
}

/* What becomes of @n_computing tasks in flight. */
static char *
dup_body (guint n_computing)
{
  if (n_computing == 0)
    return g_strdup (_ ("No solver is computing. All of them are ended."));

  return g_strdup_printf (ngettext ("%u solver is computing. What it has not finished is lost.", "%u solvers are computing. What they have not finished is lost.", n_computing),
                          n_computing);
}

/* The first of them, a line each. */
static char *
dup_tasks (GListModel *solvers,
           guint       n_computing)
{
  GString *tasks = g_string_new (NULL);
  guint    n_named = 0;

  for (guint i = 0; i < g_list_model_get_n_items (solvers) && n_named < MAX_NAMED; i++)
    {
      g_autoptr (LockstepRunSolver) solver = g_list_model_get_item (solvers, i);

      if (lockstep_doing_get (lockstep_run_solver_get_state (solver), FALSE) != LOCKSTEP_DOING_COMPUTING)
        continue;
      append_task (tasks, solver);
      n_named++;
    }
  if (n_computing > n_named)
    g_string_append_printf (tasks, ngettext ("\nand %u more", "\nand %u more", n_computing - n_named), n_computing - n_named);

  return g_string_free (tasks, FALSE);
}

/* Lines of tasks are read as a list, from the left; the body would centre them. */
static GtkWidget *
create_list (const char *tasks)
{
  GtkWidget *label = gtk_label_new (tasks);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), LIST_WIDTH);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LIST_WIDTH);
  gtk_widget_set_halign (label, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "dim-label");

  return label;
}

static guint
count_computing (LockstepRun *run)
{
  LockstepSolverTotals totals;

  lockstep_solver_totals_count (&totals, lockstep_run_get_solvers (run), 0);
  return totals.n_doing[LOCKSTEP_DOING_COMPUTING];
}

static void
ended_cb (LockstepStopDialog *self)
{
  if (!lockstep_session_get_live (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
lockstep_stop_dialog_response (AdwMessageDialog *dialog,
                               const char       *response)
{
  LockstepStopDialog *self = LOCKSTEP_STOP_DIALOG (dialog);

  if (g_str_equal (response, "stop"))
    lockstep_session_terminate (self->session, self->how);
  else if (g_str_equal (response, "finish") && lockstep_session_get_helm (self->session) != NULL)
    lockstep_helm_finish_tasks (lockstep_session_get_helm (self->session));
}

/* Laid out narrow, the dialog puts other buttons in the place of its own, which lose the focus. */
static gboolean
focus_cb (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  LockstepStopDialog *self = LOCKSTEP_STOP_DIALOG (widget);

  if (++self->n_frames <= 1)
    return G_SOURCE_CONTINUE;

  gtk_window_set_focus (GTK_WINDOW (self), gtk_window_get_default_widget (GTK_WINDOW (self)));
  return G_SOURCE_REMOVE;
}

/* Enter does what changes nothing, wherever the buttons stand once they are laid out. */
static void
lockstep_stop_dialog_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lockstep_stop_dialog_parent_class)->map (widget);

  gtk_widget_add_tick_callback (widget, focus_cb, NULL, NULL);
}

static void
lockstep_stop_dialog_dispose (GObject *object)
{
  LockstepStopDialog *self = LOCKSTEP_STOP_DIALOG (object);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (lockstep_stop_dialog_parent_class)->dispose (object);
}

static void
lockstep_stop_dialog_class_init (LockstepStopDialogClass *class)
{
  G_OBJECT_CLASS (class)->dispose = lockstep_stop_dialog_dispose;
  GTK_WIDGET_CLASS (class)->map = lockstep_stop_dialog_map;
  ADW_MESSAGE_DIALOG_CLASS (class)->response = lockstep_stop_dialog_response;
}

static void
lockstep_stop_dialog_init (LockstepStopDialog *self)
{
}

LockstepStopDialog *
lockstep_stop_dialog_new (GtkWindow       *parent,
                          LockstepSession *session,
                          gboolean         closing)
{
  LockstepStopDialog *self;
  AdwMessageDialog   *dialog;
  LockstepRun        *run;

  g_return_val_if_fail (LOCKSTEP_IS_SESSION (session), NULL);
  g_return_val_if_fail (lockstep_session_get_live (session), NULL);

  run = lockstep_session_get_run (session);
  self = g_object_new (LOCKSTEP_TYPE_STOP_DIALOG,
                       "transient-for", parent,
                       "modal", TRUE,
                       "default-response", "cancel",
                       "close-response", "cancel",
                       NULL);
  dialog = ADW_MESSAGE_DIALOG (self);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::live", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);

  if (lockstep_run_get_state (run) == LOCKSTEP_RUN_STOPPING)
    {
      self->how = LOCKSTEP_STOP_KILL;
      adw_message_dialog_set_heading (dialog, _ ("Kill the Solvers?"));
      adw_message_dialog_set_body (dialog, _ ("They were asked to end and have a few seconds for it. Killed ones end at once and save nothing."));
      adw_message_dialog_add_responses (dialog,
                                        "cancel", _ ("_Wait"),
                                        "stop", closing ? _ ("_Kill and Quit") : _ ("_Kill"),
                                        NULL);
    }
  else
    {
      const guint      n_computing = count_computing (run);
      g_autofree char *body = dup_body (n_computing);
      g_autofree char *tasks = dup_tasks (lockstep_run_get_solvers (run), n_computing);

      self->how = LOCKSTEP_STOP_ASK;
      adw_message_dialog_set_heading (dialog, closing ? _ ("Terminate the Run and Quit?") : _ ("Terminate the Run?"));
      adw_message_dialog_set_body (dialog, body);
      if (*tasks != '\0')
        adw_message_dialog_set_extra_child (dialog, create_list (tasks));
      adw_message_dialog_add_response (dialog, "cancel", _ ("_Cancel"));
      if (!closing && n_computing > 0 && !lockstep_run_is_finishing (run))
        adw_message_dialog_add_response (dialog, "finish", _ ("_Finish Tasks, Then Stop"));
      adw_message_dialog_add_responses (dialog,
                                        "stop", closing ? _ ("_Terminate and Quit") : _ ("_Terminate"),
                                        NULL);
    }
  adw_message_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_DESTRUCTIVE);

  return self;
}
