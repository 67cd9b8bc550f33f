#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lockstep-cli run, given what is no good: a clear error, exit code 1, and nothing left running."""

import json
import os
import stat

import cli_test
import tap


class RefusalTest(cli_test.CliTest):
    def assert_refused(self, path, *words):
        for command in ("run", "check"):
            done = self.run_cli(command, path)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assert_words(done.stderr, "^lockstep-cli: ", *words)
        self.assertFalse(os.path.exists(self.runs), "a run was begun")


class FailureTest(cli_test.CliTest):
    def assert_fails(self, plan, *words):
        code, report, stderr = self.run_json(plan)
        self.assertEqual((code, report["state"]), (1, "failed"), stderr)
        self.assert_words(report["error"], *words)
        self.assertIn(report["error"], stderr)
        self.assert_nothing_left()
        return report


class BadPlan(RefusalTest):
    def test_absent(self):
        self.assert_refused(os.path.join(self.folder, "absent.lockstep"), "absent.lockstep", "No such file")

    def test_folder(self):
        self.assert_refused(self.folder, "directory|folder")

    def test_not_json(self):
        self.assert_refused(self.write_text('{ "lockstep": 1,\n  "name": oops }'), "test.lockstep", "not JSON",
                            "line 2", "column 11")

    def test_not_text(self):
        self.assert_refused(self.write_text(b'{ "lockstep": 1, "name": "\xff\xfe" }'), "UTF-8")

    def test_unknown_member(self):
        self.assert_refused(self.write_plan("echo", initialise={"timeout": 3}), "initialise", "unknown member",
                            "initialize")

    def test_unknown_member_of_a_step(self):
        self.assert_refused(self.write_plan("echo", steps=[{"step": "work", "on": "all", "retry": 2}]),
                            r"steps\[0\].retry", "retries")

    def test_wrong_type(self):
        self.assert_refused(self.write_plan("echo", solvers="many"), "solvers", "expected", "number", "many")
        self.assert_refused(self.write_plan("echo", steps=7), "steps", "expected a list", "7")

    def test_solver_and_program(self):
        self.assert_refused(self.write_plan("echo", program={"command": ["ls"]}), "solver", "program", "both")

    def test_reserved_method(self):
        self.assert_refused(self.write_plan("echo", steps=[{"step": "status", "on": "all"}]),
                            r"steps\[0\].step", "status", "reserved")

    def test_missing_file(self):
        self.assert_refused(self.write_plan(solver={"command": ["./absent-solver"]}), "solver.command",
                            "absent-solver")

    def test_bad_setting(self):
        plan = self.write_plan("echo")
        done = self.run_cli("run", plan, "--set", "solvers.deep=1")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "solvers.deep")


class BadTasks(RefusalTest):
    def assert_tasks_refused(self, tasks, *words):
        self.assert_refused(self.write_plan("echo", steps=[{"step": "work", "tasks": tasks}]), r"steps\[0\]\.tasks", *words)

    def assert_table_refused(self, table, *words):
        self.write_text(table, "designs.csv")
        self.assert_tasks_refused({"csv": "designs.csv"}, *words)

    def test_empty_grid(self):
        self.assert_tasks_refused({"grid": {}}, r"\.grid: ", "at least one|empty")
        self.assert_tasks_refused({"grid": {"alpha": []}}, r"\.grid\.alpha: ", "at least one value")

    def test_ten_billion(self):
        self.assert_tasks_refused(10**10, "10000000000 tasks are more than a step may have, 100000000$")
        self.assert_tasks_refused({"sample": {"x": {"from": 0, "to": 1}}, "count": 10**10},
                                  r"\.count: ", "from 1 to 100000000, found the number 10000000000")
        self.assert_tasks_refused({"grid": {name: {"from": 1, "to": 2, "count": 10**5} for name in "ab"}},
                                  "10000000000 tasks are more than")

    def test_absent_table(self):
        self.assert_tasks_refused({"csv": "designs.csv"}, r"\.csv: ", "there is no file .*designs.csv")

    def test_ragged_row(self):
        self.assert_table_refused("alpha,beta\n1,2\n3,4\n5\n7,8\n", "designs.csv, line 4: expected 2 cells, .* found 1")

    def test_column_without_a_name(self):
        self.assert_table_refused("alpha,,gamma\n1,2,3\n", "designs.csv, line 1", "column 2 has no name")


class BadRun(FailureTest):
    def test_until_names_a_member_that_is_not_there(self):
        loop = {"repeat": 50, "until": "relative-gap < 1e-6",
                "steps": [{"step": "work", "on": "all"}, {"step": "gather", "on": "one"}]}
        report = self.assert_fails(self.write_plan("sum", solvers=2, steps=[loop]), r"steps\[0\]\.until", "relative-gap",
                                   "sum.*count.*failures.*iteration.*gap.*previous")
        with open(os.path.join(report["directory"], "journal.jsonl"), encoding="utf-8") as journal:
            steps = [event for event in map(json.loads, journal) if event.get("event") == "step-ended"]
        self.assertEqual(len(steps), 2, "it was said at the first barrier")

    def test_tour_of_an_unknown_kind(self):
        self.write_text("NAME : tiny\nTYPE : TSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : MAN_3D\nNODE_COORD_SECTION\n"
                        "1 0 0 0\n2 1 0 0\n3 0 1 0\nEOF\n", "tiny.tsp")
        plan = self.write_plan(solver={"command": ["lockstep-tsp-solver"]}, params={"instance": "tiny.tsp"},
                               steps=[{"step": "improve", "on": "all"}])
        self.assert_fails(plan, "tiny.tsp", "MAN_3D", "EUC_2D", "CEIL_2D", "GEO", "ATT")


class BadSolver(FailureTest):
    def assert_mode_fails(self, *mode, words, **members):
        return self.assert_fails(self.write_plan(*mode, **members), *words)

    def test_command_that_does_not_exist(self):
        self.assert_mode_fails(solver={"command": ["no-such-solver-anywhere"]},
                               words=("no-such-solver-anywhere", "cannot be started", "No such file"))

    def test_command_that_is_not_executable(self):
        path = self.write_text("#!/bin/sh\n", "solver.sh")
        os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
        self.assert_mode_fails(solver={"command": ["./solver.sh"]},
                               words=("solver.sh", "cannot be started", "Permission denied"))

    def test_exits_at_once(self):
        self.assert_mode_fails("exits-at-once", "7", words=("exited with code 7", "reading the network",
                                                            "cannot open city.net"))

    def test_never_answers(self):
        self.assert_mode_fails("never-answers", "initialize", initialize={"timeout": 0.3},
                               words=("did not answer initialize", r"0\.3 s"))

    def test_exits_in_step(self):
        self.assert_mode_fails("exits-in-step", "4", words=("exited with code 4", "cannot open city.net"))

    def test_dies_by_a_signal(self):
        self.assert_mode_fails("dies", "segv", words=(r"SIGSEGV \(segmentation fault\)", "about to die"))
        self.assert_mode_fails("dies", "kill", words=("SIGKILL",))

    def test_garbage(self):
        self.assert_mode_fails("garbage", words=("not JSON|protocol", "Reading network|line 1"))

    def test_line_of_100_mib(self):
        self.assert_mode_fails("long-line", words=("64 MiB|too long|longer than",))

    def test_100000_brackets(self):
        self.assert_mode_fails("nested", words=("nested|deep", "128"))

    def test_nan(self):
        self.assert_mode_fails("nan", words=("protocol|JSON", "NaN|expected|column"))

    def test_1e400(self):
        self.assert_mode_fails("huge-number", words=("1e400|double|range",))

    def test_lone_surrogate(self):
        self.assert_mode_fails("lone-surrogate", words=("surrogate",))

    def test_answer_that_was_never_asked_for(self):
        code, report, stderr = self.run_json(self.write_plan("stray-id"))
        self.assertEqual((code, report["state"]), (0, "finished"))
        self.assertIn("987654321", stderr)

    def test_closes_its_stream(self):
        self.assert_mode_fails("closes-stream", words=("closed its connection",))

    def test_ignores_sigterm(self):
        code, report, _ = self.run_json(self.write_plan("ignores-sigterm"))
        self.assertEqual((code, report["state"]), (0, "finished"))
        self.assert_nothing_left()

    def test_double_forks(self):
        code, report, _ = self.run_json(self.write_plan("double-fork"))
        self.assertEqual((code, report["state"]), (0, "finished"))
        with open(os.path.join(report["directory"], "solver-0000.log"), encoding="utf-8") as log:
            daemon = log.read().split()[1]
        self.assertFalse(os.path.exists(f"/proc/{daemon}"))
        self.assert_nothing_left()

    def test_one_failure_ends_the_others(self):
        plan = self.write_plan("fail-on-part", "1", solvers=3)
        report = self.assert_fails(plan, "this part cannot be computed")
        self.assertEqual(len(report["failures"]), 1)

    def test_nothing_is_lost(self):
        _, report, _ = self.run_json(self.write_plan("exits-in-step"))
        folder = report["directory"]
        with open(os.path.join(folder, "solver-0000.log"), encoding="utf-8") as log:
            self.assertIn("reading the network", log.read())
        with open(os.path.join(folder, "journal.jsonl"), encoding="utf-8") as journal:
            events = [json.loads(line) for line in journal]
        self.assertTrue(any("failed" in json.dumps(event) for event in events))


# Some wait for a grace period to end.
tap.main(at_once=4)
