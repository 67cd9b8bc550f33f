#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sweep with a case that always crashes: what the terminal says of it, and how it is done again."""

import os
import re
import shlex

import cli_test
import tap

N_TASKS = 1000
BAD = 617


class Sweep(cli_test.CliTest):
    def write_sweep(self, **bad):
        tasks = [{"value": task} for task in range(N_TASKS)]
        tasks[BAD].update(bad)
        return self.write_plan("obeys", solvers=2, retries=1, steps=[{"step": "work", "title": "Cases", "tasks": tasks}])

    def assert_results(self, report, *missing):
        self.assertEqual(len(report["result"]), N_TASKS)
        for task, result in enumerate(report["result"]):
            if task in missing:
                self.assertIsNone(result)
            else:
                self.assertEqual((result["task"], result["value"]), (task, task))

    def test_one_that_always_crashes_and_is_mended(self):
        broken = self.write_text("", "broken")
        code, report, stderr = self.run_json(self.write_sweep(**{"crash": True, "while": broken}))
        self.assertEqual((code, report["state"]), (3, "finished"), stderr)
        self.assert_results(report, BAD)
        failure, = report["failures"]
        self.assertEqual((failure["step"], failure["task"], failure["attempt"], failure["cause"]),
                         ("Cases", BAD, 2, "crash"))
        self.assert_words(failure["reason"], r"killed by SIGSEGV \(segmentation fault\)")
        self.assertEqual(failure["line"], f"case {BAD}: negative depth at link 8812")

        # What the person reads: why, where the logs are, and the command.
        self.assert_words(stderr, r"1 task failed \(crash\): ", "negative depth at link", f"task {BAD}",
                          re.escape(os.path.join(report["directory"], "solver-")))
        command, = re.findall(r"lockstep-cli run --resume \S+ --failed", stderr)

        os.remove(broken)
        code, report, stderr = self.run_json(*shlex.split(command)[2:])
        self.assertEqual((code, report["state"], report["failures"]), (0, "finished", []), stderr)
        self.assert_results(report)
        self.assertEqual(report["result"][BAD]["attempt"], 3)
        self.assert_nothing_left()


tap.main()
