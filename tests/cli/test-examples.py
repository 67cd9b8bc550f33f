#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The solvers of the project, and the examples in docs/examples, each in its own language: they keep to the protocol,
and the plans of the latter run."""

import json
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

    def check_conformance(self, folder, *arguments):
        done = subprocess.run([cli_test.CLI, "test-solver", "--timeout", "30", *arguments], cwd=folder,
                              env=self.environment, capture_output=True, text=True, timeout=cli_test.WATCHDOG)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("The solver keeps to the protocol.", done.stdout)
        self.assertNotIn("Warning", done.stdout)

    def check(self, example, command):
        folder = os.path.join(EXAMPLES, example)
        self.check_conformance(folder, "--initialize", '{"rectangles": 200000}', "--", *command)
        code, report, _ = self.run_json(os.path.join(folder, "pi.lockstep"), "--solvers", "2", "--set",
                                        "params.rectangles=20000")
        self.assertEqual((code, report["solvers"]), (0, 2))
        self.assertTrue(math.isclose(report["result"]["pi"], math.pi, abs_tol=1e-8), report)
        self.assert_nothing_left()

    def test_solvers_of_the_project(self):
        solvers = os.path.join(os.environ["LOCKSTEP_BUILD_ROOT"], "src", "solvers")
        network, trips = (os.path.join(cli_test.SOURCE_ROOT, "data", "city", name)
                          for name in ("city_net.tntp", "city_trips.tntp"))
        for path, arguments in (
                ("demo/lockstep-demo-solver", ["--initialize", '{"min": 1000, "max": 2000, "repeat": 1}']),
                ("assignment/lockstep-assignment-solver",
                 ["--initialize", json.dumps({"network": network, "trips": trips})]),
                ("tsp/lockstep-tsp-solver", [])):
            with self.subTest(path):
                self.check_conformance(self.folder, *arguments, "--", os.path.join(solvers, path))

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
