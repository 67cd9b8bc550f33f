#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lockstep-cli run, and a reader that does not read: neither the run nor ^C may wait for it."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import termios

import cli_test
import tap
from screen import Screen

CHATTY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "chatty_solver.py")


class Reader(cli_test.CliTest):
    def write_chatty_plan(self, *arguments):
        return self.write_plan(solver={"command": [sys.executable, CHATTY, *arguments]}, steps=[{"step": "talk", "on": "all"}])

    def wait_until_full(self, reader):
        """Until the pipe has not become fuller for a while, and is not empty."""
        levels = [0]

        def is_full():
            levels.append(int.from_bytes(fcntl.ioctl(reader, termios.FIONREAD, b"\0" * 4), sys.byteorder))
            return len(levels) > 20 and levels[-20] == levels[-1] > 60000

        cli_test.wait_until(is_full, "the pipe is full")

    def wait_until_journaled(self, words):
        """Until the journal of the only run has @words."""

        def is_journaled():
            for folder, _, names in os.walk(self.runs):
                if "journal.jsonl" in names:
                    with open(os.path.join(folder, "journal.jsonl"), encoding="utf-8") as journal:
                        return words in journal.read()
            return False

        cli_test.wait_until(is_journaled, f"the journal has {words}")

    def test_interrupt_when_nobody_reads(self):
        run = self.start("run", self.write_chatty_plan("5000", "for-ever"))
        self.wait_until_full(run.stdout.fileno())
        self.assertFalse(fcntl.fcntl(run.stdout.fileno(), fcntl.F_GETFL) & os.O_NONBLOCK)
        run.send_signal(signal.SIGINT)
        self.assertEqual(run.wait(timeout=cli_test.WATCHDOG), 130)
        self.assert_nothing_left()
        run.stdout.close()
        run.stderr.close()

    def test_run_goes_on_and_what_is_left_out_is_told(self):
        lines = 5000
        run = self.start("run", self.write_chatty_plan(str(lines)))
        self.wait_until_full(run.stdout.fileno())
        self.wait_until_journaled('"run-ended"')
        self.assertIsNone(run.poll())
        output, errors = run.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual((run.returncode, errors), (0, ""))
        shown = [int(number) for number in re.findall(r"solver 0 +line (\d+) ", output)]
        left_out = [int(number) for number in re.findall(r"(?m)^([0-9]+) lines were left out here", output)]
        self.assertEqual(shown, sorted(set(shown)))
        self.assertEqual(shown[0], 0)
        self.assertEqual(len(left_out), 1)
        self.assertGreater(left_out[0], lines / 2)
        # What is missing are lines of the solver, and some that tell of the end of the run.
        self.assertGreaterEqual(len(shown) + left_out[0], lines)
        self.assertLess(len(shown) + left_out[0], lines + 10)
        self.assertGreater(len(shown), 900)
        self.assertRegex(output, r"(?m)^Finished in ")
        self.assertIn(self.runs, output)

    def test_no_line_is_lost_untold(self):
        run = self.start("run", self.write_chatty_plan("3000"))
        output, _ = run.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual(run.returncode, 0)
        self.assertEqual(len(re.findall(r"solver 0 +line \d+ ", output)) + sum(
            int(number) for number in re.findall(r"(?m)^([0-9]+) lines? w", output)), 3000)

    def test_interrupt_when_the_terminal_is_held(self):
        master, slave = os.openpty()
        self.addCleanup(os.close, master)
        run = subprocess.Popen([cli_test.CLI, "run", self.write_chatty_plan("200", "for-ever")], env=self.environment,
                               stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        self.addCleanup(os.close, slave)
        self.wait_until_journaled("line 199 ")
        run.send_signal(signal.SIGINT)
        self.assertEqual(run.wait(timeout=cli_test.WATCHDOG), 130)
        self.assertFalse(fcntl.fcntl(slave, fcntl.F_GETFL) & os.O_NONBLOCK)

    def test_terminal_that_is_read_late(self):
        master, slave = os.openpty()
        run = subprocess.Popen([cli_test.CLI, "run", self.write_chatty_plan("200")], env=self.environment,
                               stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        self.wait_until_journaled('"run-ended"')
        output = b""
        try:
            while data := os.read(master, 65536):
                output += data
        except OSError:
            pass
        os.close(master)
        self.assertEqual(run.wait(timeout=cli_test.WATCHDOG), 0)
        screen = Screen(80, 24)
        screen.feed(output.decode())
        self.assertEqual([int(number) for number in re.findall(r"solver 0 +line (\d+) ", screen.text())], list(range(200)))
        self.assertNotIn("█", screen.text())
        self.assertIn("Finished in ", screen.text())


tap.main()
