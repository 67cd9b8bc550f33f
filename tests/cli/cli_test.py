# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of lockstep-cli share: real runs of the real program."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import uuid

CLI = os.environ["LOCKSTEP_CLI"]
FAKE_SOLVER = os.environ["LOCKSTEP_FAKE_SOLVER"]
SOURCE_ROOT = os.environ["LOCKSTEP_SOURCE_ROOT"]

# No test waits for this long unless something is broken.
WATCHDOG = 90


def wait_until(condition, what):
    deadline = time.monotonic() + WATCHDOG
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"never happened: {what}")
        time.sleep(0.01)


class CliTest(unittest.TestCase):
    """Each test has a folder of its own, and a mark in the environment of all that it starts."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lockstep-cli-")
        self.runs = os.path.join(self.folder, "runs")
        # What runs of other tests hold is not to be seen.
        self.runtime = os.path.join(self.folder, "runtime")
        os.mkdir(self.runtime, 0o700)
        self.mark = f"LOCKSTEP_TEST_MARK={uuid.uuid4()}"
        name, value = self.mark.split("=")
        self.environment = dict(os.environ, LC_ALL="C.UTF-8", LOCKSTEP_RUNS_DIR=self.runs,
                                XDG_RUNTIME_DIR=self.runtime, TERM="xterm", **{name: value})
        self.environment.pop("NO_COLOR", None)

    def tearDown(self):
        for pid in self.list_processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def list_processes(self):
        """Process ids of everything alive that comes from this test, however it was forked."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as environ:
                    if self.mark.encode() in environ.read().split(b"\0"):
                        found.append(int(pid))
            except OSError:
                continue
        return found

    def assert_nothing_left(self):
        wait_until(lambda: not self.list_processes(), "no process of the run is left")

    def write_text(self, text, name="test.lockstep"):
        path = os.path.join(self.folder, name)
        with open(path, "w" if isinstance(text, str) else "wb") as file:
            file.write(text)
        return path

    def write_plan(self, *mode, name="test.lockstep", **members):
        """A plan that runs the fake solver in @mode, with @members put over."""
        plan = {
            "lockstep": 1,
            "name": "Test",
            "solver": {"command": [FAKE_SOLVER, *mode]},
            "solvers": 1,
            "steps": [{"step": "work", "on": "all"}],
        }
        plan.update(members)
        return self.write_text(json.dumps(plan), name)

    def start(self, *arguments, **options):
        return subprocess.Popen([CLI, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=options.pop("stdout", subprocess.PIPE),
                                stderr=options.pop("stderr", subprocess.PIPE), text=True, encoding="utf-8", **options)

    def run_cli(self, *arguments, prefix=()):
        return subprocess.run([*prefix, CLI, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, encoding="utf-8", timeout=WATCHDOG)

    def run_json(self, *arguments, prefix=()):
        """Runs `run --json` and returns the exit code, the object, and standard error."""
        done = self.run_cli("run", "--json", *arguments, prefix=prefix)
        self.assertTrue(done.stdout.endswith("}\n"), done.stdout + done.stderr)
        self.assertEqual(done.stdout.count("\n"), 1)
        return done.returncode, json.loads(done.stdout), done.stderr

    def assert_words(self, text, *words):
        for word in words:
            self.assertRegex(text, re.compile(word, re.IGNORECASE))
