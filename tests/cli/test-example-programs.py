#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs in docs/examples that know nothing of Lockstep: built as their README says, their plans give the right
results, and what they print is seen while they compute."""

import csv
import glob
import json
import math
import os
import shutil
import signal
import subprocess

import cli_test
import tap

EXAMPLES = os.path.join(cli_test.SOURCE_ROOT, "docs", "examples")

# What C and Fortran print at a time to what is no terminal, unless they are told otherwise, is no less.
BLOCK = 4096


class ExamplePrograms(cli_test.CliTest):
    def copy(self, example):
        """A copy of the example's folder, to build and to run in."""
        place = os.path.join(self.folder, example)
        shutil.copytree(os.path.join(EXAMPLES, example), place)
        return place

    def build(self, example, source):
        """Builds the example in a copy of its folder, with the line of the README."""
        with open(os.path.join(EXAMPLES, "README.md"), encoding="utf-8") as readme:
            [command] = [line.split() for line in readme if f" {source} -o " in line]
        if not shutil.which(command[0]):
            self.skipTest(f"there is no {command[0]}")
        place = self.copy(example)
        done = subprocess.run([*command, "-Wall", "-Wextra", "-Werror"], cwd=place, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return place

    def list_settings(self, settings):
        return [argument for setting in settings for argument in ("--set", setting)]

    def check(self, plan, *settings):
        """Runs @plan, and returns its results and the run's folder."""
        done = self.run_cli("check", plan)
        self.assertEqual(done.returncode, 0, done.stderr)
        code, report, stderr = self.run_json(plan, "--solvers", "2", *self.list_settings(settings))
        self.assertEqual((code, report["state"], report["failures"]), (0, "finished", []), stderr)
        self.assert_nothing_left()
        return report["result"], report["directory"]

    def read_progress(self):
        """What was told of progress in the runs that there are."""
        for path in glob.glob(os.path.join(self.runs, "*", "journal.jsonl")):
            with open(path, encoding="utf-8") as journal:
                lines = [line for line in journal if line.endswith("}\n")]
            yield from (fact["data"] for fact in map(json.loads, lines) if fact.get("event") == "progress")

    def check_live(self, plan, value, *settings):
        """Runs @plan, which @settings make so long that it does not end, and sees its progress and @value."""
        run = self.start("run", "--json", plan, "--solvers", "1", *self.list_settings(settings))
        cli_test.wait_until(lambda: run.poll() is not None or
                            any(0 < (data["fraction"] or 0) < 1 and value in data.get("values", {})
                                for data in self.read_progress()), "progress is seen")
        self.assertIsNone(run.poll(), "it goes on")
        [folder] = os.listdir(self.runs)
        printed = os.path.getsize(os.path.join(self.runs, folder, "tasks", "0000", "1", "output.log"))
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual(run.returncode, 130)
        self.assert_nothing_left()
        return printed

    def test_python(self):
        plan = os.path.join(EXAMPLES, "python-program", "epidemic.lockstep")
        grid = "steps[0].tasks.grid."
        results, _ = self.check(plan, "params.people=5000", "params.days=60", grid + "risk=[0.03]", grid + "seed=[1]")
        rates = [result["attack rate"] for result in results]
        self.assertEqual(rates, sorted(rates))
        for result in results:
            self.assertTrue(10 <= result["peak"] <= 5000 * result["attack rate"] + 10, result)

        # Without a word of flush in it.
        shutil.rmtree(self.runs)
        self.assertLess(self.check_live(plan, "infectious", "params.people=1000000"), BLOCK)

    def test_shell(self):
        plan = os.path.join(EXAMPLES, "shell-program", "car-park.lockstep")
        results, folder = self.check(plan, "params.days=5")
        self.assertEqual(len(results), 6)
        # The more cars, and the fewer spaces.
        for one, other in ((3, 0), (0, 1), (3, 4), (4, 5)):
            self.assertGreater(results[one]["refused"], results[other]["refused"])
        for task, result in enumerate(results):
            with open(os.path.join(folder, "collected", f"{task:04}-days.csv"), encoding="utf-8") as table:
                days = [{name: int(cell) for name, cell in row.items()} for row in csv.DictReader(table)]
            share = 100 * sum(day["refused"] for day in days) / sum(day["cars"] for day in days)
            self.assertAlmostEqual(result["refused"], share, delta=0.0051)
            self.assertEqual(result["worst"], max(day["refused"] for day in days))

        shutil.rmtree(self.runs)
        self.check_live(plan, "refused", "params.days=100000")

    def test_octave(self):
        if not shutil.which("octave-cli"):
            self.skipTest("there is no octave-cli")
        results, folder = self.check(os.path.join(EXAMPLES, "octave-program", "column.lockstep"))
        loads = [result["load"] for result in results]
        self.assertTrue(math.isclose(loads[0], math.pi ** 2, rel_tol=1e-4), loads)
        self.assertEqual(loads, sorted(loads, reverse=True))
        with open(os.path.join(folder, "tasks", "0003", "1", "output.log"), encoding="utf-8") as log:
            self.assertIn("grid 5 of 5: 400 points", log.read())

    def test_fortran(self):
        place = self.build("fortran-program", "rod.f90")
        plan = os.path.join(place, "rod.lockstep")
        results, folder = self.check(plan, "params.cells=400")
        with open(os.path.join(place, "metals.csv"), encoding="utf-8") as table:
            metals = list(csv.DictReader(table))
        # Where erfc is a half: the rod is nearly one without an end.
        for metal, result in zip(metals, results):
            depth = 2 * 0.476936 * math.sqrt(float(metal["diffusivity"]) * 900)
            self.assertTrue(math.isclose(result["depth"], depth, rel_tol=0.02), (metal, result))
        with open(os.path.join(folder, "tasks", "0001", "1", "case.nml"), encoding="utf-8") as case:
            self.assert_words(case.read(), "diffusivity = 1.11e-4\n", "seconds     =     900.00\n")
        with open(os.path.join(folder, "tasks", "0001", "1", "output.log"), encoding="utf-8") as log:
            self.assertRegex(log.read(), r"DEPTH .*0\.\d{7}D\+00\n$")

        shutil.rmtree(self.runs)
        self.assertLess(self.check_live(plan, "flux", "params.cells=3000"), BLOCK)

    def test_c(self):
        plan = os.path.join(self.build("c-program", "plate.c"), "plate.lockstep")
        results, _ = self.check(plan, "params.size=51")
        for edge, result in zip((20, 40, 60, 80), results):
            self.assertTrue(math.isclose(result["middle"], edge / 4, rel_tol=1e-6), result)
            self.assertGreater(result["sweeps"], 1000)

        # With a case that it does not take, it says so itself.
        code, report, _ = self.run_json(plan, "--set", 'program.stdin="/dev/null"')
        self.assertEqual(code, 3)
        self.assertIn("FATAL: no case on standard input", report["failures"][0]["reason"])

        shutil.rmtree(self.runs)
        self.assertLess(self.check_live(plan, "change", "params.size=401", "params.goal=0"), BLOCK)

    def test_every_example_is_listed(self):
        with open(os.path.join(EXAMPLES, "README.md"), encoding="utf-8") as readme:
            text = readme.read()
        for folder, _, names in os.walk(EXAMPLES):
            for name in names:
                if name.endswith(".lockstep"):
                    self.assertIn(f"({os.path.relpath(os.path.join(folder, name), EXAMPLES)})", text)


tap.main()
