#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's first solver: built with the README's command, tried without Lockstep, and run."""

import json
import math
import os
import shutil
import subprocess

import cli_test
import tap

EXAMPLE = os.path.join(cli_test.SOURCE_ROOT, "docs", "examples", "first-solver")


class FirstSolver(cli_test.CliTest):
    def read_command(self):
        """The line of the README that builds it."""
        with open(os.path.join(cli_test.SOURCE_ROOT, "README.md"), encoding="utf-8") as readme:
            [command] = [line for line in readme if line.startswith("cc ") and "solver.c" in line]
        return command

    def build(self):
        for name in ("solver.c", "first.lockstep"):
            shutil.copy(os.path.join(EXAMPLE, name), self.folder)

        # The SDK is that of the build folder, which may need a sanitizer in the program as well.
        tools = os.path.join(self.folder, "bin")
        os.mkdir(tools)
        compiler = os.path.join(tools, "cc")
        with open(compiler, "w", encoding="utf-8") as script:
            script.write(f'#!/bin/sh\nexec {shutil.which("cc")} -Wall -Werror "$@" {os.environ["LOCKSTEP_SANITIZE"]}\n')
        os.chmod(compiler, 0o755)

        self.environment["PATH"] = tools + ":" + self.environment["PATH"]
        build = os.environ["LOCKSTEP_BUILD_ROOT"]
        self.environment["PKG_CONFIG_PATH"] = self.folder
        self.environment["LD_LIBRARY_PATH"] = os.path.join(build, "src", "sdk", "c")

        # A shell splits what pkg-config prints at spaces, which an installed SDK has none of, but this tree may.
        with open(os.path.join(build, "meson-uninstalled", "lockstep-sdk-uninstalled.pc"), encoding="utf-8") as file:
            text = file.read()
        for name, place in (("build", build), ("tree", cli_test.SOURCE_ROOT)):
            link = os.path.join(self.folder, name)
            os.symlink(place, link)
            text = text.replace(f"={place}\n", f"={link}\n").replace("=" + place.replace(" ", "\\ ") + "\n", f"={link}\n")
        self.write_text(text, "lockstep-sdk-uninstalled.pc")
        done = subprocess.run(["bash", "-c", self.read_command()], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_is_as_the_readme_says(self):
        self.build()

        alone = subprocess.run(["./solver", "--call", "integrate", '{"rectangles": 1000}'], cwd=self.folder,
                               env=self.environment, capture_output=True, text=True)
        self.assertEqual(alone.returncode, 0, alone.stderr)
        self.assertTrue(math.isclose(json.loads(alone.stdout)["sum"], math.pi, abs_tol=1e-6), alone.stdout)

        tested = subprocess.run([cli_test.CLI, "test-solver", "--", "./solver"], cwd=self.folder, env=self.environment,
                                capture_output=True, text=True)
        self.assertEqual((tested.returncode, tested.stderr), (0, ""), tested.stdout)

        plan = os.path.join(self.folder, "first.lockstep")
        done = self.run_cli("check", plan)
        self.assertEqual(done.returncode, 0, done.stderr)
        for n_solvers in ("1", "3"):
            code, report, _ = self.run_json(plan, "--solvers", n_solvers, "--set", "params.rectangles=300000")
            self.assertEqual((code, report["solvers"]), (0, int(n_solvers)))
            self.assertTrue(math.isclose(report["result"]["pi"], math.pi, abs_tol=1e-9), report)
        self.assert_nothing_left()


tap.main()
