#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in docs/examples, each in its own language: they keep to the protocol, and their plans run."""

import math
import os
import shutil
import subprocess

import cli_test
import tap

EXAMPLES = os.path.join(cli_test.SOURCE_ROOT, "docs", "examples")


class Examples(cli_test.CliTest):
    def setUp(self):
        super().setUp()
        self.environment["PYTHONPATH"] = os.path.join(cli_test.SOURCE_ROOT, "src", "sdk", "python")

    def check(self, example, command):
        folder = os.path.join(EXAMPLES, example)
        done = subprocess.run([cli_test.CLI, "test-solver", "--initialize", '{"rectangles": 200000}', "--", *command],
                              cwd=folder, env=self.environment, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("The solver keeps to the protocol.", done.stdout)
        self.assertNotIn("Warning", done.stdout)

        code, report, _ = self.run_json(os.path.join(folder, "pi.lockstep"), "--solvers", "2", "--set",
                                        "params.rectangles=20000")
        self.assertEqual((code, report["solvers"]), (0, 2))
        self.assertTrue(math.isclose(report["result"]["pi"], math.pi, abs_tol=1e-8), report)
        self.assert_nothing_left()

    def test_python(self):
        self.check("python-solver", ["python3", "solver.py"])

    def test_python_without_an_sdk(self):
        self.check("plain-python-solver", ["python3", "solver.py"])

    def test_shell(self):
        self.check("shell-solver", ["bash", "solver.sh"])

    def test_javascript(self):
        folder = os.path.join(EXAMPLES, "javascript-solver")
        if not shutil.which("node"):
            self.skipTest("there is no node")
        if subprocess.run(["node", "-e", 'require("json-rpc-2.0")'], cwd=folder, env=self.environment,
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest(f"json-rpc-2.0 is not installed: type “npm install” in {folder}")
        self.check("javascript-solver", ["node", "solver.js"])


tap.main()
