#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of a run that is kept: how it ended, why its tasks failed, and a task done again."""

import json
import os
import re
import shlex
import shutil

import cli_test
import tap


class Show(cli_test.CliTest):
    def run_plan(self, *mode, code=0, **members):
        """The name of a run."""
        found, report, stderr = self.run_json(self.write_plan(*mode, **members))
        self.assertEqual(found, code, stderr)
        return report["run"]

    def show(self, *arguments):
        done = self.run_cli("show", "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def path(self, run, *names):
        return os.path.join(self.runs, run, *names)

    def journal(self, run):
        with open(self.path(run, "journal.jsonl"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_a_run(self):
        run = self.run_plan("sum", steps=[{"repeat": 3, "until": "gap < 1e-9", "steps": [
            {"step": "work", "on": "all"}, {"step": "combine", "on": "one"}]}], code=3)
        self.run_cli("name", run, "Mine")
        shown = self.show(run)
        self.assertEqual((shown["state"], shown["reached"], shown["live"], shown["called"]), ("finished", False, False, "Mine"))
        self.assertEqual([(step.get("title"), step["times"]) for step in shown["steps"]],
                         [("Until gap < 1e-9", 3), ("work", 3), ("combine", 3)])
        self.assertEqual(shown["events"], len(self.journal(run)) - 1)
        done = self.run_cli("show", "last")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_words(done.stdout, "Mine", "“gap < 1e-9” was not reached", "work · 3 times", self.path(run))

    def test_a_run_without_a_journal(self):
        run = self.run_plan("echo")
        journal = self.path(run, "journal.jsonl")
        for break_it, words in ((lambda: self.write_text("", journal), "has no event in it"), (lambda: os.remove(journal), "is missing")):
            break_it()
            done = self.run_cli("show", run)
            self.assertEqual(done.returncode, 0)
            self.assert_words(done.stdout, "Interrupted before anything was written down")
            self.assert_words(done.stderr, "journal.jsonl " + words)
            self.assertLess(self.show(run)["seconds"], 1)
            if words == "has no event in it":
                self.assert_words(self.run_cli("export", run).stderr, words)
        os.mkdir(journal)
        done = self.run_cli("show", run)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1))
        self.assert_words(done.stderr, "journal.jsonl is a folder")

    def test_events_without_what_they_need(self):
        run = self.run_plan("echo")
        with open(self.path(run, "journal.jsonl"), "a", encoding="utf-8") as file:
            file.write('{"event":"log"}\n{"event":"task-ended","time":5}\n')
        done = self.run_cli("show", run)
        self.assertEqual((done.returncode, done.stderr.count("passed over")), (0, 2), done.stderr)
        self.assert_words(done.stderr, "“log” has no “time”", "“task-ended” has no “task”")

    def test_a_crash(self):
        run = self.run_plan("obeys", code=3, retries=1, solvers=1,
                            steps=[{"step": "work", "title": "Cases", "tasks": [{"value": 1}, {"crash": True}, {"value": 3}]}])
        shown = self.show(run, "--task", "1")
        self.assertEqual((shown["task"], shown["attempt"], shown["step"], shown["method"], shown["cause"], shown["final"]),
                         (1, 2, "Cases", "work", "crash", True))
        self.assertEqual((shown["signal"], shown["signal-name"], shown["exit"], shown["solver"]), (11, "SIGSEGV", None, 0))
        self.assertGreater(shown["peak"], 100000)
        self.assertGreaterEqual(shown["cpu"], 0)
        self.assertEqual((shown["params"]["task"], shown["params"]["attempt"], shown["params"]["params"]), (1, 2, {"crash": True}))
        self.assertEqual(shown["log"], self.path(run, "solver-0000.log"))
        # The solver that came after it prints into the same file.
        self.assert_words(shown["lines"].splitlines()[-1], "negative depth")
        self.assertIn("OMP_NUM_THREADS=1", shown["env"])
        self.assertEqual(shlex.split(shown["by-hand"])[-2:], [cli_test.FAKE_SOLVER, "obeys"])

        done = self.run_cli("show", run)
        self.assert_words(done.stdout, r"task 1, Cases, solver 0: crash: .*SIGSEGV.*CPU time, at most")
        done = self.run_cli("show", run, "--task", "1")
        self.assert_words(done.stdout, "attempt 2", "SIGSEGV", "solver-0000.log", "lockstep-cli rerun " + run + " 1",
                          "negative depth")
        self.assertEqual(self.show(run, "--solver", "0")["exit"], 0)

    def test_lines_are_those_of_the_death(self):
        run = self.run_plan("obeys", code=3, solvers=1, steps=[{"step": "work", "tasks": [{"crash": True}, {"crash": True}]}])
        first = self.show(run, "--task", "0")["lines"]
        second = self.show(run, "--task", "1")["lines"]
        self.assertTrue(second.startswith(first), (first, second))
        self.assertGreater(len(second), len(first))

    def test_a_timeout(self):
        run = self.run_plan("obeys", code=3, steps=[{"step": "work", "tasks": [{"hang": True}], "timeout": 0.3}])
        shown = self.show(run, "--task", "0")
        self.assertEqual((shown["cause"], shown["signal-name"], shown["killed"]), ("timeout", "SIGKILL", 1))
        self.assertEqual(self.show(run, "--solver", "0")["task"], 0)

    def test_a_call_is_the_same_again(self):
        """Every task of a run with data flow gets, done again, the params that it had."""
        run = self.run_plan("echo", solvers=2, params={"net": 0.10}, steps=[
            {"step": "work", "tasks": [{"x": 0.1}, {"x": 1e-10}], "params": {"y": 2}},
            {"repeat": 2, "steps": [{"step": "part", "on": "all"}, {"step": "combine", "on": "one"}]}])
        before = self.journal(run)
        ended = [event for event in before if event.get("event") == "task-ended"]
        self.assertEqual(len(ended), 8)
        for event in ended:
            with self.subTest(task=event["task"]):
                self.assertEqual(self.show(run, "--task", str(event["task"]))["params"], event["data"])
                done = self.run_cli("rerun", run, str(event["task"]))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(json.loads(done.stdout), event["data"])
        self.assertEqual(self.journal(run), before)
        self.assert_nothing_left()

    def test_rerun_of_a_failure(self):
        marker = self.write_text("", "marker")
        run = self.run_plan("obeys", code=3, steps=[{"step": "work", "tasks": [{"crash": True, "while": marker, "value": 7}]}])
        before = self.journal(run)
        done = self.run_cli("rerun", run, "0")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assert_words(done.stderr, "SIGSEGV", "negative depth", "before it had brought a result")
        os.unlink(marker)
        done = self.run_cli("rerun", run, "0")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["value"], 7)
        self.assertEqual(self.journal(run), before)
        self.assert_nothing_left()

    def test_what_a_rerun_leaves(self):
        temporary = self.environment["TMPDIR"] = os.path.join(self.folder, "temporary")
        kept = os.path.join(self.folder, "kept")
        marker = self.write_text("", "marker")
        plan = {"lockstep": 1, "program": {"command": ["sh", "-c", f"echo x > left; test ! -e {marker}"]},
                "steps": [{"tasks": 1}]}
        os.mkdir(temporary)
        self.assertEqual(self.run_cli("run", self.write_text(json.dumps(plan))).returncode, 3)
        done = self.run_cli("rerun", "last", "0")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "since it failed; remove it")
        left = re.search("What it wrote is in (.*), since", done.stderr)[1]
        self.assertTrue(os.path.exists(os.path.join(left, "tasks", "0000", "1", "left")))
        shutil.rmtree(left)

        os.unlink(marker)
        done = self.run_cli("rerun", "last", "0")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stderr, "was removed; --keep DIR")
        self.assertEqual(os.listdir(temporary), [])

        done = self.run_cli("rerun", "last", "0", "--keep", kept)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(os.path.join(kept, "tasks", "0000", "1", "left")))
        self.assert_words(self.run_cli("rerun", "last", "0", "--keep", kept).stderr, "is not empty")
        self.assertEqual(os.listdir(temporary), [])

    def test_an_error_of_the_step(self):
        run = self.run_plan("step-error", "no such zone", code=3, steps=[{"step": "work", "tasks": 1}])
        shown = self.show(run, "--task", "0")
        self.assertEqual((shown["cause"], shown["end"]), ("step-error", None))
        self.assert_words(shown["reason"], "no such zone")
        self.assert_words(self.run_cli("rerun", run, "0").stderr, "ended with an error: no such zone")
        # Its solver had nothing to do any more when it ended.
        done = self.run_cli("show", run, "--solver", "0")
        self.assert_words(done.stdout, "none when it ended; task 0, its last, had failed", "step-error: .*no such zone")

    def test_a_large_result_is_in_the_call(self):
        large = json.dumps({"numbers": list(range(20000))})
        run = self.run_plan("returns", large, steps=[{"step": "work", "on": "all"}, {"step": "gather", "on": "one"}])
        self.assertEqual(self.show(run, "--task", "1")["params"]["input"], [json.loads(large)])
        results = self.path(run, "results")
        for name in os.listdir(results):
            os.unlink(os.path.join(results, name))
        done = self.run_cli("rerun", run, "1")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "not in the run's folder any more", "results/")

    def test_broken_journals(self):
        run = self.run_plan("echo", steps=[{"step": "work", "tasks": 3}])
        path = self.path(run, "journal.jsonl")
        with open(path, "r+", encoding="utf-8") as file:
            lines = file.readlines()
            file.seek(0)
            file.truncate()
            file.writelines(lines[:4] + ["garbage\n"] + lines[4:] + ['{"event":"task-en'])
        done = self.run_cli("show", run)
        self.assertEqual(done.returncode, 0)
        self.assert_words(done.stderr, "Line 5 of")
        self.assert_words(done.stdout, "Finished")

        with open(path, "w", encoding="utf-8") as file:
            file.write('{"lockstep-journal":99}\n')
        done = self.run_cli("show", run)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "newer Lockstep", "version 99")

        os.unlink(self.path(run, "plan.lockstep"))
        for arguments in (("show", run), ("rerun", self.path(run), "0")):
            done = self.run_cli(*arguments)
            self.assertEqual(done.returncode, 1)
            self.assert_words(done.stderr, "there is no")

    def test_what_cannot_be_told(self):
        run = self.run_plan("echo", steps=[{"step": "work", "tasks": 1}])
        for arguments, code, words in ((("show", run, "--task", "9"), 1, "number 9 was begun"),
                                       (("show", run, "--solver", "9"), 1, "solver 9"),
                                       (("show", run, "--task", "0", "--solver", "0"), 2, "one of them"),
                                       (("show", run, "--task", "-1"), 2, "from 0"),
                                       (("show", run, "--solver=-1"), 2, "from 0"),
                                       (("rerun", run, "x"), 2, "not “x”"), (("rerun", run, "4"), 1, "number 4 was begun")):
            done = self.run_cli(*arguments)
            self.assertEqual(done.returncode, code, arguments)
            self.assert_words(done.stderr, words)


tap.main()
