#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tree promises about itself."""

import os
import re
import subprocess
import unittest

import tap

ROOT = os.environ["LOCKSTEP_SOURCE_ROOT"]

# What a string for a person is marked with, by the ending of the file.
MARKS = {
    ".c": re.compile(r"\b(N?_|ngettext|C_|NC_) ?\("),
    ".ui": re.compile(r'translatable="(yes|true)"'),
    ".blp": re.compile(r"\b_\("),
    ".xml": re.compile(r"<summary>|<description>"),
}

# Files that can hold no comment, or are not ours to mark.
WITHOUT_LICENCE = re.compile(r"\.(md|txt|json|jsonl|lockstep|png|svg|tntp|po|csv)$|(^|/)(COPYING|LINGUAS|\.gitignore|first\.lockstep|py\.typed)$")


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def list_files(*folders):
    for folder in folders:
        for place, inner, names in os.walk(os.path.join(ROOT, folder)):
            inner[:] = [name for name in inner if name not in ("__pycache__", "node_modules")]
            for name in names:
                yield os.path.relpath(os.path.join(place, name), ROOT)


def read_list(*path):
    return [line for line in read(*path).splitlines() if line and not line.startswith("#")]


class Tree(unittest.TestCase):
    maxDiff = None

    def test_potfiles_are_complete(self):
        listed = read_list("po", "POTFILES")
        marked = []
        for path in list_files("src", "ui", "data"):
            mark = MARKS.get(os.path.splitext(path)[1])
            if mark and mark.search(read(path)) and (not path.endswith(".xml") or "gschema" in path):
                marked.append(path)
        self.assertEqual(sorted(set(marked) - set(listed)), [], "not in po/POTFILES")
        self.assertEqual([path for path in listed if not os.path.isfile(os.path.join(ROOT, path))], [])
        self.assertEqual(listed, sorted(listed))

    def test_only_parts_with_strings_use_gettext(self):
        for path in list_files("src/transport", "src/guard", "src/sdk", "src/solvers"):
            self.assertNotIn("gi18n", read(path), path)

    def test_strings_can_be_translated(self):
        # Where a string goes on with G_GINT64_FORMAT, xgettext cuts it off there; PRId64 and its like it knows.
        files = [path for path in read_list("po", "POTFILES") if path.endswith(".c")]
        done = subprocess.run(["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=ngettext:1,2",
                               "--no-location", "--no-wrap", "-o", "-", *files], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(re.findall(r'^.*[^%]%"$', done.stdout, re.MULTILINE), [])

    def test_translations_are_well_formed(self):
        for language in read_list("po", "LINGUAS"):
            done = subprocess.run(["msgfmt", "--check", "-o", os.devnull, os.path.join(ROOT, "po", language + ".po")],
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), language)

    def test_readme_shows_the_files_that_it_names(self):
        readme = read("README.md")
        solver = read("docs", "examples", "first-solver", "solver.c")
        self.assertIn("```c\n" + solver[solver.index("#include"):] + "```", readme)
        solver = read("docs", "examples", "python-solver", "solver.py")
        self.assertIn("```python\n" + solver[solver.index("from lockstep"):] + "```", readme)
        self.assertIn("```json\n" + read("docs", "examples", "first-solver", "first.lockstep") + "```", readme)
        self.assertIn("```json\n" + read("data", "demonstration.lockstep") + "```", readme)
        for link in re.findall(r"\]\(([^)#]+)\)", readme):
            self.assertTrue(os.path.exists(os.path.join(ROOT, link)), link)

    def test_every_file_tells_its_licence(self):
        mit = ("src/transport/", "src/sdk/", "src/solvers/", "docs/examples/")
        for path in list_files("src", "ui", "data", "tests", "docs", "po"):
            if WITHOUT_LICENCE.search(path):
                continue
            with self.subTest(path=path):
                try:
                    head = read(path)[:400]
                except UnicodeDecodeError:
                    continue
                expected = "MIT" if path.startswith(mit) else "GPL-3.0-or-later"
                self.assertIn("SPDX-License-Identifier: " + expected, head)


tap.main()
