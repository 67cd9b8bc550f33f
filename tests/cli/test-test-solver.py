#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lockstep-cli test-solver: what it says of solvers that keep to the protocol, and of each that does not."""

import concurrent.futures
import json
import os
import subprocess
import sys

import cli_test
import tap

CARELESS_SOLVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "careless_solver.py")

# Of fakes that take any name for a step.
ANY_NAME = ["unknown-method"]

# How the fake misbehaves, where that is a problem, and in which words.
FAULTS = [
    (["initialize-error", "no network"], ["handshake"], "initialize ended with an error: no network"),
    (["exits-at-once"], ["handshake"], "initialize was not answered: the solver exited with code 7"),
    (["exits-in-step", "3"], ["step"], "work was not answered: the solver exited with code 3"),
    (["dies", "segv"], ["step"], "work was not answered: the solver was killed by SIGSEGV"),
    (["dies", "abort", "initialize"], ["handshake"], "the solver was killed by SIGABRT"),
    (["never-answers"], ["step"], "work was not answered in 2.0 s"),
    (["never-answers", "initialize"], ["handshake"], "initialize was not answered in 2.0 s"),
    (["closes-stream"], ["step"], "the solver closed its stream, and lives on"),
    (["garbage"], ["step"], "a line that is not JSON (Expected a value, not “R”, at line 1, column 1). The line begins: "
                            "“Reading network … 24 zones {”"),
    (["garbage", "initialize"], ["handshake"], "“Reading network … 24 zones {”"),
    (["long-line"], ["step"], "a message of more than 64 MiB"),
    (["nested"], ["step"], "nested deeper than 128 levels"),
    (["nan"], ["step"], "a line that is not JSON (Expected a value, not “N”"),
    (["huge-number"], ["step"], "The number 1e400 is too large for a double"),
    (["lone-surrogate"], ["step"], "stands without its other half"),
    (["stray-id"], ["messages"], "it answered a call that was not made, with the id 987654321"),
    (["ignores-sigterm"], ["terminate", "end-of-stream"], "terminate was not answered in 2.0 s\n"
                                                          "the solver did not end within 2.0 s, and was made to"),
    (["ignores-sigterm-in-step"], ["step", "terminate", "end-of-stream"], "work was not answered in 2.0 s"),
    (["double-fork"], ["terminate", "end-of-stream"], "the solver left 1 process behind, which had to be killed"),
    (["double-fork-deaf"], ["step", "terminate", "end-of-stream"], "work was not answered in 2.0 s"),
    (["hangs"], ["step"], "work was not answered in 2.0 s"),
]


# Seconds for an answer, of those that are not to be too late where the machine is busy.
LIMIT = {mode[0]: "20" for mode, _, words in FAULTS if "2.0 s" not in words}


class TestSolver(cli_test.CliTest):
    def run_test(self, *arguments):
        return subprocess.run([cli_test.CLI, "test-solver", *arguments], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, timeout=cli_test.WATCHDOG)

    def run_json(self, *arguments):
        done = self.run_test("--json", *arguments)
        self.assertEqual(done.stderr, "")
        report = json.loads(done.stdout)
        self.assertEqual(report["passed"], done.returncode == 0)
        return report

    def list_findings(self, report, level):
        return {finding["check"]: finding["text"] for finding in report["findings"] if finding["level"] == level}

    def test_solvers_that_misbehave(self):
        # Most of the time they wait.
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            reports = pool.map(lambda fault: self.run_json("--timeout", LIMIT.get(fault[0][0], "2"), "--",
                                                           cli_test.FAKE_SOLVER, *fault[0]), FAULTS)
        for (mode, checks, words), report in zip(FAULTS, reports):
            with self.subTest(mode=mode):
                self.assertFalse(report["passed"])
                problems = self.list_findings(report, "problem")
                self.assertLessEqual(set(checks), set(problems))
                self.assertIn(words, "\n".join(problems.values()))
        self.assert_nothing_left()

    def test_only_what_is_wrong_is_a_problem(self):
        for mode in (["echo"], ["sleep", "0.1"], ["reports"], ["flood", "100000"], ["step-error", "too steep"]):
            with self.subTest(mode=mode):
                report = self.run_json("--", cli_test.FAKE_SOLVER, *mode)
                self.assertLessEqual(set(self.list_findings(report, "problem")), set(ANY_NAME))
        self.assertIn("work ended with an error, which is an answer: too steep",
                      self.list_findings(report, "warning")["step"])

    def test_status_and_cancel_while_a_step_computes(self):
        report = self.run_json("--step", "gather", "--", cli_test.FAKE_SOLVER, "sleep", "0.1")
        good = self.list_findings(report, "ok")
        self.assertIn("while gather computed", good["status"])
        self.assertRegex(good["cancel"], "gather ended with an error after [0-9.]+ ms: cancelled")

    def test_step_that_the_solver_does_not_name(self):
        # The fake would take it, as it takes any name.
        report = self.run_json("--step", "nope", "--", cli_test.FAKE_SOLVER, "echo")
        self.assertEqual(self.list_findings(report, "problem"),
                         {"handshake": "the step nope is not among those that the solver names"})
        self.assertIn("its steps: work, gather", self.list_findings(report, "ok")["handshake"])
        self.assertFalse(report["passed"])

    def test_messages_of_careless_solvers(self):
        modes = ("good", "no-task", "strange-task", "negative-task", "broken-task", "string-id")
        with concurrent.futures.ThreadPoolExecutor() as pool:
            reports = dict(zip(modes, pool.map(lambda mode: self.run_json("--timeout", "20", "--", sys.executable,
                                                                          CARELESS_SOLVER, mode), modes)))
        for mode, words in (("good", None),
                            ("no-task", None),
                            ("strange-task", "it sent progress whose “task” is 4711, which no call has"),
                            ("negative-task", "it sent progress whose “task” is -1, which no call has"),
                            ("broken-task", "it sent progress whose “task” is 0.5, which no call has"),
                            ("string-id", "it answered with the id \"2\", a string; the id must come back as the number")):
            with self.subTest(mode):
                report = reports[mode]
                texts = [finding["text"] for finding in report["findings"] if finding["check"] == "messages"]
                self.assertEqual(report["passed"], words is None, report)
                if words is None:
                    self.assertEqual(texts, [])
                else:
                    self.assertIn(words, texts[0])

    def test_step_before_initialize(self):
        for mode, level, words in (("good", "note", "work was computed before initialize"),
                                   ("strict", "ok", "it was refused: initialize comes first"),
                                   ("ends-early", "warning", "work was not answered when it came before initialize")):
            with self.subTest(mode):
                report = self.run_json("--timeout", "20", "--", sys.executable, CARELESS_SOLVER, mode)
                self.assertEqual(self.list_findings(report, level).get("early-step"), words, report)
                self.assertTrue(report["passed"])

    def test_descriptors_that_are_inherited(self):
        solver = [sys.executable, CARELESS_SOLVER]
        for command, level in ((solver + ["good"], "note"), (solver + ["keeps-stream"], "ok"),
                               (["sh", "-c", '"$@"; true', "sh", *solver, "keeps-stream"], "ok"),
                               (["sh", "-c", '"$@"; true', "sh", *solver, "good"], "note")):
            with self.subTest(command):
                report = self.run_json("--timeout", "20", "--", *command)
                self.assertIn("inherit", self.list_findings(report, level).get("inheritance", ""), report)

    def test_programs_that_say_nothing_learn_of_the_stream(self):
        for command in ("true", "cat"):
            with self.subTest(command):
                report = self.run_json("--", command)
                self.assertIn("LOCKSTEP_STREAM", report["findings"][-1]["advice"])

    def test_last_words(self):
        report = self.run_json("--", cli_test.FAKE_SOLVER, "exits-at-once")
        self.assertEqual(report["findings"][-1]["advice"], "The last that it printed: “fake-solver: cannot open city.net: "
                                                           "No such file or directory”")

    def test_report_for_people(self):
        done = self.run_test("--", cli_test.FAKE_SOLVER, "echo")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Handshake", done.stdout)
        self.assertIn("fake-solver was ready after", done.stdout)
        self.assertEqual(done.stderr, "lockstep-cli: The solver does not keep to the protocol: 1 problem is in the list.\n")

    def test_programs_that_are_no_solver(self):
        for limit, command, words in (
                ("20", ["/no/such/program"], "the solver could not be started: No such file or directory"),
                ("20", ["true"], "the solver exited with code 0"),
                ("1", ["sleep", "100"], "initialize was not answered in 1.0 s")):
            with self.subTest(command):
                report = self.run_json("--timeout", limit, "--", *command)
                self.assertIn(words, self.list_findings(report, "problem")["handshake"])
                self.assert_nothing_left()

    def test_wrong_command_lines(self):
        for arguments, words in (([], "No command was given"),
                                 (["--params", "[1]", "--", "true"], "--params takes an object of JSON"),
                                 (["--initialize", "{a}", "--", "true"], "--initialize takes an object of JSON"),
                                 (["--timeout", "0", "--", "true"], "--timeout takes seconds"),
                                 (["--stop", "--", "true"], "--stop")):
            with self.subTest(arguments):
                done = self.run_test(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn(words, done.stderr)


# Most of the time they wait for solvers that do not answer.
tap.main(at_once=2)
