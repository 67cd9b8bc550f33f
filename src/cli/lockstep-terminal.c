/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-terminal.h"

#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "lockstep-terminal-writer.h"

/* Lines waiting for the next redraw; more are written at once. */
#define MAX_PENDING (64 * 1024)

/* What may wait for a reader that does not read, so that a flood takes no memory. */
#define MAX_WAITING (1024 * 1024)

#define HIDE_CURSOR "\033[?25l"
#define SHOW_CURSOR "\033[?25h"
#define NO_WRAP     "\033[?7l"
#define WRAP        "\033[?7h"
#define CLEAR_LINE  "\033[K"
#define CLEAR_BELOW "\033[J"

struct _LockstepTerminal
{
  int        fd;
  gboolean   live;
  gboolean   coloured;
  gboolean   utf8;
  gboolean   broken;   /* nobody reads any more, or it was given up */
  int        patience; /* see lockstep_terminal_set_patience() */
  guint      columns;
  guint      rows;
  GString   *pending;    /* lines to be written above the block */
  guint      n_left_out; /* lines of the log since one was taken in */
  GPtrArray *block;      /* of char *: what is on the screen */

  LockstepTerminalWriter *writer;
};

static const char *const styles[] = {
  [LOCKSTEP_STYLE_PLAIN] = "",
  [LOCKSTEP_STYLE_BOLD] = "\033[1m",
  [LOCKSTEP_STYLE_DIM] = "\033[2m",
  [LOCKSTEP_STYLE_GOOD] = "\033[32m",
  [LOCKSTEP_STYLE_WARNING] = "\033[33m",
  [LOCKSTEP_STYLE_BAD] = "\033[31m",
};

#define STYLE_END "\033[0m"

/* Behind the escape that @text starts with; escapes here are those of lockstep_terminal_append() alone. */
static const char *
skip_escape (const char *text)
{
  while (*text != '\0' && *text != 'm')
    text++;

  return *text == 'm' ? text + 1 : text;
}

static guint
get_character_width (gunichar character)
{
  if (g_unichar_iszerowidth (character))
    return 0;

  return g_unichar_iswide (character) ? 2 : 1;
}

static void
write_out (LockstepTerminal *self,
           const char       *text,
           gsize             length)
{
  g_autofree char *converted = NULL;

  if (self->broken)
    return;

  if (!self->utf8)
    {
      const char *charset;

      g_get_charset (&charset);
      converted = g_convert_with_fallback (text, (gssize) length, charset, "UTF-8", "?", NULL, &length, NULL);
      if (converted == NULL)
        converted = g_str_to_ascii (text, "C");
      text = converted;
      length = strlen (text);
    }

  lockstep_terminal_writer_add (self->writer, text, length);
  if (self->patience != 0)
    self->broken = !lockstep_terminal_writer_wait (self->writer, self->patience);
}

/* Whether what was written before still waits for its reader. */
static gboolean
is_behind (LockstepTerminal *self)
{
  return self->patience == 0 && lockstep_terminal_writer_get_length (self->writer) > 0;
}

/* Says, where they would stand, that lines are missing. */
static void
tell_left_out (LockstepTerminal *self)
{
  g_autofree char *sentence = NULL;

  if (self->n_left_out == 0)
    return;

  sentence = g_strdup_printf (ngettext ("%u line was left out here, for nobody read it; the run’s journal has it",
                                        "%u lines were left out here, for nobody read them; the run’s journal has them",
                                        self->n_left_out),
                              self->n_left_out);
  self->n_left_out = 0;
  lockstep_terminal_append (self, self->pending, LOCKSTEP_STYLE_WARNING, sentence);
  g_string_append_c (self->pending, '\n');
}

/* Rows that the block takes on the screen: a terminal that became narrower has wrapped its lines. */
static guint
count_block_rows (LockstepTerminal *self)
{
  guint rows = 0;

  for (guint i = 0; i < self->block->len; i++)
    {
      guint width = lockstep_text_get_width (self->block->pdata[i]);

      rows += MAX (1, (width + self->columns - 1) / self->columns);
    }

  return rows;
}

static void
move_to_block (LockstepTerminal *self,
               GString          *out)
{
  guint rows = count_block_rows (self);

  g_string_append_c (out, '\r');
  if (rows > 0)
    g_string_append_printf (out, "\033[%uA", rows);
}

static gboolean
equal_lines (GPtrArray *a,
             GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      if (!g_str_equal (a->pdata[i], b->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

/* Writes what waits and then @lines, which become the block. */
static void
redraw (LockstepTerminal *self,
        GPtrArray        *lines)
{
  g_autoptr (GString) out = g_string_new (HIDE_CURSOR);

  move_to_block (self, out);

  tell_left_out (self);
  if (self->pending->len > 0)
    {
      g_string_append (out, CLEAR_BELOW);
      g_string_append_len (out, self->pending->str, self->pending->len);
      g_string_truncate (self->pending, 0);
    }

  g_string_append (out, NO_WRAP);
  for (guint i = 0; i < lines->len; i++)
    {
      g_string_append (out, lines->pdata[i]);
      g_string_append (out, CLEAR_LINE "\n");
    }
  g_string_append (out, CLEAR_BELOW WRAP SHOW_CURSOR);

  g_ptr_array_ref (lines);
  g_ptr_array_unref (self->block);
  self->block = lines;

  write_out (self, out->str, out->len);
}

LockstepTerminal *
lockstep_terminal_new (int fd)
{
  LockstepTerminal *self = g_new0 (LockstepTerminal, 1);
  const char       *term = g_getenv ("TERM");
  const char       *no_color = g_getenv ("NO_COLOR");

  self->fd = fd;
  self->patience = -1;
  self->writer = lockstep_terminal_writer_new (fd);
  self->live = isatty (fd) && term != NULL && !g_str_equal (term, "dumb");
  self->coloured = self->live && (no_color == NULL || no_color[0] == '\0');
  self->utf8 = g_get_charset (NULL);
  self->pending = g_string_new (NULL);
  self->block = g_ptr_array_new ();
  lockstep_terminal_resize (self);

  return self;
}

void
lockstep_terminal_free (LockstepTerminal *self)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  if (self->patience == 0)
    self->patience = -1;
  lockstep_terminal_show (self, nothing);
  if (!self->broken)
    lockstep_terminal_writer_wait (self->writer, self->patience);
  lockstep_terminal_writer_free (self->writer);
  g_string_free (self->pending, TRUE);
  g_ptr_array_unref (self->block);
  g_free (self);
}

gboolean
lockstep_terminal_is_live (LockstepTerminal *self)
{
  return self->live;
}

gboolean
lockstep_terminal_is_utf8 (LockstepTerminal *self)
{
  return self->utf8;
}

guint
lockstep_terminal_get_columns (LockstepTerminal *self)
{
  return self->columns;
}

guint
lockstep_terminal_get_rows (LockstepTerminal *self)
{
  return self->rows;
}

void
lockstep_terminal_resize (LockstepTerminal *self)
{
  struct winsize size = { 0 };

  if (self->live)
    ioctl (self->fd, TIOCGWINSZ, &size);

  self->columns = size.ws_col > 0 ? size.ws_col : 80;
  self->rows = size.ws_row > 0 ? size.ws_row : 24;
}

void
lockstep_terminal_append (LockstepTerminal *self,
                          GString          *line,
                          LockstepStyle     style,
                          const char       *text)
{
  if (!self->coloured || style == LOCKSTEP_STYLE_PLAIN)
    g_string_append (line, text);
  else
    g_string_append_printf (line, "%s%s" STYLE_END, styles[style], text);
}

void
lockstep_terminal_print (LockstepTerminal *self,
                         const char       *line)
{
  tell_left_out (self);
  g_string_append (self->pending, line);
  g_string_append_c (self->pending, '\n');

  if (self->live && self->block->len > 0)
    {
      if (self->pending->len > MAX_PENDING && !is_behind (self))
        redraw (self, self->block);
    }
  else
    {
      write_out (self, self->pending->str, self->pending->len);
      g_string_truncate (self->pending, 0);
    }
}

void
lockstep_terminal_print_log (LockstepTerminal *self,
                             const char       *line)
{
  gsize waiting = self->pending->len + lockstep_terminal_writer_get_length (self->writer);

  /* Once it is full it gets half empty first: a gap that is told is better than many. */
  if (waiting > (self->n_left_out > 0 ? MAX_WAITING / 2 : MAX_WAITING))
    self->n_left_out++;
  else
    lockstep_terminal_print (self, line);
}

void
lockstep_terminal_set_patience (LockstepTerminal *self,
                                int               milliseconds)
{
  self->patience = milliseconds;
}

void
lockstep_terminal_show (LockstepTerminal *self,
                        GPtrArray        *lines)
{
  g_autoptr (GPtrArray) cut = g_ptr_array_new_with_free_func (g_free);

  if (!self->live || is_behind (self))
    return;

  for (guint i = 0; i < lines->len; i++)
    g_ptr_array_add (cut, lockstep_text_cut (lines->pdata[i], self->columns));

  if (self->pending->len > 0 || self->n_left_out > 0 || !equal_lines (cut, self->block))
    redraw (self, cut);
}

guint
lockstep_text_get_width (const char *text)
{
  guint width = 0;

  while (*text != '\0')
    {
      if (*text == '\033')
        {
          text = skip_escape (text);
        }
      else
        {
          width += get_character_width (g_utf8_get_char (text));
          text = g_utf8_next_char (text);
        }
    }

  return width;
}

char *
lockstep_text_cut (const char *text,
                   guint       columns)
{
  GString *cut;
  guint    width = 0;
  gboolean styled = FALSE;

  if (lockstep_text_get_width (text) <= columns)
    return g_strdup (text);

  cut = g_string_new (NULL);
  while (*text != '\0')
    {
      const char *next = *text == '\033' ? skip_escape (text) : g_utf8_next_char (text);
      guint       taken = *text == '\033' ? 0 : get_character_width (g_utf8_get_char (text));

      if (width + taken + 1 > columns)
        break;

      styled |= *text == '\033';
      g_string_append_len (cut, text, next - text);
      width += taken;
      text = next;
    }

  if (width < columns)
    g_string_append (cut, "…");
  if (styled)
    g_string_append (cut, STYLE_END);

  return g_string_free (cut, FALSE);
}

char *
lockstep_text_make_safe (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *safe = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character == '\t')
        g_string_append_c (safe, ' ');
      else if (character != '\n' && g_unichar_iscntrl (character))
        g_string_append_unichar (safe, 0xfffd);
      else
        g_string_append_unichar (safe, character);
    }

  return g_string_free (safe, FALSE);
}
