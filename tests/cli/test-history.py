#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are kept: listed, labelled, thrown away."""

import json
import os
import shutil
import signal

import cli_test
import tap


class History(cli_test.CliTest):
    def setUp(self):
        super().setUp()
        # The trash of whoever runs the tests is left alone.
        self.environment["XDG_DATA_HOME"] = os.path.join(self.folder, "data")

    def write_called(self, name, *mode, **members):
        """A plan that is called @name."""
        plan = {"lockstep": 1, "name": name, "solver": {"command": [cli_test.FAKE_SOLVER, *mode]}, "solvers": 1,
                "steps": [{"step": "work", "on": "all"}], **members}
        return self.write_text(json.dumps(plan))

    def run_plan(self, name, *mode, code=0, **members):
        """The name of the folder of a run."""
        found, report, stderr = self.run_json(self.write_called(name, *mode, **members))
        self.assertEqual(found, code, stderr)
        return report["run"]

    def list(self):
        done = self.run_cli("list", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def path(self, run, *names):
        return os.path.join(self.runs, run, *names)

    def test_no_runs(self):
        done = self.run_cli("list")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_words(done.stdout, "no run in " + self.runs)
        self.assertEqual(self.list(), [])

    def test_what_a_list_tells(self):
        good = self.run_plan("Good", "echo", note="as always", steps=[{"step": "work", "tasks": 3}])
        bad = self.run_plan("Bad", "step-error", "no such zone", code=3, steps=[{"step": "work", "tasks": 2}])
        listed = {run["run"]: run for run in self.list()}

        self.assertEqual({key: listed[good][key] for key in ("name", "plan", "note", "state", "done", "tasks", "failures",
                                                             "reached", "until", "problem", "directory")},
                         {"name": "Good", "plan": "Good", "note": "as always", "state": "finished", "done": 3, "tasks": 3,
                          "failures": 0, "reached": True, "until": None, "problem": None, "directory": self.path(good)})
        self.assertRegex(listed[good]["started"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertGreater(listed[good]["seconds"], 0)
        self.assertEqual((listed[bad]["state"], listed[bad]["failures"]), ("finished", 2))
        done = self.run_cli("list")
        self.assert_words(done.stdout, good + r" +finished .*3 of 3 +Good · as always", bad + r" .*2 of 2, 2 failed +Bad")
        self.assertEqual(done.stderr, "")

    def test_live_and_interrupted(self):
        live = self.start("run", "--quiet", self.write_called("Live", "hangs"))
        cli_test.wait_until(lambda: [run for run in self.list() if run["state"] == "live"], "the run is listed as live")
        run = self.list()[0]["run"]
        done = self.run_cli("delete", run)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "at work already", str(live.pid))

        self.assertEqual(self.run_cli("note", run, "while it lives").returncode, 0)
        live.send_signal(signal.SIGKILL)
        live.communicate()
        self.assert_nothing_left()
        self.assertEqual([(run["state"], run["note"]) for run in self.list()], [("interrupted", "while it lives")])

    def test_labels(self):
        run = self.run_plan("Plan", "echo", note="the plan's")
        for arguments in (("name", run, "Morning, scheme B"), ("note", "last", "too\nlong")):
            done = self.run_cli(*arguments)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual([(entry["name"], entry["plan"], entry["note"]) for entry in self.list()],
                         [("Morning, scheme B", "Plan", "too\nlong")])
        self.assert_words(self.run_cli("list").stdout, "Morning, scheme B · too long\n")

        self.run_cli("name", run, "")
        self.run_cli("note", run, "")
        self.assertEqual([(entry["name"], entry["note"]) for entry in self.list()], [("Plan", "the plan's")])

    def test_delete(self):
        runs = [self.run_plan("Gone", "echo") for _ in range(2)]
        done = self.run_cli("delete", *runs)
        left = [run for run in runs if os.path.isdir(self.path(run))]
        # Not every file system has a trash: then it says what to do.
        self.assertEqual(done.returncode, 1 if left else 0, done.stderr)
        for run in left:
            self.assert_words(done.stderr, "rm -r.*" + run)
        self.assertEqual(len(self.list()), len(left))

    def test_what_is_not_a_run(self):
        run = self.run_plan("Good", "echo")
        os.mkdir(self.path("no-plan"))
        with open(self.path("a-file"), "w", encoding="utf-8") as file:
            file.write("x")
        broken = self.path("20260101-000000-0000-broken")
        shutil.copytree(self.path(run), broken)
        with open(os.path.join(broken, "summary.json"), "w", encoding="utf-8") as file:
            file.write('{"state":')

        done = self.run_cli("list")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        self.assert_words(done.stderr, "no-plan", "a-file", r"broken/summary.json cannot be used.*line 1")
        for arguments in (("name", "no-plan", "x"), ("delete", "no-such"), ("note", "2", "x")):
            done = self.run_cli(*arguments)
            self.assertEqual(done.returncode, 1, arguments)
            self.assert_words(done.stderr, "there is no|more than one run begins")

    def test_a_folder_without_a_plan_is_told(self):
        os.makedirs(self.path("20260101-000000-0000-empty"))
        for command in ("show", "export"):
            done = self.run_cli(command, "20260101-000000-0000-empty")
            self.assertEqual(done.returncode, 1)
            self.assert_words(done.stderr, "0000-empty is not the folder of a run: there is no plan.lockstep in it")

    def test_pipes_hold_nobody_up(self):
        good = self.run_plan("Good", "echo")
        broken = self.path("20260101-000000-0000-broken")
        for name in ("journal.jsonl", "summary.json", "labels.json", "lock"):
            shutil.rmtree(broken, ignore_errors=True)
            shutil.copytree(self.path(good), broken)
            if name == "journal.jsonl":
                os.remove(os.path.join(broken, "summary.json"))
            if name != "labels.json":
                os.remove(os.path.join(broken, name))
            os.mkfifo(os.path.join(broken, name))
            done = self.run_cli("list")
            self.assertEqual((done.returncode, len(done.stdout.splitlines())), (0, 2), done.stderr)
            if name != "lock":
                self.assert_words(done.stderr, "broken/" + name + " is not a regular file")
        shutil.rmtree(broken)
        shutil.copytree(self.path(good), broken)
        os.remove(os.path.join(broken, "journal.jsonl"))
        os.mkfifo(os.path.join(broken, "journal.jsonl"))
        for arguments in (("show", broken), ("export", broken), ("export", broken, "--what", "events")):
            done = self.run_cli(*arguments)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assert_words(done.stderr, "journal.jsonl is not a regular file")

    def test_a_name_is_text(self):
        run = self.run_plan("Good", "echo")
        done = self.run_cli("name", run, b"\xff\xfe")
        self.assertEqual(done.returncode, 2)
        self.assert_words(done.stderr, "not text")
        self.environment["LC_ALL"] = "C"
        self.assertEqual(self.run_cli("name", run, "größer".encode()).returncode, 0)
        self.assertEqual(self.list()[0]["name"], "größer")

    def test_command_lines_that_make_no_sense(self):
        for arguments, words in ((("list", "x"), "one too many"), (("name", "x"), "RUN TEXT"),
                                 (("note", "a", "b", "c"), "“c” is one too many"), (("delete",), "RUN…")):
            done = self.run_cli(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assert_words(done.stderr, words, "--help")


tap.main()
