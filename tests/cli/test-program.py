#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans that run an unmodified program: from the plan to the results, and what becomes of the program on the way."""

import json
import os
import re
import signal
import sys
import time

import cli_test
import tap

# A model of a few lines, as a person has it.
MODEL = """
import sys, time
alpha, seconds = float(sys.argv[1]), float(sys.argv[2])
for step in range(5):
    print(f"TIME = {step + 1}   queue {alpha * step:.3f}")
    time.sleep(seconds / 5)
print(f"MEAN DELAY {alpha * 2:.4f}")
with open("out.csv", "w") as table:
    table.write(f"t,vkt\\n1,1\\n2,{alpha}\\n")
"""


class Program(cli_test.CliTest):
    def write_program(self, command, steps=None, name="test.lockstep", **members):
        program = {"command": command, **members.pop("program", {})}
        plan = {"lockstep": 1, "name": "Programs", "program": program, "solvers": 2, "steps": steps or [{"tasks": 4}]}
        plan.update(members)
        return self.write_text(json.dumps(plan), name)

    def write_model(self, tasks, seconds=0, **members):
        self.write_text(MODEL, "model.py")
        program = {
            "progress": {"match": "TIME = {number}", "of": 5},
            "values": {"queue": "queue {number}"},
            "results": {"delay": {"match": "MEAN DELAY {number}"}, "vkt": {"file": "out.csv", "column": "vkt"}},
            "collect": ["out.csv"],
            **members.pop("program", {}),
        }
        return self.write_program([sys.executable, "{plan}/model.py", "{alpha}", str(seconds)], [{"tasks": tasks}], program=program,
                                  **members)

    def read_journal(self, report, event):
        with open(os.path.join(report["directory"], "journal.jsonl"), encoding="utf-8") as lines:
            return [fact for fact in map(json.loads, lines) if fact.get("event") == event]

    def path(self, report, *names):
        return os.path.join(report["directory"], *names)

    def read(self, report, *names):
        with open(self.path(report, *names), encoding="utf-8") as file:
            return file.read()

    def test_sweep(self):
        plan = self.write_model([{"alpha": 0.5}, {"alpha": 0.25}, {"alpha": 1e-10}], seconds=0.5)
        code, report, stderr = self.run_json(plan)
        self.assertEqual((code, report["state"], report["failures"]), (0, "finished", []), stderr)
        self.assertEqual([result["delay"] for result in report["result"]], [1.0, 0.5, 0.0])
        # The digits are those of the program.
        self.assertIn('{"delay":0.5000,"vkt":0.25}', self.read(report, "journal.jsonl"))
        self.assertEqual(self.read(report, "collected", "0001-out.csv"), "t,vkt\n1,1\n2,0.25\n")
        self.assertIn("TIME = 5", self.read(report, "tasks", "0002", "1", "output.log"))
        seen = [fact["data"] for fact in self.read_journal(report, "progress")]
        self.assertTrue(any(data["fraction"] for data in seen), seen)
        self.assertTrue(any("queue" in data.get("values", {}) for data in seen), seen)

        done = self.run_cli("check", plan)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stdout, r"\{plan\}/model.py", "a fresh one", "delay, vkt")

    def test_the_example(self):
        plan = os.path.join(cli_test.SOURCE_ROOT, "data", "junction-sweep.lockstep")
        code, report, stderr = self.run_json(plan, "--set", "params.seconds=600", "--set", "steps[0].tasks.grid.seed=[1]",
                                             "--set", "steps[0].tasks.grid.cycle=[60]")
        self.assertEqual((code, report["failures"]), (0, []), stderr)
        self.assertEqual(len(report["result"]), 6)
        # More green, less delay.
        self.assertGreater(report["result"][0]["delay"], report["result"][5]["delay"])
        self.assertEqual(len(os.listdir(self.path(report, "collected"))), 6)

    def test_numbers_and_text_reach_it_as_written(self):
        texts = ["0.1", "; rm -rf x", "$(touch x)", "a\nb", "it's \"quoted\"", "{brace}", "*"]
        tasks = [{"value": text} for text in texts]
        plan = self.write_program([sys.executable, "-c", "import sys, json; print('GOT', json.dumps(sys.argv[1:]).encode().hex())",
                                   "{value}", "{tiny}"], [{"tasks": tasks}],
                                  program={"results": {"got": {"match": "GOT {word}"}}})
        with open(plan, encoding="utf-8") as file:
            text = file.read()
        # A number that a double would write otherwise.
        plan = self.write_text(text[:-1] + ', "params": {"tiny": 1.10e-10}}')
        code, report, stderr = self.run_json(plan)
        self.assertEqual(code, 0, stderr)
        for text, result in zip(texts, report["result"]):
            self.assertEqual(json.loads(bytes.fromhex(result["got"])), [text, "1.10e-10"])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "x")))

    def test_retried_tasks_share_nothing(self):
        script = "echo attempt {attempt} >> trace; cat trace; test {attempt} = 2"
        code, report, stderr = self.run_json(self.write_program(["sh", "-c", script], retries=1))
        self.assertEqual((code, report["failures"]), (0, []), stderr)
        for task in range(4):
            for attempt in (1, 2):
                self.assertEqual(self.read(report, "tasks", f"{task:04}", str(attempt), "output.log"), f"attempt {attempt}\n")

    def test_duplicated_tasks_share_nothing(self):
        # The one that is first at task 5 hangs; the other does it again.
        script = 'echo solver {solver}; test {n} = 5 && mkdir "{run}/hangs" 2> /dev/null && sleep 1000; echo DONE {n}'
        tasks = [{"n": n} for n in range(6)]
        code, report, stderr = self.run_json(self.write_program(["sh", "-c", script],
                                                                [{"tasks": tasks, "late": "duplicate"}],
                                                                program={"results": {"done": {"match": "DONE {integer}"}}}))
        self.assertEqual(code, 0, stderr)
        self.assertEqual([result["done"] for result in report["result"]], list(range(6)))
        folders = os.listdir(self.path(report, "tasks", "0005"))
        logs = [self.read(report, "tasks", "0005", name, "output.log") for name in folders]
        self.assertEqual(sorted(log.splitlines()[0] for log in logs), ["solver 0", "solver 1"])
        self.assertEqual(len([log for log in logs if "DONE" in log]), 1)
        self.assert_nothing_left()

    def test_failures_are_told(self):
        code, report, stderr = self.run_json(self.write_program(["sh", "-c", "echo negative depth at link {task}; exit 3"]))
        self.assertEqual(code, 3)
        self.assertEqual(len(report["failures"]), 4)
        self.assert_words(report["failures"][0]["reason"], "exited with code 3", "negative depth at link")
        self.assert_words(stderr, "4 tasks failed", "negative depth at link")

        # What failed, with the program's own command, folder and last lines; and again, with nothing but that.
        done = self.run_cli("show", report["run"], "--task", "2")
        self.assert_words(done.stdout, re.escape(self.path(report, "tasks", "0002", "1")), "negative depth at link 2", "sh -c")
        done = self.run_cli("rerun", report["run"], "2")
        self.assert_words(done.stdout + done.stderr, "exited with code 3", "negative depth at link 2")
        self.assert_nothing_left()

    def test_timeout_ends_the_tree(self):
        code, report, stderr = self.run_json(self.write_program(["sh", "-c", "setsid sleep 1000 & sleep 1000"],
                                                                [{"tasks": 1, "timeout": 0.3}]))
        self.assertEqual(code, 3, stderr)
        self.assertEqual(report["failures"][0]["cause"], "timeout")
        self.assert_nothing_left()

    def test_output_is_a_sign_of_life(self):
        script = "import time\nfor i in range(12):\n    print('.', flush=True)\n    time.sleep(0.1)"
        code, report, stderr = self.run_json(self.write_program([sys.executable, "-c", script], [{"tasks": 2, "stall": 0.7}]))
        self.assertEqual((code, report["failures"]), (0, []), stderr)
        code, report, stderr = self.run_json(self.write_program(["sleep", "1000"], [{"tasks": 1, "stall": 0.7}]))
        self.assertEqual((code, report["failures"][0]["cause"]), (3, "stall"), stderr)

    def test_terminate_ends_the_tree(self):
        for number in (signal.SIGINT, signal.SIGKILL):
            run = self.start("run", self.write_program(["sh", "-c", "setsid sleep 1000 & echo up; sleep 1000"]))
            cli_test.wait_until(lambda: len(self.list_processes()) >= 9, "all programs run")
            run.send_signal(number)
            run.communicate(timeout=cli_test.WATCHDOG)
            self.assert_nothing_left()

    def test_flood(self):
        """200 MB in no time: nothing is held up, and what stands at its end is found."""
        script = "import sys\nblock = (b'x' * 63 + b'\\n') * 16384\nfor i in range(200): sys.stdout.buffer.write(block)\nprint('LAST 7')"
        before = time.monotonic()
        code, report, stderr = self.run_json(self.write_program([sys.executable, "-c", script], [{"tasks": 1}],
                                                                program={"results": {"last": {"match": "LAST {number}"}},
                                                                         "keep": "none"}))
        self.assertEqual((code, report["result"]), (0, [{"last": 7}]), stderr)
        self.assertLess(time.monotonic() - before, cli_test.WATCHDOG)
        self.assertFalse(os.path.exists(self.path(report, "tasks", "0000")))

    def test_refused_before_the_start(self):
        for members, words in (
                ({"results": {"a": {"match": "/(/"}}}, ["program.results.a.match", "char"]),
                ({"files": {"../x": {"copy": "y"}}}, ["task's folder"]),
                ({"files": {"x": {"template": "nowhere.in"}}}, ["program.files.x.template", "nowhere.in"]),
                ({"env": {"A": "{b}"}}, ["program.env.A", "nothing fills"])):
            code, report, _ = self.run_json(self.write_program(["true"], program=members))
            self.assertEqual(code, 1)
            self.assert_words(report["error"], *words)
        self.assertFalse(os.path.exists(self.runs))

    def test_a_file_beside_the_plan_is_pointed_out(self):
        self.write_text(MODEL, "model.py")
        done = self.run_cli("check", self.write_program([sys.executable, "model.py"]))
        self.assert_words(done.stdout, "“model.py” lies beside the plan", r"\{plan\}/model.py")
        done = self.run_cli("check", self.write_program([sys.executable, "model.py"],
                                                        program={"files": {"model.py": {"link": "model.py"}}}))
        self.assertNotIn("lies beside", done.stdout)


tap.main()
