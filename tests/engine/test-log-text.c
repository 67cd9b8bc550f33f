/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lockstep-log-text.h"

#define REPLACEMENT "\357\277\275"

static void
assert_shown (const char *line,
              gsize       length,
              const char *shown)
{
  g_autoptr (GString) out = g_string_new ("> ");
  g_autofree char    *expected = g_strconcat ("> ", shown, NULL);

  lockstep_log_text_append (out, line, length);
  g_assert_cmpstr (out->str, ==, expected);
  g_assert_true (g_utf8_validate (out->str, out->len, NULL));
}

#define ASSERT_SHOWN(line, shown) assert_shown (line, sizeof (line) - 1, shown)

static void
test_text (void)
{
  ASSERT_SHOWN ("", "");
  ASSERT_SHOWN ("TIME =  12.5\tQUEUE 3", "TIME =  12.5\tQUEUE 3");
  ASSERT_SHOWN ("Größe 3 µm → 4", "Größe 3 µm → 4");
}

static void
test_not_text (void)
{
  ASSERT_SHOWN ("a\0b", "a" REPLACEMENT "b");
  ASSERT_SHOWN ("gr\xf6\xdf"
                "e",
                "gr" REPLACEMENT REPLACEMENT "e");
  ASSERT_SHOWN ("cut \xe2\x86", "cut " REPLACEMENT REPLACEMENT);
  ASSERT_SHOWN ("bell\a", "bell" REPLACEMENT);

  /* These would begin a new paragraph in a text view. */
  ASSERT_SHOWN ("a\xe2\x80\xa9"
                "b\xe2\x80\xa8"
                "c",
                "a" REPLACEMENT "b" REPLACEMENT "c");
}

static void
test_terminal (void)
{
  ASSERT_SHOWN ("Windows\r", "Windows");
  ASSERT_SHOWN (" 10 %\r 20 %\r100 %", "100 %");
  ASSERT_SHOWN (" 10 %\r 20 %\r", " 20 %");
  ASSERT_SHOWN ("\033[1;31mred\033[0m \033Mup", "red up");
  ASSERT_SHOWN ("cut \033[1;3", "cut ");
  ASSERT_SHOWN ("cut \033", "cut ");
}

static void
test_long (void)
{
  g_autofree char    *line = g_strnfill (2000000, 'x');
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) euros = g_string_new (NULL);

  lockstep_log_text_append (out, line, 2000000);
  g_assert_cmpuint (out->len, <, LOCKSTEP_LOG_TEXT_MAX_LINE + 100);
  g_assert_nonnull (strstr (out->str, "more in the file"));

  /* A character is never cut in two. */
  for (guint i = 0; i < 3; i++)
    {
      g_string_set_size (out, 0);
      g_string_truncate (euros, 0);
      g_string_append_len (euros, "aa", i);
      while (euros->len < 2 * LOCKSTEP_LOG_TEXT_MAX_LINE)
        g_string_append (euros, "€");
      lockstep_log_text_append (out, euros->str, euros->len);
      g_assert_null (strstr (out->str, REPLACEMENT));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/log-text/text", test_text);
  g_test_add_func ("/log-text/not-text", test_not_text);
  g_test_add_func ("/log-text/terminal", test_terminal);
  g_test_add_func ("/log-text/long", test_long);

  return g_test_run ();
}
