#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lockstep-cli run, stopped: by ^C once, twice and thrice, by SIGTERM and SIGHUP, and by SIGKILL."""

import json
import os
import signal
import time

import cli_test
import tap


class Stop(cli_test.CliTest):
    def start_computing(self, *mode, n_solvers=2):
        """Starts a run that does not end by itself, and returns when its solvers compute."""
        run = self.start("run", self.write_plan(*mode, solvers=n_solvers))
        self.wait_for_line(run, "Step “work” started")
        self.assertGreaterEqual(len(self.list_processes()), 1 + 2 * n_solvers)
        return run

    def wait_for_line(self, run, text):
        for line in run.stdout:
            if text in line:
                return line
        raise AssertionError(f"ended without “{text}”: {run.stderr.read()}")

    def finish(self, run):
        output, errors = run.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual(self.list_processes(), [], "a process of the run is left")
        return output, errors

    def test_interrupt_asks(self):
        run = self.start_computing("sleep", "300")
        run.send_signal(signal.SIGINT)
        output, _ = self.finish(run)
        self.assertEqual(run.returncode, 130)
        self.assertIn("Asking the solvers", output)
        self.assertNotIn("SIGTERM to the solvers", output)
        self.assertIn("Terminated", output)

    def test_second_interrupt_sends_sigterm(self):
        run = self.start_computing("never-answers")
        run.send_signal(signal.SIGINT)
        self.wait_for_line(run, "Asking the solvers")
        run.send_signal(signal.SIGINT)
        output, _ = self.finish(run)
        self.assertEqual(run.returncode, 130)
        self.assertIn("Sending SIGTERM to the solvers", output)
        self.assertIn("killed by SIGTERM", output)

    def test_third_interrupt_sends_sigkill(self):
        # Without the third it takes the whole grace period, 5 s, each time; with it where the machine stands still.
        for _ in range(5):
            if self.interrupt_three_times() < 5:
                return
        self.fail("it took the grace period")

    def interrupt_three_times(self):
        """How many seconds the run went on from the first."""
        run = self.start_computing("ignores-sigterm-in-step")
        start = time.monotonic()
        run.send_signal(signal.SIGINT)
        self.wait_for_line(run, "Asking the solvers")
        run.send_signal(signal.SIGINT)
        self.wait_for_line(run, "Sending SIGTERM to the solvers")
        run.send_signal(signal.SIGINT)
        output, _ = self.finish(run)
        self.assertEqual(run.returncode, 130)
        self.assertIn("Sending SIGKILL to the solvers", output)
        self.assertIn("killed by SIGKILL", output)
        return time.monotonic() - start

    def test_one_interrupt_is_enough_in_the_end(self):
        run = self.start_computing("double-fork-deaf", n_solvers=1)
        run.send_signal(signal.SIGINT)
        self.finish(run)
        self.assertEqual(run.returncode, 130)

    def test_sigterm_and_sighup_terminate(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            run = self.start_computing("never-answers", n_solvers=1)
            run.send_signal(number)
            output, _ = self.finish(run)
            self.assertEqual(run.returncode, 130)
            self.assertIn("Sending SIGTERM to the solvers", output)

    def test_json_of_a_terminated_run(self):
        run = self.start("run", "--json", self.write_plan("sleep", "300"))
        for line in run.stderr:
            if "Step “work” started" in line:
                break
        run.send_signal(signal.SIGINT)
        output, _ = self.finish(run)
        report = json.loads(output)
        self.assertEqual((run.returncode, report["state"], report["result"]), (130, "terminated", None))

    def assert_nothing_survives_the_kill(self, *mode):
        run = self.start_computing(*mode)
        run.kill()
        run.communicate()
        self.assert_nothing_left()

    def test_nothing_survives_a_killed_controller(self):
        self.assert_nothing_survives_the_kill("sleep", "300")

    def test_nothing_that_ignores_sigterm_survives_a_killed_controller(self):
        self.assert_nothing_survives_the_kill("ignores-sigterm-in-step")

    def test_no_daemon_survives_a_killed_controller(self):
        self.assert_nothing_survives_the_kill("double-fork-deaf")

    def test_nothing_survives_a_finished_run(self):
        run = self.start("run", self.write_plan("double-fork", solvers=2))
        self.finish(run)
        self.assertEqual(run.returncode, 0)

    def test_reader_that_goes_away_does_not_end_the_run(self):
        run = self.start("run", self.write_plan("sleep", "1"))
        run.stdout.readline()
        run.stdout.close()
        run.wait(timeout=cli_test.WATCHDOG)
        self.assertEqual(run.returncode, 0)
        [folder] = os.listdir(self.runs)
        with open(os.path.join(self.runs, folder, "journal.jsonl"), encoding="utf-8") as journal:
            self.assertIn('"finished"', journal.read())


# Most of the time they wait for the grace period to end.
tap.main(at_once=4)
