#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans that run an unmodified program: from the plan to the results, and what becomes of the program on the way."""

import json
import os
import re
import shutil
import signal
import sys

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
        plan = self.write_model([{"alpha": 0.5}, {"alpha": 0.25}, {"alpha": 1e-10}], seconds=1.6)
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
        """By every way that there is: an argument, the environment, a file, standard input."""
        texts = ["; rm -rf x", "$(touch x)", "`touch x`", "| touch x", "a\nb", "it's \"quoted\"", "{brace}", "{{value}}", "%s%n", "*",
                 "-n", ""]
        script = ("import json, os, sys; ways = [sys.argv[1], os.environ['VALUE'], open('case.in').read(), sys.stdin.read()];"
                  "print('GOT', json.dumps(ways).encode().hex())")
        numbers = ["0.1", "1e-10", "1.10e-10", "-0.50", "12345678901234567890", "100000000000000000000.25"]
        self.write_text("{value}", "case.in")
        os.mkdir(os.path.join(self.folder, "x"))
        plan = self.write_program([sys.executable, "-c", script, "{value}"], [{"tasks": "TASKS"}],
                                  program={"env": {"VALUE": "{value}"}, "files": {"case.in": {"template": "case.in"}},
                                           "stdin": "case.in", "results": {"got": {"match": "GOT {word}"}}})
        with open(plan, encoding="utf-8") as file:
            text = file.read()
        # Numbers that a double would write otherwise.
        tasks = [f'{{"value": {value}}}' for value in [*map(json.dumps, texts), *numbers]]
        code, report, stderr = self.run_json(self.write_text(text.replace('"TASKS"', f"[{', '.join(tasks)}]")))
        self.assertEqual((code, report["failures"]), (0, []), stderr)
        for value, result in zip([*texts, *numbers], report["result"], strict=True):
            self.assertEqual(json.loads(bytes.fromhex(result["got"])), [value] * 4)
        self.assertEqual(sorted(os.listdir(self.folder)), ["case.in", "runs", "runtime", "test.lockstep", "x"])

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

    def test_files_of_a_person_are_not_written(self):
        """A link leads out of the task's folder, also where only the task says that a target is behind it."""
        os.mkdir(os.path.join(self.folder, "data"))
        self.write_text("precious\n", "data/x")
        self.write_text("new\n", "x.in")
        for how in ("template", "copy", "link"):
            plan = self.write_program(["true"], [{"tasks": [{"t": "data"}]}],
                                      program={"files": {"data": {"link": "data"}, "{t}/x": {how: "x.in"}, "{t}/y/z": {how: "x.in"}}})
            code, report, stderr = self.run_json(plan)
            self.assertEqual(code, 3, stderr)
            self.assert_words(report["failures"][0]["reason"], "is a link, and what it leads to is not the task's own")
            self.assertEqual(os.listdir(os.path.join(self.folder, "data")), ["x"])
            with open(os.path.join(self.folder, "data", "x"), encoding="utf-8") as file:
                self.assertEqual(file.read(), "precious\n")

    def test_two_files_of_one_name(self):
        self.write_text("a\n", "a")
        plan = self.write_program(["true"], [{"tasks": [{"t": "a"}]}], program={"files": {"a": {"link": "a"}, "{t}": {"template": "a"}}})
        code, report, stderr = self.run_json(plan)
        self.assertEqual(code, 3, stderr)
        self.assert_words(report["failures"][0]["reason"], "File exists")

    def test_nothing_half_is_collected(self):
        plan = self.write_program(["sh", "-c", "mkdir -p {run}/collected/0000-out.csv; echo x > out.csv"], [{"tasks": 1}],
                                  program={"collect": ["out.csv"]})
        code, report, stderr = self.run_json(plan)
        self.assertEqual(code, 3, stderr)
        self.assert_words(report["failures"][0]["reason"], "Is a directory")
        self.assertEqual(os.listdir(self.path(report, "collected")), ["0000-out.csv"])

    def test_timeout_ends_the_tree(self):
        code, report, stderr = self.run_json(self.write_program(["sh", "-c", "setsid sleep 1000 & sleep 1000"],
                                                                [{"tasks": 1, "timeout": 0.3}]))
        self.assertEqual(code, 3, stderr)
        self.assertEqual(report["failures"][0]["cause"], "timeout")
        self.assert_nothing_left()
        # What it came to is written down, also where only failures are kept.
        with open(self.path(report, "tasks", "0000", "1", "task.json"), encoding="utf-8") as file:
            task = json.load(file)
        self.assertEqual(task["signal"], signal.SIGTERM)
        self.assertGreater(task["seconds"], 0)

    def test_output_is_a_sign_of_life(self):
        script = "import time\nfor i in range(40):\n    print('.', flush=True)\n    time.sleep(0.1)"
        code, report, stderr = self.run_json(self.write_program([sys.executable, "-c", script], [{"tasks": 2, "stall": 3}]))
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
        """1 GB in no time: nothing is held up or kept in memory, and what stands at its end is found."""
        if shutil.disk_usage(self.folder).free < 2 * 10**9:
            self.skipTest(f"there is no room for 1 GB in {self.folder}")
        script = "import sys\nblock = (b'x' * 63 + b'\\n') * 15625\nfor i in range(1000): sys.stdout.buffer.write(block)\nprint('LAST 7')"
        code, report, stderr = self.run_json(self.write_program([sys.executable, "-c", script], [{"tasks": 1}],
                                                                program={"results": {"last": {"match": "LAST {number}"}},
                                                                         "keep": "none"}))
        self.assertEqual((code, report["result"]), (0, [{"last": 7}]), stderr)
        self.assertFalse(os.path.exists(self.path(report, "tasks", "0000")))
        # A sanitizer keeps shadows of it.
        if not os.environ["LOCKSTEP_SANITIZE"]:
            peaks = [fact["data"]["peak"] for fact in self.read_journal(report, "solver-ended")]
            self.assertLess(max(peaks), 64 * 10**6)

    def test_nothing_is_kept(self):
        plan = self.write_program(["sh", "-c", "echo why; exit 3"], [{"tasks": 1}], program={"keep": "none"})
        done = self.run_cli("run", plan)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("was deleted with their folders", done.stderr + done.stdout)
        self.assertNotIn("output.log", done.stderr + done.stdout)
        shown = self.run_cli("show", os.listdir(os.path.join(self.folder, "runs"))[0], "--task", "0")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assert_words(shown.stdout, "exited with code 3", "why")
        self.assertNotIn("lockstep-adapter", shown.stdout)
        self.assertNotIn("Task 0, attempt", shown.stdout)

    def test_a_result_that_is_not_there(self):
        script = "echo reading; echo iteration 1; echo MEAN DELY {n}"
        files = "echo o.csv is there > log; printf 't,vkt\\n' > o.csv; echo '{{\"net\": {{}}' > o.json; echo done"
        for program, reason in (
                ({"command": ["sh", "-c", script], "results": {"delay": {"match": "MEAN DELAY {number}"}}},
                 "The last lines that the program printed:\nreading\niteration 1\nMEAN DELY 5\nThe result “delay” was not found: no line "
                 "of what the program printed matches “MEAN DELAY {number}”. The last line it printed: MEAN DELY 5"),
                ({"command": ["true"], "results": {"delay": {"match": "MEAN DELAY {number}"}}}, "matches “MEAN DELAY {number}”. It "
                 "printed nothing."),
                ({"command": ["sh", "-c", files], "results": {"vkt": {"file": "out.csv", "column": "vkt"}}},
                 "out.csv could not be read: No such file or directory. The last line it printed: done"),
                ({"command": ["sh", "-c", files], "results": {"vkt": {"file": "o.csv", "column": "vk"}}},
                 "o.csv has no column “vk”; did you mean “vkt”? The last line it printed: done"),
                ({"command": ["sh", "-c", files], "results": {"vkt": {"file": "o.csv", "column": "vkt"}}},
                 "the column “vkt” of"),
                ({"command": ["sh", "-c", files], "results": {"los": {"file": "o.json", "member": "net.los"}}},
                 "o.json has no member “net.los”."),
                ({"command": ["echo", "DELAY ****"], "results": {"delay": {"match": "DELAY {number}"}}},
                 "The result “delay” is “****”, which is not a number.")):
            with self.subTest(reason):
                command = program.pop("command")
                code, report, stderr = self.run_json(self.write_program(command, [{"tasks": [{"n": 5}]}], program=program))
                self.assertEqual((code, len(report["failures"])), (3, 1))
                self.assertIn(reason, report["failures"][0]["reason"])
                # In the terminal's last lines, too, it stands what is missing.
                self.assert_words(stderr, r"1 task failed \(step-error\): The result “")

    def test_refused_before_the_start(self):
        self.write_text("a = {task}\nb = {beta}\n", "case.in")
        for members, words in (
                ({"results": {"a": {"match": "/delay (/"}}}, [r"^program\.results\.a\.match: ", r"delay \(", "at char 7: missing"]),
                ({"values": {"a": "/delay [0-9/"}}, [r"^program\.values\.a: ", "at char 10: missing"]),
                ({"fails-if": ["FATAL", "/*/"]}, [r"^program\.fails-if\[1\]: ", "at char 0: "]),
                ({"results": {"a": {"match": "delay {nmber}"}}}, [r"^program\.results\.a\.match: ", "found “{nmber}”"]),
                ({"files": {"../x": {"copy": "case.in"}}}, [r'^program\.files\["\.\./x"\]: ', "in the task's folder", "found “../x”"]),
                ({"files": {"{name}": {"copy": "case.in"}}}, [r"^program\.files", r"found “\.\./x”", "task 1 of"]),
                ({"files": {"output.log": {"copy": "case.in"}}}, [r'^program\.files\["output\.log"\]: ', "another name"]),
                ({"files": {"x": {"template": "nowhere.in"}}}, [r"^program\.files\.x\.template: there is no file", "nowhere.in"]),
                ({"files": {"x": {"template": "case.in"}}}, [r"^program\.files\.x\.template: ", "case.in, line 2: nothing fills {beta}"]),
                ({"env": {"A": "{nmae}"}}, [r"^program\.env\.A: nothing fills {nmae}; did you mean {name}\?"])):
            with self.subTest(words):
                code, report, stderr = self.run_json(self.write_program(["true"], [{"tasks": [{"name": "ok"}, {"name": "../x"}]}],
                                                                        program=members))
                self.assertEqual((code, report["state"]), (1, "failed"))
                self.assert_words(report["error"], *words)
                self.assertEqual(stderr, f"lockstep-cli: {report['error']}\n")
        self.assertFalse(os.path.exists(self.runs))

    def test_a_file_beside_the_plan_is_pointed_out(self):
        self.write_text(MODEL, "model.py")
        done = self.run_cli("check", self.write_program([sys.executable, "model.py"]))
        self.assert_words(done.stdout, "“model.py” lies beside the plan", r"\{plan\}/model.py")
        done = self.run_cli("check", self.write_program([sys.executable, "model.py"],
                                                        program={"files": {"model.py": {"link": "model.py"}}}))
        self.assertNotIn("lies beside", done.stdout)


# Most of the time they wait for programs that sleep.
tap.main(at_once=3)
