#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lockstep-cli run --json: what a script gets to know, and the exit codes."""

import json
import math
import os

import cli_test
import tap

DEMONSTRATION = os.path.join(cli_test.SOURCE_ROOT, "data", "demonstration.lockstep")


def read_text(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read().split()
    except OSError:
        return []


def count_allowed_cpus():
    """As `nproc` would, with the quota of a container that sees itself as the root of its control groups."""
    allowed = len(os.sched_getaffinity(0))
    limit = read_text("/sys/fs/cgroup/cpu.max") or (
        read_text("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") + read_text("/sys/fs/cgroup/cpu/cpu.cfs_period_us"))
    if len(limit) == 2 and limit[0] not in ("max", "-1"):
        allowed = min(allowed, math.ceil(int(limit[0]) / int(limit[1])))
    return max(allowed, 1)


class Report(cli_test.CliTest):
    def count_events(self, report, kind):
        with open(os.path.join(report["directory"], "journal.jsonl"), encoding="utf-8") as journal:
            return sum(f'"{kind}"' in line for line in journal)

    def test_demonstration_uses_all_allowed_cpus(self):
        code, report, _ = self.run_json(DEMONSTRATION)
        self.assertEqual(code, 0)
        self.assertEqual(report["state"], "finished")
        self.assertEqual(report["solvers"], count_allowed_cpus())
        self.assertEqual(len(report["result"]), report["solvers"])
        self.assertEqual(self.count_events(report, "step-ended"), 3)
        self.assert_nothing_left()

    def test_demonstration_on_one_cpu_starts_one(self):
        cpu = str(min(os.sched_getaffinity(0)))
        code, report, _ = self.run_json(DEMONSTRATION, prefix=("taskset", "-c", cpu))
        self.assertEqual((code, report["solvers"]), (0, 1))

    def test_members(self):
        code, report, _ = self.run_json(self.write_plan("sum", steps=[{"step": "work", "on": "all"},
                                                                     {"step": "gather", "on": "one"}], solvers=3))
        self.assertEqual(code, 0)
        self.assertEqual(set(report), {"state", "run", "directory", "seconds", "solvers", "result", "failures",
                                       "reached", "error"})
        self.assertEqual(report["directory"], os.path.join(self.runs, report["run"]))
        self.assertTrue(os.path.isfile(os.path.join(report["directory"], "journal.jsonl")))
        self.assertGreater(report["seconds"], 0)
        self.assertEqual(report["solvers"], 3)
        self.assertEqual(report["result"]["sum"], 6)
        self.assertEqual(report["failures"], [])
        self.assertIs(report["reached"], True)
        self.assertIsNone(report["error"])

    def test_numbers_and_text_are_unchanged(self):
        values = r'[1e-10, 0.1, 5e-324, 1e22, 9223372036854775807, "a\u0000b"]'
        plan = self.write_text(
            '{"lockstep": 1, "name": "Numbers", "solver": {"command": [%s, "echo"]}, "solvers": 1,'
            ' "steps": [{"step": "echo", "on": "one", "params": {"values": %s}}]}'
            % (json.dumps(cli_test.FAKE_SOLVER), values))
        done = self.run_cli("run", "--json", plan)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(values, done.stdout)
        self.assertEqual(json.loads(done.stdout)["state"], "finished")

    def test_run_that_failed_reached_nothing(self):
        loop = {"repeat": 3, "until": "gap < 1", "steps": [{"step": "work", "on": "all"}]}
        code, report, _ = self.run_json(self.write_plan("step-error", steps=[loop]))
        self.assertEqual((code, report["state"]), (1, "failed"))
        self.assertIsNone(report["reached"])

    def test_until_not_reached_exits_with_3(self):
        loop = {"repeat": 2, "until": "gap < 1e-5", "otherwise": "continue",
                "steps": [{"step": "work", "on": "all"}, {"step": "gather", "on": "one"}]}
        code, report, _ = self.run_json(self.write_plan("sum", steps=[loop]))
        self.assertEqual((code, report["state"], report["reached"]), (3, "finished", False))
        self.assertEqual(report["result"]["iteration"], 2)

    def test_until_reached_exits_with_0(self):
        loop = {"repeat": 9, "until": "gap < 1e-3", "otherwise": "fail",
                "steps": [{"step": "work", "on": "all"}, {"step": "gather", "on": "one"}]}
        code, report, _ = self.run_json(self.write_plan("sum", steps=[loop]))
        self.assertEqual((code, report["state"], report["reached"]), (0, "finished", True))
        self.assertEqual(report["result"]["iteration"], 4)

    def test_failed_step_exits_with_1(self):
        code, report, stderr = self.run_json(self.write_plan("step-error", "the model did not converge"))
        self.assertEqual((code, report["state"]), (1, "failed"))
        self.assertIn("the model did not converge", report["error"])
        self.assertIn("the model did not converge", stderr)
        self.assertEqual(len(report["failures"]), 1)
        self.assertEqual(report["failures"][0]["step"], "work")
        self.assertEqual(report["failures"][0]["solver"], 0)
        self.assertIn("the model did not converge", report["failures"][0]["reason"])
        self.assertNotIn("final", report["failures"][0])

    def test_run_that_failed_half_way_has_no_result(self):
        plan = self.write_plan("fail-on-part", "0", solvers=2,
                               steps=[{"step": "gather", "on": "all"}, {"step": "work", "on": "one"}])
        code, report, _ = self.run_json(plan)
        self.assertEqual((code, report["state"], report["result"]), (1, "failed", None))
        with open(os.path.join(report["directory"], "summary.json"), encoding="utf-8") as summary:
            self.assertEqual(json.load(summary)["state"], "failed")

    def test_plan_that_cannot_be_read_is_an_object_too(self):
        code, report, stderr = self.run_json(os.path.join(self.folder, "absent.lockstep"))
        self.assertEqual((code, report["state"], report["run"]), (1, "failed", None))
        self.assertIn("absent.lockstep", report["error"])
        self.assertIn(report["error"], stderr)

    def test_set_and_solvers_change_the_plan(self):
        plan = self.write_plan("echo", steps=[{"step": "only", "on": "one", "params": {"network": "a", "n": 1}}])
        code, report, _ = self.run_json(plan, "--solvers", "2", "--set", "steps.0.params.network=city.tntp",
                                        "--set", "steps[0].params.n=1e-10", "--set", 'steps.0.params.text="7"')
        self.assertEqual((code, report["solvers"]), (0, 2))
        params = report["result"]["params"]
        self.assertEqual((params["network"], params["n"], params["text"]), ("city.tntp", 1e-10, "7"))

    def test_runs_dir(self):
        place = os.path.join(self.folder, "elsewhere", "deep")
        _, report, _ = self.run_json(self.write_plan("echo"), "--runs-dir", place)
        self.assertEqual(os.path.dirname(report["directory"]), place)
        self.assertFalse(os.path.exists(self.runs))


tap.main()
