#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lockstep-cli shows: plain lines in a pipe, a block redrawn in place on a terminal."""

import contextlib
import fcntl
import json
import os
import re
import resource
import signal
import struct
import subprocess
import termios
import time

import cli_test
import tap
from screen import Screen

# Bytes of a file of a run that may not grow further.
MAX_FILE = 50000


class Plain(cli_test.CliTest):
    def test_help(self):
        for arguments in (("--help",), ("run", "--help"), ("check", "--help")):
            done = self.run_cli(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assert_words(done.stdout, "Usage", "lockstep-cli", "--help")
        self.assertIn("--runs-dir", self.run_cli("run", "--help").stdout)
        self.assertIn("check", self.run_cli("--help").stdout)

    def test_version(self):
        done = self.run_cli("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^lockstep-cli \d+\.\d+\.\d+\n$")

    def test_wrong_usage(self):
        plan = self.write_plan("echo")
        for arguments, word in (((), "command"), (("fly",), "fly"), (("run",), "plan"), (("run", plan, plan), "one"),
                                (("run", plan, "--solvers", "0"), "--solvers"), (("run", plan, "--set", "x"), "--set"),
                                (("run", plan, "--colour"), "--colour"), (("check",), "plan")):
            done = self.run_cli(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assert_words(done.stderr, "^lockstep-cli: ", re.escape(word), "--help")

    def test_facts_in_a_pipe(self):
        done = self.run_cli("run", self.write_plan("sleep", "0.2", steps=[{"step": "first", "on": "all"},
                                                                        {"step": "second", "on": "one"}], solvers=2))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertNotIn("\x1b", done.stdout)
        self.assertNotIn("\r", done.stdout)
        for step in ("first", "second"):
            self.assertEqual(len(re.findall(f"Step “{step}” started", done.stdout)), 1)
        self.assertRegex(done.stdout, r"(?m)^\d\d:\d\d:\d\d  solver 1 ")
        self.assertRegex(done.stdout, r"(?m)^Finished")
        self.assertIn(self.runs, done.stdout)
        self.assertEqual(len(done.stdout.splitlines()), len(set(done.stdout.splitlines())))

    def test_log_lines(self):
        done = self.run_cli("run", self.write_plan("reports"))
        for level in ("info", "warning", "error"):
            self.assertIn(f"a line of {level}", done.stdout)
        self.assertNotIn("a line of debug", done.stdout)

    def test_quiet(self):
        done = self.run_cli("run", "--quiet", self.write_plan("echo"))
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertNotIn("Finished", done.stderr)
        done = self.run_cli("run", "-q", self.write_plan("step-error", "no way"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("no way", done.stderr)

    def test_quiet_warns(self):
        solver = {"command": [cli_test.FAKE_SOLVER, "echo"], "memory": "900 TB"}
        done = self.run_cli("run", "-q", self.write_plan(solver=solver))
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assert_words(done.stderr, "^lockstep-cli: .*900.*That is more than there is")

    def test_quiet_tells_that_the_run_waits(self):
        """A journal that cannot be written is an error, though the run has not ended."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, MAX_FILE))

        params = {"text": "x" * (MAX_FILE // 10)}
        plan = self.write_plan("echo", steps=[{"repeat": 1000, "steps": [{"step": "work", "on": "all", "params": params}]}])
        run = self.start("run", "--quiet", plan, preexec_fn=limit)
        line = run.stderr.readline()
        self.assert_words(line, "^lockstep-cli: Paused", "journal.jsonl", "the run waits", "goes on by itself")
        run.send_signal(signal.SIGTERM)
        output, _ = run.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual((run.returncode, output), (130, ""))
        self.assert_nothing_left()

    def test_what_is_no_disk_is_not_full(self):
        done = self.run_cli("run", "--runs-dir", "/proc/lockstep-runs", self.write_plan("echo"))
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("full", done.stderr)
        self.assert_words(done.stderr, "/proc/lockstep-runs", "--runs-dir")

    def test_locale_without_unicode(self):
        self.environment["LC_ALL"] = "C"
        done = self.run_cli("run", self.write_plan("echo"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.isascii())

    def test_solver_cannot_write_to_the_terminal(self):
        done = self.run_cli("run", self.write_plan("step-error", "one\x1b[31mtwo\rthree\nfour\x07"))
        self.assertEqual(done.returncode, 1)
        self.assertFalse(set("\x1b\r\x07") & set(done.stdout))

    def test_check(self):
        plan = self.write_plan("echo", solver={"command": [cli_test.FAKE_SOLVER, "echo"], "memory": "10 MB"}, solvers=3,
                               steps=[{"repeat": 5, "until": "gap < 1e-3", "steps": [
                                   {"step": "assign", "on": "all"}, {"step": "combine", "on": "one"}]}])
        done = self.run_cli("check", plan)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_words(done.stdout, "Test", re.escape(cli_test.FAKE_SOLVER), "allowed", r"\b3\b", "gap < 1e-3",
                          "assign", "combine", "At most 5 times", r"30(\.0)?.MB")
        self.assertFalse(os.path.exists(self.runs))

    def test_check_finds_the_program_as_run_would(self):
        done = self.run_cli("check", os.path.join(cli_test.SOURCE_ROOT, "data", "demonstration.lockstep"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stdout, "/lockstep-demo-solver")
        done = self.run_cli("check", self.write_plan(solver={"command": ["no-such-solver-anywhere"]}))
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "^lockstep-cli: .*cannot be run here: 1 problem")
        self.assert_words(done.stdout, r"(?m)^  ✗ Program +Problem: .*no-such-solver-anywhere.*No such file", "PATH")
        solver = self.write_text("#!/bin/sh\n", "solver.sh")
        done = self.run_cli("check", self.write_plan(solver={"command": ["./solver.sh"]}))
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stdout, r"(?m)^  ✗ Program +Problem: .*" + re.escape(solver) + ".*Permission denied",
                          "executable")

    def test_check_counts_solvers_for_the_cpus(self):
        plan = self.write_plan("echo", solvers="auto")
        cpu = str(min(os.sched_getaffinity(0)))
        done = self.run_cli("check", plan, prefix=("taskset", "-c", cpu))
        self.assertRegex(done.stdout, r"(?m)^  ✓ CPUs +1 of ")
        self.assertRegex(done.stdout, r"(?m)^  ✓ Solvers +1,")


class Terminal(cli_test.CliTest):
    COLUMNS = 90
    ROWS = 24

    def open_terminal(self, *arguments):
        """Starts lockstep-cli on a terminal of its own."""
        self.master, slave = os.openpty()
        self.addCleanup(os.close, self.master)
        self.resize(slave, self.COLUMNS)
        self.screen = Screen(self.COLUMNS, self.ROWS)
        self.output = ""
        self.pending = b""
        run = subprocess.Popen([cli_test.CLI, *arguments], env=self.environment, stdin=slave, stdout=slave, stderr=slave,
                               start_new_session=True)
        os.close(slave)
        return run

    def resize(self, terminal, columns):
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", self.ROWS, columns, 0, 0))

    def read_some(self):
        """Takes in what was written; False at the end."""
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.pending += data
        text = ""
        with contextlib.suppress(UnicodeDecodeError):
            text = self.pending.decode()
            self.pending = b""
        self.output += text
        return bool(data)

    def read_until(self, words):
        deadline = time.monotonic() + cli_test.WATCHDOG
        while words not in self.output:
            self.assertLess(time.monotonic(), deadline, self.output)
            self.assertTrue(self.read_some(), f"ended without “{words}”: {self.output}")

    def read_to_end(self, run):
        while self.read_some():
            pass
        code = run.wait(timeout=cli_test.WATCHDOG)
        self.screen.feed(self.output)
        self.assertTrue(self.screen.cursor_shown)
        self.assertTrue(self.screen.wraps)
        self.assertEqual(self.screen.column, 0)
        return code

    def test_block_is_redrawn_in_place(self):
        start = time.monotonic()
        gate = os.path.join(self.folder, "gate")
        steps = [{"step": "work", "on": "all", "params": {"value": 1, "after": gate}}]
        run = self.open_terminal("run", self.write_plan("obeys", name="busy.lockstep", solvers=2, steps=steps))
        self.read_until("computing")
        self.read_until("work · 2 of 2")
        self.read_until("█")
        # One frame ends where the cursor is shown again.
        while self.output.count("\x1b[?25h") < 6:
            self.assertTrue(self.read_some())
        self.write_text("", gate)
        self.assertEqual(self.read_to_end(run), 0)
        seconds = time.monotonic() - start
        self.assertGreater(self.screen.frames, 5)
        self.assertLessEqual(self.screen.frames, seconds * 10 + 3)
        # What is left is what stays: nothing of the block, and no line twice.
        text = self.screen.text()
        # Where only one CPU is free, it was said before that two solvers take turns.
        self.assertRegex(text, r"^(\d\d:\d\d:\d\d  run +warning: [^█]*)?Result: ")
        self.assertRegex(text, r"(?m)^Finished in ")
        self.assertIn(self.runs, text.replace("\n", ""))
        self.assertNotIn("█", text)
        self.assertGreater(self.screen.styles, 0)

    def test_lines_scroll_above_the_block(self):
        run = self.open_terminal("run", self.write_plan("reports"))
        self.assertEqual(self.read_to_end(run), 0)
        text = self.screen.text()
        self.assertEqual(text.count("a line of info"), 1)
        self.assertEqual(text.count("a line of error"), 1)
        self.assertLess(text.index("a line of info"), text.index("Finished"))

    def test_failure_stays(self):
        run = self.open_terminal("run", self.write_plan("dies", "segv"))
        self.assertEqual(self.read_to_end(run), 1)
        self.assert_words(self.screen.text().replace("\n", ""), "SIGSEGV", "lockstep-cli: ")

    def test_interrupt_leaves_the_terminal_as_it_was(self):
        run = self.open_terminal("run", self.write_plan("sleep", "300"))
        self.read_until("computing")
        run.send_signal(signal.SIGINT)
        self.assertEqual(self.read_to_end(run), 130)
        self.assertIn("Asking the solvers", self.screen.text())

    def test_killed_leaves_the_terminal_as_it_was(self):
        run = self.open_terminal("run", self.write_plan("sleep", "300"))
        self.read_until("computing")
        run.kill()
        self.assertEqual(self.read_to_end(run), -signal.SIGKILL)
        self.assert_nothing_left()

    def test_many_solvers_are_totalled(self):
        run = self.open_terminal("run", self.write_plan("sleep", "1", solvers=18))
        self.read_until("2 more solvers: ")
        self.assertEqual(self.read_to_end(run), 0)

    def test_narrower_terminal(self):
        steps = [{"step": "work", "on": "all", "params": {"value": 1, "after": os.path.join(self.folder, "never")}}]
        run = self.open_terminal("run", self.write_plan("obeys", solvers=2, steps=steps))
        self.read_until("computing")
        self.resize(self.master, 30)
        run.send_signal(signal.SIGWINCH)
        seen = len(self.output)

        def list_frames():
            """Those that have been read from beginning to end, each as the lengths of its lines."""
            frames = re.findall(r"\x1b\[\?25l(.*?)\x1b\[\?25h", self.output[seen:], re.DOTALL)
            return [[len(re.sub(r"\x1b\[\??\d*[A-Za-z]|\r", "", line)) for line in frame.split("\n")] for frame in frames]

        # Frames may be on their way that were drawn before. From the first that is as narrow on, all are.
        while (narrow := next((i for i, frame in enumerate(list_frames()) if max(frame) <= 30), None)) is None or \
                len(list_frames()) < narrow + 3:
            self.assertTrue(self.read_some())
        for frame in list_frames()[narrow:]:
            self.assertLessEqual(max(frame), 30, repr(self.output[seen:]))
        run.kill()
        run.wait()

    def test_no_color(self):
        self.environment["NO_COLOR"] = "1"
        run = self.open_terminal("run", self.write_plan("sleep", "0.3"))
        self.assertEqual(self.read_to_end(run), 0)
        self.assertGreater(self.screen.frames, 0)
        self.assertEqual(self.screen.styles, 0)

    def test_dumb_terminal_gets_plain_lines(self):
        self.environment["TERM"] = "dumb"
        run = self.open_terminal("run", self.write_plan("echo"))
        self.assertEqual(self.read_to_end(run), 0)
        self.assertNotIn("\x1b", self.output)
        self.assertIn("Step “work” started", self.output)

    def test_json_is_not_in_the_way(self):
        run = self.start("run", "--json", self.write_plan("echo"))
        output, errors = run.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual(json.loads(output)["state"], "finished")
        self.assertIn("Step “work” started", errors)
        self.assertNotIn("\x1b", errors)


tap.main()
