#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""That the bench works: each question once, with so little that its figures mean nothing."""

import json
import math
import os
import subprocess
import sys
import tempfile
import unittest

import tap

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import bench  # noqa: E402
import figures  # noqa: E402


class Questions(unittest.TestCase):
    def ask(self, letter):
        with tempfile.NamedTemporaryFile(mode="r", suffix=".json") as file:
            done = subprocess.run([sys.executable, os.path.join(HERE, "bench.py"), "--build", os.environ["LOCKSTEP_BUILD_ROOT"],
                                   "--quick", "--json", file.name, letter], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            question, = json.load(file)["questions"]
        self.assertIn(question["title"], done.stdout)
        if not question["rows"] and question["skipped"]:
            self.skipTest(question["skipped"][0]["why"])
        self.assertGreater(len(question["rows"]), 0)
        for row in question["rows"]:
            for figure in row["values"] + row.get("ratio", {}).get("values", []):
                self.assertTrue(math.isfinite(figure), row)

    def test_an_unknown_question_is_refused(self):
        done = subprocess.run([sys.executable, os.path.join(HERE, "bench.py"), "--build", ".", "z"], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no question “z”", done.stderr)


class Targets(unittest.TestCase):
    def test_a_ratio_is_judged_by_its_median(self):
        row = figures.Row(8, "Lockstep", [2.0, 2.0, 9.0], figures.divide([2.0, 2.0, 9.0], [2.0, 2.0, 2.0]), "× raw",
                          figures.at_most(1.3))
        self.assertTrue(row.met)
        row.target = figures.at_most(1.3, "worst")
        self.assertFalse(row.met)
        row.target = figures.at_least(1.1)
        self.assertFalse(row.met)

    def test_a_value_is_judged_where_there_is_no_ratio(self):
        self.assertFalse(figures.Row("", "worst", [1.0, 51.0], target=figures.at_most(50, "worst")).met)


def add_question(letter, name):
    setattr(Questions, f"test_{letter}_{name}", lambda self: self.ask(letter))


for question in bench.QUESTIONS.items():
    add_question(*question)

if __name__ == "__main__":
    tap.main()
