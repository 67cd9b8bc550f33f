#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sweep whose solvers together need more memory than there is: fewer of them do it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import unittest

import cli_test
import tap

# Of all that the run may use, and of a task: three fit, four do not.
LIMIT = 320
TASK = 90

CONTROL_GROUPS = "/sys/fs/cgroup"


def find_own_group():
    """The folder of this process's control group for memory, and the name of its limit."""
    with open("/proc/self/cgroup", encoding="ascii") as lines:
        groups = [line.strip().split(":", 2) for line in lines]
    for _, kinds, path in groups:
        if "memory" in kinds.split(","):
            return f"{CONTROL_GROUPS}/memory{path}", "memory.limit_in_bytes"
    for _, kinds, path in groups:
        if kinds == "":
            return f"{CONTROL_GROUPS}{path}", "memory.max"
    raise unittest.SkipTest("there are no control groups")


class MemoryGroup:
    """A control group in this process's own, for a run and nothing else."""

    def __init__(self, megabytes):
        own, limit = find_own_group()
        self.path = os.path.join(own, f"lockstep-test-{os.getpid()}")
        try:
            os.mkdir(self.path)
        except OSError as error:
            raise unittest.SkipTest(f"no control group can be made: {error}") from None
        try:
            self.write(limit, megabytes * 10**6)
            # Where there is swap it would be used up first.
            for name, value in (("memory.memsw.limit_in_bytes", megabytes * 10**6), ("memory.swap.max", 0)):
                with contextlib.suppress(OSError):
                    self.write(name, value)
        except OSError as error:
            self.remove()
            raise unittest.SkipTest(f"memory cannot be limited in {self.path}: {error}") from None

    def write(self, name, value):
        # Not “w”, which would make the file where there is no such limit.
        with open(os.path.join(self.path, name), "r+", encoding="ascii") as file:
            file.write(str(value))

    def enter(self):
        """In the child, before the program."""
        self.write("cgroup.procs", os.getpid())

    def remove(self):
        deadline = time.monotonic() + cli_test.WATCHDOG
        while os.path.isdir(self.path):
            try:
                os.rmdir(self.path)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


class Memory(cli_test.CliTest):
    def setUp(self):
        super().setUp()
        self.group = MemoryGroup(LIMIT)
        # After the processes of the test.
        self.addCleanup(self.group.remove)

    def run_sweep(self, tasks):
        plan = self.write_plan("obeys", solvers=4, steps=[{"step": "work", "tasks": tasks}])
        return self.wait_for(self.start("run", "--json", plan, preexec_fn=self.group.enter))

    def wait_for(self, run):
        stdout, stderr = run.communicate(timeout=cli_test.WATCHDOG)
        report = json.loads(stdout)
        with open(os.path.join(report["directory"], "journal.jsonl"), encoding="utf-8") as journal:
            failures = [event["data"] for event in map(json.loads, journal) if event.get("event") == "task-failed"]
        return run.returncode, report, stderr, failures

    def test_number_of_solvers_is_lowered(self):
        tasks = [{"value": task, "eat": TASK, "seconds": 0.4} for task in range(16)]
        code, report, stderr, failures = self.run_sweep(tasks)
        self.assertEqual((code, report["state"], report["failures"]), (0, "finished", []), stderr)
        self.assertEqual([result["value"] for result in report["result"]], list(range(16)))
        # No retries were needed: no task is to blame.
        self.assertGreater(len(failures), 0)
        self.assertLess(len(failures), 4)
        self.assertEqual({(failure["cause"], failure["final"]) for failure in failures}, {("memory", False)})
        self.assert_words(failures[0]["reason"], "memory had run out")
        self.assert_words(stderr, "Memory ran out with 4 solvers at work")
        self.assert_nothing_left()

    def test_task_that_is_too_large_for_one(self):
        tasks = [{"value": task, "seconds": 0.05} for task in range(40)]
        tasks[3]["eat"] = 2 * LIMIT
        code, report, stderr, failures = self.run_sweep(tasks)
        self.assertEqual((code, report["state"]), (3, "finished"), stderr)
        failure, = report["failures"]
        self.assertEqual((failure["task"], failure["cause"]), (3, "memory"))
        self.assertEqual([result and result["value"] for result in report["result"]],
                         [None if task == 3 else task for task in range(40)])
        self.assertEqual({failure["cause"] for failure in failures}, {"memory"})
        self.assert_words(stderr, r"1 task failed \(memory\)")
        self.assert_nothing_left()

    def list_solvers(self):
        """The process ids in the journal of the only run."""
        with contextlib.suppress(OSError, ValueError):
            name, = os.listdir(self.runs)
            with open(os.path.join(self.runs, name, "journal.jsonl"), encoding="utf-8") as journal:
                events = [json.loads(line) for line in journal]
            if sum(event.get("event") == "task-started" for event in events) == 4:
                return [event["data"]["pid"] for event in events if event.get("event") == "solver-started"]
        return []

    def test_memory_that_ran_out_elsewhere(self):
        """What the kernel killed may have been a solver; that it was all of them is not believed."""
        gate = os.path.join(self.folder, "gate")
        plan = self.write_plan("obeys", solvers=4, retries=1,
                               steps=[{"step": "work", "tasks": [{"value": task, "after": gate} for task in range(4)]}])
        run = self.start("run", "--json", plan)
        cli_test.wait_until(self.list_solvers, "all are at work")
        eater = subprocess.run([sys.executable, "-c", f"bytes({4 * LIMIT * 10**6}).replace(bytes(1), b'x')"],
                               preexec_fn=self.group.enter, check=False)
        self.assertEqual(eater.returncode, -signal.SIGKILL)
        for solver in self.list_solvers():
            os.kill(solver, signal.SIGKILL)
        self.write_text("", gate)
        code, report, stderr, failures = self.wait_for(run)
        self.assertEqual((code, report["failures"]), (0, []), stderr)
        self.assertEqual(sorted(failure["cause"] for failure in failures), ["crash", "crash", "crash", "memory"])


tap.main()
