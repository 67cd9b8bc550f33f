#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans made from a command line: what is made of its words, and that they run."""

import json
import os
import subprocess
import sys

import cli_test
import tap

SCRIPT = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--alpha", type=float)
parser.add_argument("-n", type=int)
parser.add_argument("net")
arguments = parser.parse_args()
demand = sum(map(float, open(arguments.net)))
for i in range(arguments.n):
    print(f"iter {i}  gap {arguments.alpha / (i + 1):.4f}")
print("COST", arguments.alpha * demand)
"""


class New(cli_test.CliTest):
    def new(self, *arguments, folder=None):
        return subprocess.run([cli_test.CLI, "new", *arguments], cwd=folder or self.folder, env=self.environment, capture_output=True,
                              text=True, encoding="utf-8", timeout=cli_test.WATCHDOG)

    def read_plan(self, *names):
        with open(os.path.join(self.folder, *names), encoding="utf-8") as file:
            return json.load(file)

    def test_script(self):
        """From an existing script to results, with three commands."""
        self.write_text(SCRIPT, "model.py")
        os.mkdir(os.path.join(self.folder, "data"))
        self.write_text("1\n2\n", "data/net.txt")
        done = self.new("--", "python3", "model.py", "--alpha", "0.30", "-n", "4", "data/net.txt")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stdout, "model.lockstep", "alpha varies: 0.30 and 0.27", "n = 4", "try --write model.lockstep")
        self.assertIn('"data/net.txt": {"template": "data/net.txt.in"}', done.stdout)
        plan = self.read_plan("model.lockstep")
        self.assertEqual(plan["program"], {
            "command": ["python3", "model.py", "--alpha", "{alpha}", "-n", "{n}", "data/net.txt"],
            "files": {"model.py": {"link": "model.py"}, "data/net.txt": {"link": "data/net.txt"}}})
        self.assertEqual((plan["params"], plan["steps"]), ({"alpha": 0.3, "n": 4}, [{"tasks": {"grid": {"alpha": [0.3, 0.27]}}}]))

        path = os.path.join(self.folder, "model.lockstep")
        self.assertEqual(self.run_cli("check", path).returncode, 0)
        done = self.run_cli("try", "--write", path)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.read_plan("model.lockstep")["program"]["progress"], {"match": "iter {number}", "of": "{n}"})
        code, report, stderr = self.run_json(path)
        self.assertEqual((code, [round(result["cost"], 9) for result in report["result"]]), (0, [0.9, 0.81]), stderr)

    def test_c_program(self):
        """An executable of one's own, that reads a file which it is not told of."""
        self.write_text('#include <stdio.h>\nint main (int argc, char **argv) { double x; FILE *f = fopen ("case.dat", "r");\n'
                        'if (!f) { perror ("case.dat"); return 2; } if (fscanf (f, "%lf", &x) != 1) return 3;\n'
                        'printf ("flow = %g veh\\n", x); return 0; }\n', "sim.c")
        subprocess.run(["cc", "-o", "sim", "sim.c"], cwd=self.folder, check=True)
        self.write_text("42.5\n", "case.dat")
        done = self.new("./sim")
        self.assertEqual(done.returncode, 0, done.stderr)
        plan = self.read_plan("sim.lockstep")
        self.assertEqual((plan["program"], plan["steps"]), ({"command": ["./sim"]}, [{"tasks": 1}]))

        # What is missing is named, with what to do.
        path = os.path.join(self.folder, "sim.lockstep")
        done = self.run_cli("try", path)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stdout, "exited with code 2", r'"case.dat": \{"link": "case.dat"\}', "No such file")
        done = self.run_cli("try", "--write", path)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_words(done.stdout, "It failed", "case.dat. was put into the .files. of the plan", "It succeeded")
        self.assertEqual(self.read_plan("sim.lockstep")["program"]["files"], {"case.dat": {"link": "case.dat"}})
        self.assertEqual(self.read_plan("sim.lockstep")["program"]["results"], {"flow": {"match": "flow = {number}"}})

    def test_shell_script(self):
        script = self.write_text('#!/bin/sh\nfor i in 1 2 3; do echo "step $i of 3"; done\necho "seed=$2 mode=$MODE" > out.txt\n', "go.sh")
        os.chmod(script, 0o755)
        done = self.new("-o", "sweep", "MODE=fast", "./go.sh", "--seed", "7")
        self.assertEqual(done.returncode, 0, done.stderr)
        plan = self.read_plan("sweep.lockstep")
        self.assertEqual(plan["program"], {"command": ["./go.sh", "--seed", "{seed}"], "env": {"MODE": "fast"}})
        self.assertEqual(plan["steps"], [{"tasks": {"grid": {"seed": [7, 8]}}}])
        code, report, stderr = self.run_json(os.path.join(self.folder, "sweep.lockstep"))
        self.assertEqual(code, 0, stderr)
        with open(os.path.join(report["directory"], "tasks", "0001", "1", "out.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "seed=8 mode=fast\n")

    def test_names_of_a_script(self):
        self.write_text("import sys\nrate, minutes = float(sys.argv[1]), int(sys.argv[2])\nseed = sys.argv[3]\n", "ramp.py")
        done = self.new("--", "python3", "ramp.py", "16.5", "240", "7", "8")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.read_plan("ramp.lockstep")["params"], {"rate": 16.5, "minutes": 240, "seed": 7, "number1": 8})
        script = self.write_text('#!/bin/sh\ncycle=$1\necho "$2"\n', "go")
        os.chmod(script, 0o755)
        self.assertEqual(self.new("./go", "90", "5").returncode, 0)
        self.assertEqual(self.read_plan("go.lockstep")["params"], {"cycle": 90, "number1": 5})

    def test_words_stay_what_they_are(self):
        self.write_text("", "a file.txt")
        words = ["{x}", "$(touch y)", "--net=a file.txt", "alpha=1.10", "-5", "007", "1e-10", "; rm", "a\nb", "", "--out", "a file.txt",
                 "--task", "3", "0x1f", "--threads", "2"]
        done = self.new("--", sys.executable, "-c", "import json, os, sys; print('GOT', json.dumps(sys.argv[1:]).encode().hex())", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        name = os.path.basename(sys.executable).rsplit(".", 1)[0]
        plan = self.read_plan(name + ".lockstep")
        self.assertEqual(plan["program"]["threads"], 2)
        self.assertEqual(plan["params"], {"alpha": 1.1, "number1": -5, "number2": "007", "number3": 1e-10, "task_2": 3})
        self.assertEqual(plan["program"]["files"], {"a file.txt": {"link": "a file.txt"}})
        self.assert_words(done.stdout, "taken for something that the program writes")
        # The first task is the very command.
        done = self.run_cli("try", "--json", os.path.join(self.folder, name + ".lockstep"), "--set",
                            "program.results.got.match=GOT {word}")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(json.loads(bytes.fromhex(json.loads(done.stdout)["result"]["got"])), words)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "y")))

    def test_places(self):
        """A plan elsewhere than the command is typed."""
        model = os.path.join(self.folder, "model")
        os.makedirs(os.path.join(model, "bin"))
        program = self.write_text("#!/bin/sh\ncat \"$1\" \"$2\"\n", "model/bin/go")
        os.chmod(program, 0o755)
        self.write_text("inside 1\n", "model/net.txt")
        self.write_text("outside 2\n", "other.txt")
        done = self.new("-o", "model/go.lockstep", "model/bin/go", "model/net.txt", "other.txt")
        self.assertEqual(done.returncode, 0, done.stderr)
        plan = self.read_plan("model", "go.lockstep")
        self.assertEqual(plan["program"], {"command": ["./bin/go", "net.txt", os.path.join(self.folder, "other.txt")],
                                           "files": {"net.txt": {"link": "net.txt"}}})
        done = self.run_cli("try", os.path.join(model, "go.lockstep"))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assert_words(done.stdout, "inside 1", "outside 2")

    def test_refused(self):
        self.write_text(SCRIPT, "model.py")
        self.assertEqual(self.new("--", "python3", "model.py").returncode, 0)
        self.write_text("mine", "model.lockstep")
        done = self.new("--", "python3", "model.py")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "model.lockstep is there already", "--force")
        self.assertEqual(self.new("--force", "--", "python3", "model.py").returncode, 0)
        self.assertEqual(self.read_plan("model.lockstep")["name"], "model")
        self.write_text("#!/bin/bash\n", "go.sh")
        for words, expected in ((["./go.sh"], "chmod"), (["model.py"], "python3 model.py"), (["python3 model.py"], "without quotes"), (["nowhere"], "no program"),
                                (["./nowhere"], "no program")):
            done = self.new("--force", "--", *words)
            self.assertEqual(done.returncode, 1, words)
            self.assert_words(done.stderr, expected)
        for words in ([], ["--"], ["--nonsense"]):
            self.assertEqual(self.new(*words).returncode, 2, words)


tap.main()
