/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lockstep-script-names.h"

static const struct
{
  const char *text;
  guint       position;
  const char *expected;
} cases[] = {
  { "import sys\nalpha = float(sys.argv[1])\n", 1, "alpha" },
  { "alpha = float(sys.argv[1])\n", 2, NULL },
  { "a, b = float(sys.argv[1]), int(sys.argv[2])\n", 2, "b" },
  { "a, b = sys.argv[1:3]\n", 1, NULL },
  { "x = f(sys.argv[1], sys.argv[2])\n", 2, NULL },
  { "if sys.argv[1] == 'x': pass\n", 1, NULL },
  { "  self.rate=int(sys.argv[12])\n", 12, "rate" },
  { "  local rate=\"$1\"\n", 1, "rate" },
  { "rate=${2:-7}\n", 2, "rate" },
  { "rate=${1:-3}; minutes=${2:-20}\n", 2, "minutes" },
  { "echo $1\n", 1, NULL },
  { "rate <- as.numeric(args[3])\n", 3, "rate" },
  { "rate = parse(Float64, ARGS[1])\n", 1, "rate" },
  { "rate = str2num (argv(){1});\n", 1, "rate" },
  { "args[1] = 3\n", 1, NULL },
  { "", 1, NULL },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = lockstep_script_dup_name (cases[i].text, cases[i].position);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (name, ==, cases[i].expected);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script-names", test_names);

  return g_test_run ();
}
