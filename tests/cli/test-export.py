#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run holds, written into files that other programs read."""

import csv
import datetime
import json
import os
import signal
import subprocess
import sys
import zipfile

import cli_test
import tap

# What breaks a table that is not written with care.
TEXTS = ["plain", "a,b", 'say "x"', "two\nlines", "cr\r\nlf", "ü→✓", " blanks ", "", "'quoted'", "a\tb"]
FORMULAS = ["=1+1", "+1", "-1", "@x", "\t=1"]

# Numbers, as they were written.
NUMBERS = ["0.1", "1e-10", "-1.5", "0.10", "12345678901234567890", "1E5", "-0"]


class Export(cli_test.CliTest):
    def run_plan(self, *mode, code=0, **members):
        """The folder of a run."""
        found, report, stderr = self.run_json(self.write_plan(*mode, **members))
        self.assertEqual(found, code, stderr)
        return report["directory"]

    def run_tasks(self, tasks):
        """A run whose tasks return their params."""
        text = json.dumps({"lockstep": 1, "name": "Test", "solver": {"command": [cli_test.FAKE_SOLVER, "echo"]},
                           "solvers": 2, "steps": [{"step": "work", "title": "Cases", "tasks": "TASKS"}]})
        code, report, stderr = self.run_json(self.write_text(text.replace('"TASKS"', "[" + ",".join(tasks) + "]")))
        self.assertEqual(code, 0, stderr)
        return report["directory"]

    def export(self, run, *arguments, code=0):
        done = self.run_cli("export", run, *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def read_csv(self, run, *arguments):
        path = os.path.join(self.folder, "table.csv")
        self.export(run, "-o", path, "--force", *arguments)
        with open(path, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file, strict=True))

    def test_texts_and_numbers_survive(self):
        texts = TEXTS + FORMULAS
        tasks = ["{" + f'"text": {json.dumps(text)}, "number": {NUMBERS[i % len(NUMBERS)]}' + "}"
                 for i, text in enumerate(texts)]
        rows = self.read_csv(self.run_tasks(tasks))
        self.assertEqual(len(rows), len(texts))
        for i, (row, text) in enumerate(zip(rows, texts)):
            expected = "'" + text if text in FORMULAS else text
            self.assertEqual((row["task"], row["step"], row["state"], row["attempts"]), (str(i), "Cases", "done", "1"))
            self.assertEqual(row["text"], expected)
            self.assertEqual(row["params.text"], expected)
            self.assertEqual(row["number"], NUMBERS[i % len(NUMBERS)])
            self.assertEqual(row["params.number"], NUMBERS[i % len(NUMBERS)])
            self.assertIn(row["solver"], ("0", "1"))
            self.assertGreater(float(row["duration"]), 0)
            self.assertEqual((row["host"], row["cause"]), ("local", ""))

    def test_a_database_takes_it(self):
        texts = TEXTS + FORMULAS
        run = self.run_tasks(["{" + f'"text": {json.dumps(text)}, "x": 0.1' + "}" for text in texts])
        path = os.path.join(self.folder, "table.csv")
        self.export(run, "-o", path)
        with open(path, newline="", encoding="utf-8") as file:
            header = next(csv.reader(file))
        done = subprocess.run(["sqlite3", "-batch", ":memory:", ".mode json", f'.import --csv "{path}" t',
                               'SELECT "text" AS text, x FROM t', "SELECT count(*) AS n FROM pragma_table_info('t')"],
                              capture_output=True, text=True, encoding="utf-8")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        rows, columns = done.stdout.replace("}]\n[{", "}]\0[{").split("\0")
        self.assertEqual([row["text"] for row in json.loads(rows)],
                         ["'" + text if text in FORMULAS else text for text in texts])
        self.assertEqual({row["x"] for row in json.loads(rows)}, {"0.1"})
        self.assertEqual(json.loads(columns), [{"n": len(header)}])

    def test_columns_are_the_union(self):
        rows = self.read_csv(self.run_tasks(['{"a": 1, "n": {"x": 1, "y": [1, 2]}}', '{"b": 2}', '{"n": {"z": null}, "a": true}',
                                             '{"State": "s"}']))
        self.assertEqual(list(rows[0])[:8], ["task", "step", "a", "n.x", "n.y", "b", "n.z", "params.State"])
        self.assertEqual([row["a"] for row in rows], ["1", "", "true", ""])
        self.assertEqual([row["n.y"] for row in rows], ["[1, 2]", "", "", ""])
        self.assertEqual([row["b"] for row in rows], ["", "2", "", ""])
        self.assertEqual(rows[3]["params.State"], "s")
        self.assertEqual([row["state"] for row in rows], ["done"] * 4)

    def test_paths_that_read_alike(self):
        run = self.run_plan("returns", '{"a":{"b":1},"a.b":2,"":3,"c":{"":4},"x\\u0000y":5,"x":6}',
                            steps=[{"step": "work", "tasks": 2}])
        for row in self.read_csv(run):
            self.assertEqual({name: value for name, value in list(row.items())[2:8]},
                             {"a.b": "1", "result.a.b": "2", '""': "3", 'c.""': "4", "x\ufffdy": "5", "x": "6"})

    def test_null_is_a_result(self):
        run = self.run_plan("returns", "null", steps=[{"step": "work", "tasks": 2}])
        for kind in ("json", "jsonl"):
            done = self.export(run, "--format", kind)
            self.assertEqual(done.stdout.count('"result":null'), 2, done.stdout)
        self.assertNotIn("null", self.export(run).stdout)

    def test_loops(self):
        run = self.run_plan("sum", solvers=2, steps=[
            {"repeat": 3, "steps": [{"step": "work", "on": "all"}, {"repeat": 2, "steps": [{"step": "gather", "on": "one"}]}]},
            {"step": "report", "on": "one"}])
        rows = self.read_csv(run)
        self.assertEqual([(row["step"], row["iteration_1"], row["iteration_2"], row["part"]) for row in rows],
                         [each for i in "123" for each in
                          (("work", i, "", "0"), ("work", i, "", "1"), ("gather", i, "1", ""), ("gather", i, "2", ""))]
                         + [("report", "", "", "")])
        self.assertEqual([row["value"] for row in rows][:2], ["1", "2"])

    def test_failures(self):
        run = self.run_plan("obeys", code=3, solvers=2, retries=1, steps=[{"step": "work", "tasks": [
            {"value": 1}, {"value": 2, "crash": True}, {"value": 3}]}])
        rows = self.read_csv(run)
        self.assertEqual([(row["state"], row["attempts"]) for row in rows], [("done", "1"), ("failed", "2"), ("done", "1")])
        self.assertEqual(rows[1]["cause"], "crash")
        self.assert_words(rows[1]["reason"], "SIGSEGV")
        self.assert_words(rows[1]["line"], "negative depth")
        # The result of a task and its parameter have the same name.
        self.assertEqual((rows[0]["value"], rows[0]["result.value"], rows[1]["result.value"]), ("1", "1", ""))

    def test_what_was_done_again_counts_once(self):
        broken = self.write_text("", "broken")
        plan = self.write_plan("obeys", solvers=2, steps=[
            {"step": "work", "tasks": [{"value": 1}, {"value": 2, "crash": True, "while": broken}, {"value": 3}]},
            {"step": "gather", "on": "one"}])
        code, report, stderr = self.run_json(plan)
        self.assertEqual(code, 3, stderr)
        os.remove(broken)
        code, report, stderr = self.run_json("--resume", report["directory"], "--failed")
        self.assertEqual(code, 0, stderr)
        rows = self.read_csv(report["directory"])
        self.assertEqual([(row["task"], row["step"], row["state"], row["attempts"]) for row in rows],
                         [("0", "work", "done", "1"), ("1", "work", "done", "2"), ("2", "work", "done", "1"),
                          ("3", "gather", "done", "1")])
        self.assertEqual([row["result.value"] for row in rows][:3], ["1", "2", "3"])

    def test_large_results_are_read_from_their_files(self):
        run = self.run_tasks([json.dumps({"big": "x" * 90000, "n": 1}), json.dumps({"big": "y" * 100001, "n": 2})])
        self.assertEqual(len(os.listdir(os.path.join(run, "results"))), 2)
        done = self.export(run)
        rows = list(csv.DictReader(done.stdout.splitlines()))
        self.assertEqual(len(rows[0]["big"]), 90000)
        self.assertEqual(rows[1]["big"], "(left out: 100001 bytes)")
        self.assert_words(done.stderr, "too long for a cell", "jsonl")

        os.remove(os.path.join(run, "results", os.listdir(os.path.join(run, "results"))[0]))
        done = self.export(run, "--format", "jsonl")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(sum("result" in row for row in rows), 1)
        self.assert_words(done.stderr, "1 task has no result", "gone")

    def test_json_has_values_as_they_were_written(self):
        run = self.run_tasks(['{"x": 1e-10}', '{"x": 0.10, "s": "=1"}'])
        for form in ("json", "jsonl"):
            text = self.export(run, "--format", form).stdout
            self.assertIn('"params":{"x": 1e-10}', text)
            self.assertIn('"params":{"x": 0.10, "s": "=1"}', text)
            rows = json.loads(text) if form == "json" else [json.loads(line) for line in text.splitlines()]
            self.assertEqual([row["result"]["params"]["x"] for row in rows], [1e-10, 0.1])

    def test_files_are_not_overwritten(self):
        run = self.run_tasks(['{"x": 1}'])
        path = self.write_text("mine", "mine.csv")
        self.assert_words(self.export(run, "-o", path, code=1).stderr, "mine.csv already", "--force")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        self.export(run, "-o", path, "--force")
        with open(path, encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("task,step,x,"))
        self.assert_words(self.export(run, "-o", self.folder, code=1).stderr, "is a folder")
        self.assert_words(self.export(run, "-o", path + "/x.csv", code=1).stderr, "mine.csv/x.csv: Not a directory")

    def assert_no_half_file(self, folder, **options):
        """An export into @folder, which has no room for it, leaves nothing there."""
        before = os.listdir(folder)
        done = subprocess.run([cli_test.CLI, "export", self.large, "--format", "jsonl", "-o", os.path.join(folder, "x.jsonl")],
                              env=self.environment, capture_output=True, text=True, **options)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(os.listdir(folder), before)
        self.assert_words(done.stderr, r"could not write .*x\.jsonl: ", "nothing of it is left")
        return done.stderr

    def test_no_room(self):
        self.large = self.run_tasks([json.dumps({"x": "x" * 60000}) for _ in range(40)])
        place = os.path.join(self.folder, "place")
        os.mkdir(place)

        def limit():
            import resource
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

        self.assert_words(self.assert_no_half_file(place, preexec_fn=limit, restore_signals=False), "file too large")
        done = self.export(self.large, "-o", "/dev/full", code=1)
        self.assert_words(done.stderr, "/dev/full: No space left")

    def test_full_disk(self):
        place = os.path.join(self.folder, "place")
        os.mkdir(place)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", place], capture_output=True).returncode != 0:
            self.skipTest("no file system can be mounted here")
        try:
            self.large = self.run_tasks([json.dumps({"x": "x" * 60000}) for _ in range(40)])
            self.assert_words(self.assert_no_half_file(place), "No space left", "make room")
        finally:
            subprocess.run(["umount", place], check=True)

    def test_a_reader_that_goes_away(self):
        self.large = self.run_tasks([json.dumps({"x": "x" * 60000}) for _ in range(40)])
        process = self.start("export", self.large, "--format", "jsonl")
        self.assertTrue(process.stdout.read(1))
        process.stdout.close()
        self.assertEqual(process.wait(cli_test.WATCHDOG), 1)
        self.assertEqual(process.stderr.read(), "")
        process.stderr.close()

    def test_a_journal_without_events(self):
        run = self.run_tasks(['{"x": 1}'])
        with open(os.path.join(self.runs, run, "journal.jsonl"), "w", encoding="utf-8"):
            pass
        for form in ("jsonl", "csv", "text"):
            done = self.export(run, "--what", "events", "--format", form)
            self.assert_words(done.stderr, "has no event in it")

    def test_wrong_arguments(self):
        run = self.run_tasks(['{"x": 1}'])
        self.assert_words(self.export(run, "--what", "nonsense", code=2).stderr, "one of .*results", "nonsense")
        self.assert_words(self.export(run, "--what", "all", "--format", "csv", code=2).stderr, "as zip, and not", "csv")
        self.assert_words(self.export(run, "--what", "log", "--format", "json", code=2).stderr, "text, csv, jsonl", "json")
        self.assert_words(self.export(run, "--format", "text", code=2).stderr, "csv, json, jsonl", "text")
        self.assert_words(self.export(run, "-o", "x.txt", code=2).stderr, "csv, json, jsonl", "x.txt")
        self.assert_words(self.run_cli("export").stderr, "no run was given")
        self.assert_words(self.export(run, run, code=2).stderr, "one too many")
        self.assert_words(self.export("20990101", code=1).stderr, "20990101")

    def test_a_run_at_work_and_one_that_died(self):
        process = self.start("run", self.write_plan("sleep", "60", solvers=1, steps=[{"step": "work", "tasks": 3}]))

        def at_work():
            if not os.path.isdir(self.runs) or not os.listdir(self.runs):
                return False
            path = os.path.join(self.runs, os.listdir(self.runs)[0], "journal.jsonl")
            if not os.path.exists(path):
                return False
            with open(path, encoding="utf-8") as file:
                return "task-started" in file.read()

        cli_test.wait_until(at_work, "a task is begun")
        self.assertEqual([row["state"] for row in self.read_csv("last")], ["running", "waiting", "waiting"])
        process.kill()
        process.communicate()
        self.assert_nothing_left()
        self.assertEqual([row["state"] for row in self.read_csv("last")], ["stopped", "waiting", "waiting"])

    def test_log(self):
        run = self.run_plan("flood", "1000", solvers=2, steps=[{"step": "work", "on": "all"}])
        lines = self.export(run, "--what", "log").stdout.splitlines()
        for solver in (0, 1):
            with open(os.path.join(run, f"solver-{solver:04d}.log"), encoding="utf-8") as file:
                printed = file.read().splitlines()
            self.assertEqual(len(printed), 1000)
            self.assertEqual([line.split("| ", 1)[1] for line in lines if f"  solver {solver}    | " in line], printed)
        self.assert_words("\n".join(lines), r"T[\d:.+-]+  run +Started: 2 solvers", r"  solver 0 +Ready")
        # Times go on.
        self.assertEqual(sorted(line[:23] for line in lines), [line[:23] for line in lines])
        self.assert_words(lines[-1], "Finished")

    def test_timeline(self):
        run = self.run_plan("sleep-by-part", "0.3", solvers=2, steps=[{"step": "work", "on": "all"}])
        rows = [row for row in self.read_csv(run, "--what", "timeline") if row["step"] == "work"]
        self.assertEqual([(row["solver"], row["part"], row["state"]) for row in rows], [("0", "0", "done"), ("1", "1", "done")])
        # Each waits for the barrier from its own end on, which is that of the second a moment before.
        first, second = ((datetime.datetime.fromisoformat(row["end"].replace("Z", "+00:00")), float(row["waiting"]))
                         for row in rows)
        self.assertGreater(first[1], second[1])
        self.assertAlmostEqual(first[1] - second[1], (second[0] - first[0]).total_seconds(), delta=0.01)
        rows = [row for row in self.read_csv(run, "--what", "timeline") if row["step"] == "initialize"]
        self.assertEqual({(row["solver"], row["state"], row["task"]) for row in rows}, {("0", "done", ""), ("1", "done", "")})

    def test_events(self):
        run = self.run_tasks(['{"x": 1e-10}'])
        with open(os.path.join(run, "journal.jsonl"), encoding="utf-8") as file:
            self.assertEqual(self.export(run, "--what", "events").stdout, file.read())
        self.assertNotIn(" | ", self.export(run, "--what", "events", "--format", "text").stdout)
        row, = [row for row in self.read_csv(run, "--what", "events") if row["event"] == "task-ended"]
        self.assertIn("1e-10", row["data"])

    def test_all(self):
        run = self.run_tasks([json.dumps({"x": "x" * 70000}), '{"y": 1}'])
        path = os.path.join(run, "all.zip")
        # Neither the lock nor what is being written is in it.
        self.export(run, "--what", "all", "-o", path)
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            names = [name for name in archive.namelist() if not name.endswith("/")]
            top = os.path.basename(run)
            self.assertEqual(names[0], top + "/plan.lockstep")
            self.assertEqual(set(names), {os.path.join(top, os.path.relpath(os.path.join(place, name), run))
                                          for place, _, files in os.walk(run) for name in files} - {top + "/lock", top + "/all.zip"})
            archive.extractall(self.folder)
        unpacked = os.path.join(self.folder, top)
        self.assertEqual(self.export(unpacked).stdout, self.export(run).stdout)

    def write_shared_plan(self):
        """A plan, in a folder of its own, that needs all kinds of files."""
        os.makedirs(os.path.join(self.folder, "mine", "data", "größe"))
        os.makedirs(os.path.join(self.folder, "mine", "cases"))
        for name in ("data/network.txt", "data/größe/a.txt", "cases/b.txt", "not-named.txt"):
            self.write_text(name, os.path.join("mine", name))
        self.write_text("case,n\ncases/b.txt,1\nnone,2\n", "mine/cases.csv")
        solver = self.write_text(f'#!/bin/sh\nexec "{cli_test.FAKE_SOLVER}" "$@"\n', "mine/solver.sh")
        os.chmod(solver, 0o755)
        self.write_text("outside", "outside.txt")
        return self.write_text(json.dumps({
            "lockstep": 1, "name": "Shared", "solver": {"command": ["./solver.sh", "echo"]}, "solvers": 1,
            "params": {"network": "data/network.txt", "folder": "data/größe", "other": "../outside.txt",
                       "absolute": os.path.join(self.folder, "outside.txt"), "home": "~/secret.txt", "word": "not a file"},
            "steps": [{"step": "work", "tasks": {"csv": "cases.csv"}}]}), "mine/shared.lockstep")

    def test_pack(self):
        plan = self.write_shared_plan()
        path = os.path.join(self.folder, "shared.zip")
        done = self.run_cli("pack", plan, "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stderr, r"params\.other: .*outside\.txt is not in the plan's folder",
                          r"params\.absolute: .*outside\.txt is an absolute path", r"params\.home: ~/secret\.txt is an absolute path")
        self.assertEqual(done.stderr.count("\n"), 3, done.stderr)
        with zipfile.ZipFile(path) as archive:
            self.assertEqual({name for name in archive.namelist() if not name.endswith("/")},
                             {"shared/" + name for name in ("shared.lockstep", "solver.sh", "cases.csv", "cases/b.txt",
                                                            "data/network.txt", "data/größe/a.txt")})
            for item in archive.infolist():
                elsewhere = archive.extract(item, os.path.join(self.folder, "elsewhere"))
                os.chmod(elsewhere, item.external_attr >> 16 & 0o777)
        self.assertIn("shared/data/network.txt", done.stdout)

        code, report, stderr = self.run_json(os.path.join(self.folder, "elsewhere", "shared", "shared.lockstep"))
        self.assertEqual((code, len(report["result"])), (0, 2), stderr)

    def test_pack_tells_what_is_of_this_machine(self):
        os.makedirs(os.path.join(self.folder, "mine", "data", "within"))
        self.write_text("secret", "secret.txt")
        self.write_text("network", "mine/data/network.txt")
        for link, target in (("link.txt", "../secret.txt"), ("data/within/link.txt", "../../../secret.txt"),
                             ("data/within/good.txt", "../network.txt"), ("good.txt", "data/network.txt")):
            os.symlink(target, os.path.join(self.folder, "mine", link))
        params = {"link": "link.txt", "good": "good.txt", "folder": "data/within", "home": "/home/nobody/x.txt", "top": "/scratch",
                  "user": "~nobody/x", "variable": "$SCRATCH/x", "slash": "/ 2", "plain": "a/b"}
        plan = self.write_text(json.dumps({
            "lockstep": 1, "params": params, "solvers": 1, "steps": [{"step": "work", "on": "all"}],
            "solver": {"command": [cli_test.FAKE_SOLVER, "echo", "--a=/opt/data/x", "--b=data/network.txt"]}}), "mine/shared.lockstep")
        path = os.path.join(self.folder, "shared.zip")
        done = self.run_cli("pack", plan, "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = sorted(line.split(": ")[1].split(" ")[0] for line in done.stderr.splitlines())
        self.assertEqual(told, sorted(["params.link", "params.home", "params.top", "params.user", "params.variable",
                                       "shared/data/within/link.txt", "solver.command[2]", "solver.command[0]"]), done.stderr)
        self.assert_words(done.stderr, "params.link: a link leads out of the plan's folder, to .*/secret.txt, which is not packed")
        with zipfile.ZipFile(path) as archive:
            self.assertEqual({name for name in archive.namelist() if not name.endswith("/")}, {
                "shared/" + name for name in ("shared.lockstep", "good.txt", "data/network.txt", "data/within/link.txt",
                                              "data/within/good.txt")})
            self.assertNotIn(b"secret\n", archive.read("shared/data/within/link.txt"))
            self.assertEqual(archive.read("shared/good.txt"), b"network")

    def test_values_of_short_tasks(self):
        """What a task reports first and last is in the journal, and how much else was reported."""
        solver = os.path.join(os.path.dirname(os.path.abspath(__file__)), "chatty_solver.py")
        run = self.run_plan(solver={"command": [sys.executable, solver, "20"]}, steps=[{"step": "report", "tasks": 3}])
        path = os.path.join(self.folder, "events.jsonl")
        self.export(run, "--what=events", "-o", path)
        with open(path, encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
        reports = [event for event in events if event.get("event") == "progress"]
        for task in range(3):
            values = [event["data"]["values"]["gap"] for event in reports if event["task"] == task]
            self.assertEqual((values[0], values[-1]), (0, 19))
            self.assertEqual(values, sorted(values))
        self.assertEqual(events[-1]["data"].get("left-out"), {"gap": 60 - len(reports)})

    def test_pack_without_a_locale(self):
        self.environment["LC_ALL"] = "C"
        path = os.path.join(self.folder, "shared.zip")
        self.assertEqual(self.run_cli("pack", self.write_shared_plan(), "-o", path).returncode, 0)
        with zipfile.ZipFile(path) as archive:
            self.assertIn("shared/data/größe/a.txt", archive.namelist())

    def test_pack_refuses(self):
        plan = self.write_shared_plan()
        path = self.write_text("mine", "there.zip")
        self.assert_words(self.run_cli("pack", plan, "-o", path).stderr, "there.zip already", "--force")
        os.remove(os.path.join(self.folder, "mine", "cases.csv"))
        done = self.run_cli("pack", plan, "-o", path, "--force")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "cases.csv")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        self.assert_words(self.run_cli("pack", plan, "--solvers", "2").stderr, "packed as it is")


tap.main()
