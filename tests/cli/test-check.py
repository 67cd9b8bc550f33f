#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lockstep-cli check: what stands in a plan's way, told before anything starts."""

import os
import re
import signal

import cli_test
import tap


class Check(cli_test.CliTest):
    def check(self, plan, *arguments):
        done = self.run_cli("check", plan, *arguments)
        self.assertFalse(os.path.exists(self.runs))
        return done

    def assert_aligned(self, output):
        """All texts of the list start in the same column."""
        lines = output[output.index("Before the start"):].splitlines()[1:]
        columns = {re.match(r"  [✓!✗] \S+( \S+)* +(?=\S)|(?=    ) +", line).end() for line in lines}
        self.assertEqual(len(columns), 1, output)

    def test_all_is_well(self):
        done = self.check(self.write_plan("echo", steps=[{"step": "sweep", "tasks": 12345}]))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_words(done.stdout, r"(?m)^  ✓ Program +/", r"(?m)^  ✓ CPUs +\d+ of \d+ CPUs? allowed",
                          "✓ Memory .*available", "✓ Open files ", "✓ Disk .*free in " + re.escape(self.runs),
                          r"✓ Tasks +12,345 in step “sweep”", "✓ In all +Steps: 1, tasks: 12,345")
        self.assertNotRegex(done.stdout, "[!✗]")
        self.assert_aligned(done.stdout)

    def test_devices_without_an_end(self):
        done = self.check("/dev/zero")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assert_words(done.stderr, "/dev/zero is longer than .*csv")
        done = self.check(self.write_plan("echo", steps=[{"step": "work", "tasks": {"csv": "/dev/zero"}}]))
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "/dev/zero is not a regular file")

    def test_over_subscription_is_a_warning(self):
        done = self.check(self.write_plan("echo", solvers=700))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_words(done.stdout, r"(?m)^  ! Solvers +Warning: 700 threads")
        self.assert_aligned(done.stdout)

    def test_problems(self):
        place = self.write_text("", "file")
        done = self.check(self.write_plan(solver={"command": ["no-such-solver"]}), "--runs-dir", place)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stdout, "✗ Program +Problem: .*no-such-solver", "✗ Disk +Problem: .*" + re.escape(place),
                          "--runs-dir")
        self.assertRegex(done.stderr, "^lockstep-cli: .*2 problems are in the list.\n$")
        self.assert_aligned(done.stdout)

    def test_ascii(self):
        self.environment["LC_ALL"] = "C"
        done = self.check(self.write_plan(solver={"command": ["no-such-solver"]}))
        self.assertTrue(done.stdout.isascii())
        self.assert_words(done.stdout, r"(?m)^  x Program +Problem: ")

    def test_run_fails_for_the_same_reason(self):
        code, report, _ = self.run_json(self.write_plan("echo"), "--runs-dir", self.write_text("", "file"))
        self.assertEqual((code, report["state"]), (1, "failed"))
        self.assert_words(report["error"], "cannot be kept in", "--runs-dir")

    def test_run_tells_warnings(self):
        plan = self.write_plan("echo", solver={"command": [cli_test.FAKE_SOLVER, "echo"], "threads": 900})
        done = self.run_cli("run", plan)
        self.assertEqual(done.returncode, 0)
        self.assert_words(done.stdout, "warning: 900 threads")

    def test_other_runs(self):
        """What a live run holds is not free, until it ends, even by SIGKILL."""
        busy = self.write_plan("sleep", "300", name="busy.lockstep", solvers=64)
        plan = self.write_plan("echo", name="other.lockstep", solvers="auto")
        run = self.start("run", busy)
        while "Step “work” started" not in run.stdout.readline():
            pass
        done = self.run_cli("check", plan)
        self.assertEqual(done.returncode, 0)
        self.assert_words(done.stdout, rf"CPUs .*64 are held by other runs of yours: Test \(process {run.pid}\)",
                          r"Solvers +1,", "! Solvers +Warning: ", "other runs are over")

        run.send_signal(signal.SIGKILL)
        run.communicate()
        done = self.run_cli("check", plan)
        self.assertNotIn("held", done.stdout)
        self.assertNotIn("!", done.stdout)
        self.assert_nothing_left()


tap.main()
