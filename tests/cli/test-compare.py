#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""In what two runs differ."""

import json

import cli_test
import tap


class Compare(cli_test.CliTest):
    def run_plan(self, *mode, **members):
        code, report, stderr = self.run_json(self.write_plan(*mode, **members))
        self.assertIn(code, (0, 3), stderr)
        return report["run"]

    def compare(self, a, b, *arguments, code=3):
        done = self.run_cli("compare", "--json", a, b, *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def differences(self, found, kind):
        self.assertEqual(found[kind]["count"], len(found[kind]["differences"]))
        return {one["where"]: (one["a"], one["b"]) for one in found[kind]["differences"]}

    def test_the_same(self):
        runs = [self.run_plan("sum", solvers=2) for _ in range(2)]
        found = self.compare(*runs, code=0)
        self.assertTrue(found["same"])
        self.assertEqual([step["a"]["times"] for step in found["steps"]], [1])
        self.assertGreater(found["steps"][0]["b"]["seconds"], 0)
        done = self.run_cli("compare", *runs)
        self.assert_words(done.stdout, "Plan: the same", "Inputs: the same", "Results: the same", r"Step work: .* → ")

    def test_plans_params_and_inputs(self):
        table = self.write_text("x\n1\n", "table.csv")
        steps = [{"step": "work", "tasks": {"csv": table}}]
        a = self.run_plan("sum", params={"net": 0.1, "same": [1, 2]}, steps=steps)
        self.write_text("x\n2\n", "table.csv")
        b = self.run_plan("sum", params={"net": 0.2, "same": [1, 2]}, retries=2, steps=steps)
        found = self.compare(a, b, "--tolerance", "0.9")
        self.assertEqual(self.differences(found, "plan"), {"retries": (None, 2)})
        self.assertEqual(self.differences(found, "params"), {"params.net": (0.1, 0.2)})
        inputs = self.differences(found, "inputs")
        self.assertEqual(list(inputs), ["steps[0].tasks.csv"])
        self.assertEqual([one["path"] for one in inputs["steps[0].tasks.csv"]], [table, table])
        self.assertEqual({len(one["sha256"]) for one in inputs["steps[0].tasks.csv"]}, {64})

    def test_results_with_a_tolerance(self):
        runs = [self.run_plan("obeys", steps=[{"step": "work", "tasks": [{"value": value}, {"value": 0}]}])
                for value in (100, 101)]
        for arguments, same in (((), False), (("--tolerance", "0.009"), False), (("--tolerance", "0.01"), True),
                                (("--absolute", "0.9"), False), (("--absolute", "1"), True)):
            found = self.compare(*runs, *arguments)
            values = {where: pair for where, pair in self.differences(found, "results").items() if "pid" not in where}
            self.assertEqual(values, {} if same else {"work task 0 value": (100, 101)}, arguments)

    def test_a_task_that_failed_in_one(self):
        runs = [self.run_plan("obeys", steps=[{"step": "work", "tasks": [case]}])
                for case in ({"value": 1}, {"value": 1, "fail": "no"})]
        (where, pair), = self.differences(self.compare(*runs), "results").items()
        self.assertEqual((where, pair[0]["value"], pair[1]), ("work task 0", 1, None))

    def test_other_steps(self):
        runs = [self.run_plan("sum", steps=[{"step": step, "on": "all"}]) for step in ("work", "gather")]
        found = self.compare(*runs)
        self.assertEqual(found["results"]["count"], 0)
        self.assert_words(found["notes"][0], "step work were not compared")

    def test_what_makes_no_sense(self):
        run = self.run_plan("sum")
        for arguments, code in (((run,), 2), ((run, run, "--tolerance", "-1"), 2), ((run, "no-such"), 1)):
            self.assertEqual(self.run_cli("compare", *arguments).returncode, code, arguments)


tap.main()
