#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev on machines that this one is not: a fresh one, one that has all, one of another distribution.

Its tools are scripts here that write down how they were called, in a tree that holds nothing but ./dev.
"""

import os
import shutil
import subprocess
import tempfile
import unittest

import tap

ROOT = os.environ["LOCKSTEP_SOURCE_ROOT"]

# What a Debian without anything has.
ESSENTIAL = ("bash", "env", "cat", "mktemp", "rm", "id", "dirname", "readlink", "sed", "basename", "sort", "find",
             "mkdir", "touch")

DPKG_QUERY = """
for package; do :; done
if [ -e "$STATE/all" ] || grep -qx "$package" "$STATE/packages" 2>/dev/null; then
  printf installed
else
  exit 1
fi
"""

APT_GET = """
printf 'apt-get %s\\n' "$*" >>"$STATE/log"
case "$*" in
  *update) touch "$STATE/lists" ;;
  *install*) [ -e "$STATE/lists" ] && touch "$STATE/all" ;;
esac
"""

MESON = """
printf 'meson %s\\n' "$*" >>"$STATE/log"
if [ "$1" = setup ]; then
  mkdir -p "$2/src/cli" "$2/src/app"
  touch "$2/build.ninja"
  for program in cli/lockstep-cli app/lockstep; do
    printf '#!/bin/bash\\nprintf "%s %%s\\\\n" "$*" >>"$STATE/log"\\n' "$program" >"$2/src/$program"
    chmod +x "$2/src/$program"
  done
fi
[ ! -e "$STATE/broken" ] || { echo "it is broken"; exit 1; }
"""


class Dev(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lockstep-dev-")
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("bin", "state", "tree", "tree/data"):
            os.mkdir(os.path.join(self.folder, name))
        self.dev = shutil.copy(os.path.join(ROOT, "dev"), os.path.join(self.folder, "tree", "dev"))
        self.tree = os.path.join(self.folder, "tree")
        for name in ESSENTIAL + ("chmod", "grep"):
            os.symlink(shutil.which(name), os.path.join(self.folder, "bin", name))
        self.write_tool("meson", MESON)
        with open(os.path.join(self.tree, "data", "demonstration.lockstep"), "w", encoding="utf-8") as plan:
            plan.write("{}")

    def write_tool(self, name, text):
        path = os.path.join(self.folder, "bin", name)
        with open(path, "w", encoding="utf-8") as tool:
            tool.write("#!/bin/bash\n" + text)
        os.chmod(path, 0o755)

    def make_debian(self):
        self.write_tool("dpkg-query", DPKG_QUERY)
        self.write_tool("apt-get", APT_GET)
        self.write_tool("sudo", '"$@"\n')

    def touch(self, name):
        with open(os.path.join(self.folder, "state", name), "w", encoding="utf-8"):
            pass

    def run_dev(self, *arguments, display=None):
        environment = {"PATH": os.path.join(self.folder, "bin"), "STATE": os.path.join(self.folder, "state")}
        if display:
            environment["DISPLAY"] = display
        return subprocess.run(["bash", self.dev, *arguments], env=environment, cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def read_log(self):
        with open(os.path.join(self.folder, "state", "log"), encoding="utf-8") as log:
            return log.read().splitlines()

    def test_fresh_machine_without_a_display(self):
        self.make_debian()
        done = self.run_dev("run")
        self.assertEqual(done.returncode, 0, done.stderr)
        first, update, second, setup, build, program = self.read_log()
        self.assertIn("install", first)
        self.assertTrue(update.endswith("update"))
        self.assertEqual(first, second)
        for package in ("gcc", "meson", "libgtk-4-dev", "libadwaita-1-dev", "libjson-glib-dev"):
            self.assertIn(f" {package}", second)
        self.assertIn("setup", setup)
        self.assertIn("compile", build)
        self.assertEqual(program, f"cli/lockstep-cli run {self.tree}/data/demonstration.lockstep")
        self.assertIn("no display", done.stderr)

    def test_only_what_is_missing_is_installed(self):
        self.make_debian()
        self.touch("lists")
        with open(os.path.join(self.folder, "state", "packages"), "w", encoding="utf-8") as packages:
            packages.write("gcc\nmeson\n")
        self.run_dev("run")
        install = self.read_log()[0]
        self.assertNotIn(" gcc", install)
        self.assertNotIn(" meson", install)
        self.assertIn(" gettext", install)
        self.assertFalse(any("update" in line for line in self.read_log()))

    def test_machine_that_has_all(self):
        self.make_debian()
        self.touch("all")
        for _ in range(2):
            self.assertEqual(self.run_dev("run", display=":0").returncode, 0)
        log = self.read_log()
        self.assertFalse([line for line in log if line.startswith("apt-get")])
        self.assertEqual(len([line for line in log if line.startswith("meson setup")]), 1)
        self.assertEqual(log[-1], f"app/lockstep {self.tree}/data/demonstration.lockstep")

    def test_plan_is_found_from_where_one_is(self):
        self.make_debian()
        self.touch("all")
        with open(os.path.join(self.folder, "mine.lockstep"), "w", encoding="utf-8"):
            pass
        self.assertEqual(self.run_dev("run", "mine.lockstep").returncode, 0)
        self.assertEqual(self.read_log()[-1], f"cli/lockstep-cli run {self.folder}/mine.lockstep")
        done = self.run_dev("run", "absent.lockstep")
        self.assertEqual(done.returncode, 1)
        self.assertIn("absent.lockstep", done.stderr)

    def test_packages_that_cannot_be_installed(self):
        self.make_debian()
        self.write_tool("apt-get", 'echo "no network"; exit 100\n')
        done = self.run_dev("run")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no network", done.stderr)

    def test_another_distribution(self):
        done = self.run_dev("run")
        self.assertEqual(done.returncode, 1)
        for missing in ("cc", "pkg-config", "gtk4 >= 4.8", "libadwaita-1 >= 1.2"):
            self.assertIn(missing, done.stderr)
        self.assertNotIn("meson", done.stderr.split("install what has:")[1])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "state", "log")))

    def test_build_that_fails_is_shown(self):
        self.make_debian()
        self.touch("all")
        self.touch("broken")
        done = self.run_dev("run")
        self.assertEqual(done.returncode, 1)
        self.assertIn("it is broken", done.stderr)

    def test_unknown_command(self):
        self.assertEqual(self.run_dev("fly").returncode, 2)
        self.assertIn("./dev", self.run_dev().stdout)


tap.main()
