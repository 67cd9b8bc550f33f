#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task of a plan, tried out: what its patterns match, and where."""

import json
import os
import re
import signal
import sys

import cli_test
import tap

MODEL = """
import sys
alpha = float(sys.argv[1])
print("model 1.2")
for step in range(5):
    print(f"TIME = {step + 1}   queue {alpha * step:.3f}")
print(f"MEAN DELAY {alpha * 2:.4f}")
with open("out.csv", "w") as table:
    table.write(f"t,vkt\\n1,1\\n2,{alpha}\\n")
with open("out.json", "w") as file:
    file.write('{"network":\\n {"los": "B"}}')
"""


class Try(cli_test.CliTest):
    def write_model(self, **program):
        self.write_text(MODEL, "model.py")
        members = {
            "command": [sys.executable, "{plan}/model.py", "{alpha}"],
            "progress": {"match": "TIME = {number}", "of": 5},
            "values": {"queue": "queue {number}"},
            "results": {"delay": {"match": "MEAN DELAY {number}"}, "vkt": {"file": "out.csv", "column": "vkt"},
                        "least": {"match": "queue {number}", "row": "min"},
                        "los": {"file": "out.json", "member": "network.los"}},
            **program,
        }
        plan = {"lockstep": 1, "program": members, "steps": [{"tasks": [{"alpha": 0.5}, {"alpha": 0.25}]}]}
        return self.write_text(json.dumps(plan))

    def list_temporary(self):
        return [name for name in os.listdir(self.folder) if name.startswith("lockstep-try-")]

    def try_json(self, *arguments):
        done = self.run_cli("try", "--json", *arguments)
        return done.returncode, json.loads(done.stdout), done.stderr

    def setUp(self):
        super().setUp()
        self.environment["TMPDIR"] = self.folder

    def test_program_that_is_not_started(self):
        """What the adapter used is not told as if it were the program's."""
        tool = self.write_text("neither a script nor a program", "tool")
        os.chmod(tool, 0o755)
        plan = self.write_text(json.dumps({"lockstep": 1, "program": {"command": [tool]}, "steps": [{"tasks": 1}]}))
        code, report, stderr = self.try_json(plan)
        self.assertEqual((code, report["state"], report["memory"], report["cpu"]), (1, "failed", 0, 0), stderr)
        done = self.run_cli("try", plan)
        self.assert_words(done.stdout, "It failed\\.", "Exec format error")
        self.assertNotIn("of memory", done.stdout)

    def test_what_was_matched(self):
        code, report, stderr = self.try_json(self.write_model(), "1")
        self.assertEqual((code, report["state"], report["params"]), (0, "finished", {"alpha": 0.25}), stderr)
        self.assertEqual(report["result"], {"delay": 0.5, "vkt": 0.25, "least": 0, "los": "B"})
        seen = {match["name"] or match["kind"]: match for match in report["matches"]}
        where = {name: (match["file"], match["line"], match["matches"], match["value"]) for name, match in seen.items()}
        self.assertEqual(where, {
            "progress": ("output.log", 6, 5, 5), "queue": ("output.log", 6, 5, 1.0), "delay": ("output.log", 7, 1, 0.5),
            "vkt": ("out.csv", 3, 2, 0.25), "least": ("output.log", 2, 5, 0.0), "los": ("out.json", 2, 1, "B")})
        self.assertEqual(seen["queue"]["text"], "TIME = 5   queue 1.000")
        self.assertGreater(report["memory"], 1_000_000)
        self.assertGreater(report["disk"], len("t,vkt\n"))
        self.assertGreater(report["cpu"], 0)
        # Nothing is left, and no run was made.
        self.assertIsNone(report["directory"])
        self.assertEqual(self.list_temporary(), [])
        self.assertFalse(os.path.exists(self.runs))

        done = self.run_cli("try", self.write_model())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stdout, "Task 0 of .test.", r'"alpha": ?0.5', "It succeeded", "progress +5 .*5 times.*output.log, line 6",
                          "result vkt +0.5 .*out.csv, line 3", "was removed")

    def test_what_was_not_matched(self):
        plan = self.write_model(results={"gap": {"match": "GAP {number}"}, "flow": {"file": "out.csv", "column": "vk"},
                                         "los": {"file": "none.json", "member": "a", "optional": True}})
        done = self.run_cli("try", plan)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stdout, "It failed", "result gap +no line of output.log matches .GAP {number}.", "MEAN DELAY 1.0000",
                          "result flow +.*did you mean .vkt.", r"result los.*optional", "value queue +2.000")
        self.assertEqual(self.list_temporary(), [])

        code, report, _ = self.try_json(self.write_model(command=["sh", "-c", "echo TIME = 3; echo FATAL; exit 4"],
                                                         **{"fails-if": ["FATAL", "NaN"]}))
        self.assertEqual((code, report["state"], report["result"]), (1, "failed", None))
        self.assert_words(report["error"], "FATAL")
        self.assertEqual([match["matches"] for match in report["matches"] if match["kind"] == "fails-if"], [1, 0])

    def test_kept(self):
        # Whatever the plan says of keeping.
        plan = self.write_model(keep="none")
        kept = os.path.join(self.folder, "kept")
        code, report, stderr = self.try_json("--keep", kept, plan)
        self.assertEqual(code, 0, stderr)
        self.assertEqual(os.path.commonpath([kept, report["directory"]]), kept)
        with open(os.path.join(report["directory"], "out.csv"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "t,vkt\n1,1\n2,0.5\n")
        done = self.run_cli("try", "--keep", kept, plan)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "not empty", re.escape(kept))

    def test_a_solver(self):
        plan = self.write_plan("echo", steps=[{"step": "echo", "on": "one"}, {"step": "echo", "tasks": [{"a": 1.50}, {"a": 2}]}])
        code, report, stderr = self.try_json(plan, "2")
        self.assertEqual((code, report["state"], report["params"], report["matches"]), (0, "finished", {"a": 2}, []), stderr)
        done = self.run_cli("try", plan, "3")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "no task 3", "last one is 2")
        self.assertEqual(self.list_temporary(), [])

    def test_proposed_and_written(self):
        self.write_text(MODEL, "model.py")
        # As a person wrote it, with numbers and members that nobody may touch.
        text = f"""{{ "lockstep": 1,
  "program": {{
    "command": ["{sys.executable}", "{{plan}}/model.py", "{{alpha}}"] }},
  "params": {{ "steps": 5, "tiny": 1.10e-10 }},
  "steps": [
    {{ "tasks": [{{"alpha": 0.50}}, {{"alpha": 0.25}}] }} ] }}
"""
        plan = self.write_text(text)
        done = self.run_cli("try", plan)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stdout, "looks for nothing yet", r'progress +\{ "match": "TIME = \{number\}", "of": "\{steps\}" \}',
                          "TIME = 5   queue 2.000", r'queue +"queue \{number\}"', "MEAN DELAY", "out.csv, line 3: 2,0.5", "--write")
        with open(plan, encoding="utf-8") as file:
            self.assertEqual(file.read(), text)

        done = self.run_cli("try", "--write", "--only", "progress,mean_delay,bus", plan)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, ".bus. is none of the proposals: progress, queue, mean_delay, vkt")
        code, report, stderr = self.try_json("--write", "--only", "progress, mean_delay", plan)
        self.assertEqual((code, report["written"]), (0, plan), stderr)
        self.assertEqual([proposal["name"] for proposal in report["proposals"]], ["progress", "queue", "mean_delay", "vkt"])
        with open(plan, encoding="utf-8") as file:
            self.assertEqual(file.read(), text.replace(' },\n  "params"', """,
    "progress": { "match": "TIME = {number}", "of": "{steps}" },
    "results": {
      "mean_delay": { "match": "MEAN DELAY {number}" } } },
  "params\""""))

        # What it looks for now is not proposed again.
        code, report, stderr = self.try_json("--write", plan)
        self.assertEqual((code, report["result"]), (0, {"mean_delay": 1.0}), stderr)
        self.assertEqual([proposal["name"] for proposal in report["proposals"]], ["queue", "vkt"])
        code, report, stderr = self.run_json(plan)
        self.assertEqual((code, report["result"]), (0, [{"mean_delay": 1.0, "vkt": 0.5}, {"mean_delay": 0.5, "vkt": 0.25}]), stderr)
        self.assertEqual(self.run_cli("try", "--only", "queue", plan).returncode, 2)

    def test_what_failed_proposes_nothing(self):
        plan = self.write_text(json.dumps({"lockstep": 1, "program": {"command": ["sh", "-c", "echo error 7; exit 3"]},
                                           "steps": [{"tasks": 1}]}))
        with open(plan, encoding="utf-8") as file:
            text = file.read()
        code, report, stderr = self.try_json("--write", plan)
        self.assertEqual((code, report["proposals"]), (1, []), stderr)
        with open(plan, encoding="utf-8") as file:
            self.assertEqual(file.read(), text)

        # But where only a result is missing, what else there is helps.
        code, report, _ = self.try_json(self.write_model(results={"gap": {"match": "GAP {number}"}}))
        self.assertEqual((code, [proposal["name"] for proposal in report["proposals"]]), (1, ["mean_delay", "vkt"]))

    def test_stopped(self):
        run = self.start("try", self.write_model(command=["sh", "-c", "setsid sleep 1000 & sleep 1000"]))
        cli_test.wait_until(lambda: len(self.list_processes()) >= 6, "the program runs")
        run.send_signal(signal.SIGINT)
        stdout, _ = run.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual(run.returncode, 130, stdout)
        self.assert_nothing_left()
        self.assertEqual(self.list_temporary(), [])

    def test_limits_of_the_step(self):
        for limit, word in (("timeout", "timeout"), ("stall", "sign of life")):
            plan = json.loads(open(self.write_model(command=["sh", "-c", "setsid sleep 1000 & sleep 1000"]), encoding="utf-8").read())
            plan["steps"][0][limit] = 0.5
            code, report, _ = self.try_json(self.write_text(json.dumps(plan)))
            self.assertEqual((code, word in report["error"]), (1, True), report["error"])
            self.assert_nothing_left()

    def test_usage(self):
        plan = self.write_model()
        for arguments in ((), (plan, "x"), (plan, "1", "2"), (plan, "-1")):
            done = self.run_cli("try", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)


tap.main()
