#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lockstep-cli run --resume: runs whose controller was killed, and runs of which something is wanted again."""

import json
import os
import random
import shutil
import signal
import time

import cli_test
import tap

# Kills of the controller, in each of the tests that do so.
KILLS = 20


class Resume(cli_test.CliTest):
    def setUp(self):
        super().setUp()
        self.list = os.path.join(self.folder, "list")
        self.seed = random.randrange(10**6)
        self.random = random.Random(self.seed)
        print(f"# {self.id()}: seed {self.seed}", flush=True)

    def write_tally(self, steps, *, name="test.lockstep", seconds="0", padding="0", **members):
        return self.write_plan("tally", self.list, seconds, padding, name=name, steps=steps, **members)

    def write_sweep(self, n_tasks, *, name="test.lockstep", **members):
        return self.write_tally([{"step": "work", "tasks": n_tasks}, {"step": "gather", "on": "one"}], name=name,
                                **members)

    def set_list(self, *numbers):
        with open(self.list, "w", encoding="ascii") as file:
            file.write(" ".join(map(str, numbers)))

    def find_run(self):
        """The folder of the only run."""
        (name,) = os.listdir(self.runs)
        return os.path.join(self.runs, name)

    def read_journal(self, directory):
        with open(os.path.join(directory, "journal.jsonl"), encoding="utf-8") as journal:
            return [json.loads(line) for line in journal]

    def count_ended(self, directory, step=0):
        """How often each task of the step ended with a result."""
        counts = {}
        for event in self.read_journal(directory):
            if event.get("event") == "task-ended" and event["step"] == step:
                counts[event["task"]] = counts.get(event["task"], 0) + 1
        return counts

    def size_of_journal(self):
        try:
            return os.path.getsize(os.path.join(self.find_run(), "journal.jsonl"))
        except (OSError, ValueError):
            return 0

    def kill_until_finished(self, plan, kills, seconds):
        """Kills the controller @kills times, each time at a random moment, and lets it finish then.

        On a machine so slow that the run is over before, it is begun anew."""
        beginning = ["run", "--quiet", plan]
        arguments = beginning
        killed = 0
        while killed < kills:
            size = self.size_of_journal()
            controller = self.start(*arguments)
            # It has got somewhere: else only the start would ever be killed.
            cli_test.wait_until(lambda: self.size_of_journal() > size + 200 or controller.poll() is not None,
                                "the journal grows")
            time.sleep(self.random.uniform(0, seconds))
            controller.send_signal(signal.SIGKILL)
            _, errors = controller.communicate()
            if controller.returncode == -signal.SIGKILL:
                killed += 1
                arguments = ["run", "--quiet", "--resume", "last"]
            else:
                self.assertIn(controller.returncode, (0, 3), errors)
                shutil.rmtree(self.find_run())
                arguments = beginning
        done = self.run_cli("run", "--json", "--resume", "last")
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return json.loads(done.stdout)

    def test_journal_does_not_say_where_the_plan_was(self):
        os.symlink(cli_test.FAKE_SOLVER, os.path.join(self.folder, "solver"))
        plan = self.write_plan(solver={"command": ["./solver", "echo"]})
        self.assertEqual(self.run_cli("run", "--quiet", plan).returncode, 0)
        os.remove(os.path.join(self.find_run(), "journal.jsonl"))
        done = self.run_cli("run", "--resume", "last")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "solver.command.*there is no file .*journal does not say in which folder its plan was")
        done = self.run_cli("run", "--resume", "last", plan)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_loop_with_killed_controller(self):
        loop = {"repeat": 200, "until": "gap < 1e-120", "steps": [{"step": "work", "on": "all"},
                                                                 {"step": "gather", "on": "one"}]}
        plan = self.write_tally([loop, {"step": "report", "on": "one"}], solvers=2, seconds="0.03")
        elsewhere = os.path.join(self.folder, "undisturbed")
        _, undisturbed, _ = self.run_json(plan, "--runs-dir", elsewhere)
        report = self.kill_until_finished(plan, KILLS, 0.08)
        self.assertEqual(report["result"], undisturbed["result"])
        self.assertEqual((report["state"], report["reached"]), ("finished", True))
        self.assert_nothing_left()

    def write_assignment(self, side, repeat):
        """A plan of the assignment example, in a town of @side by @side zones whose streets are a grid."""
        zones = range(1, side * side + 1)
        links = [(zone, zone + step) for zone in zones for step in (1, side)
                 if zone + step <= side * side and (step == side or zone % side)]
        links += [(end, start) for start, end in links]
        network = [f"<NUMBER OF ZONES> {len(zones)}", f"<NUMBER OF NODES> {len(zones)}", "<FIRST THRU NODE> 1",
                   f"<NUMBER OF LINKS> {len(links)}", "<END OF METADATA>"]
        network += [f"{start} {end} {200 + 37 * (start * end % 11)} 1 {1 + (start + end) % 3} 0.15 4 0 0 1 ;"
                    for start, end in links]
        trips = [f"<NUMBER OF ZONES> {len(zones)}", "<END OF METADATA>"]
        for origin in zones:
            trips.append(f"Origin {origin}")
            trips += [f"{zone} : {5 + origin * zone % 17}.0;" for zone in zones if zone != origin]
        self.write_text("\n".join(network) + "\n", "town_net.tntp")
        self.write_text("\n".join(trips) + "\n", "town_trips.tntp")
        loop = {"repeat": repeat, "until": "gap < 1e-12",
                "steps": [{"step": "assign", "on": "all"}, {"step": "combine", "on": "one"}]}
        return self.write_plan(solver={"command": ["lockstep-assignment-solver"]}, solvers=2,
                               params={"network": "town_net.tntp", "trips": "town_trips.tntp"},
                               steps=[loop, {"step": "report", "on": "one"}])

    def test_assignment_with_killed_controller(self):
        plan = self.write_assignment(10, 250)
        elsewhere = os.path.join(self.folder, "undisturbed")
        code, undisturbed, errors = self.run_json(plan, "--runs-dir", elsewhere)
        self.assertIn(code, (0, 3), errors)
        report = self.kill_until_finished(plan, KILLS, 0.05)
        flows = []
        for result in (report["result"], undisturbed["result"]):
            with open(result.pop("file"), encoding="utf-8") as file:
                flows.append(file.read())
        self.assertEqual(report["result"], undisturbed["result"])
        self.assertEqual(flows[0], flows[1])
        self.assertEqual((report["state"], report["reached"]), ("finished", undisturbed["reached"]))
        self.assert_nothing_left()

    def test_superseded_results_with_killed_controller(self):
        loop = {"repeat": 60, "steps": [{"step": "work", "on": "all"}, {"step": "gather", "on": "one"}]}
        plan = self.write_tally([loop, {"step": "report", "on": "one"}], solvers=2, seconds="0.01", padding="70000")
        elsewhere = os.path.join(self.folder, "undisturbed")
        _, undisturbed, _ = self.run_json(plan, "--runs-dir", elsewhere)
        report = self.kill_until_finished(plan, KILLS // 2, 0.1)
        self.assertEqual(report["result"], undisturbed["result"])
        results = os.listdir(os.path.join(self.find_run(), "results"))
        self.assertLess(len(results), 15, results)

    def test_sweep_with_killed_controller(self):
        plan = self.write_sweep(2000, solvers=2, seconds="0.006")
        elsewhere = os.path.join(self.folder, "undisturbed")
        _, undisturbed, _ = self.run_json(plan, "--runs-dir", elsewhere)
        report = self.kill_until_finished(plan, KILLS, 0.2)
        self.assertEqual(report["result"], undisturbed["result"])
        self.assertEqual(self.count_ended(self.find_run()), {task: 1 for task in range(2000)})
        self.assert_nothing_left()

    def test_killed_run_is_interrupted_and_says_how_it_goes_on(self):
        plan = self.write_sweep(50, seconds="0.05")
        controller = self.start("run", "--quiet", plan)
        cli_test.wait_until(lambda: self.size_of_journal() > 2000, "some tasks are done")
        controller.kill()
        controller.communicate()
        directory = self.find_run()
        with open(os.path.join(directory, "journal.jsonl"), "ab") as journal:
            journal.write(b'{"event":"task-end')
        code, report, _ = self.run_json("--resume", os.path.basename(directory)[:-2])
        self.assertEqual((code, report["result"]["sum"]), (0, 1275))
        self.assertEqual(set(self.count_ended(directory).values()), {1})

    def test_second_controller_is_refused(self):
        plan = self.write_sweep(1000, seconds="0.05")
        controller = self.start("run", "--quiet", plan)
        cli_test.wait_until(lambda: self.size_of_journal() > 1000, "the run is at work")
        done = self.run_cli("run", "--resume", "last")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "at work already", f"process {controller.pid}")
        controller.send_signal(signal.SIGINT)
        controller.communicate()
        self.assertEqual(controller.returncode, 130)

    def test_terminated_run_goes_on(self):
        plan = self.write_sweep(40, seconds="0.05")
        controller = self.start("run", plan)
        cli_test.wait_until(lambda: self.size_of_journal() > 2500, "the run is at work")
        controller.send_signal(signal.SIGINT)
        stdout, _ = controller.communicate()
        command = f"lockstep-cli run --resume {os.path.basename(self.find_run())}"
        self.assertIn(command, stdout)
        code, report, _ = self.run_json(*command.split()[2:])
        self.assertEqual((code, report["result"]["sum"], report["failures"]), (0, 820, []))

    def test_failed_tasks_are_done_again(self):
        self.set_list(3, 17, 18)
        plan = self.write_sweep(30)
        done = self.run_cli("run", plan)
        self.assertEqual(done.returncode, 3)
        name = os.path.basename(self.find_run())
        command = f"lockstep-cli run --resume {name} --failed"
        self.assertIn(command, done.stdout)
        self.assertIn(os.path.join(self.find_run(), "solver-"), done.stdout)
        self.assert_words(done.stdout, r"3 tasks failed \(step-error\): this task is on the list")

        self.set_list(17)
        code, report, _ = self.run_json(*command.split()[2:])
        self.assertEqual((code, report["state"], report["result"]["failures"]), (3, "finished", 1))
        self.assertEqual([(failure["task"], failure["attempt"]) for failure in report["failures"]], [(17, 2)])

        self.set_list()
        code, report, _ = self.run_json(*command.split()[2:])
        self.assertEqual((code, report["failures"], report["result"]["sum"]), (0, [], 465))
        self.assertEqual(set(self.count_ended(self.find_run()).values()), {1})

    def test_command_names_the_folder_where_runs_are_elsewhere(self):
        self.set_list(1)
        place = os.path.join(self.folder, "some place")
        done = self.run_cli("run", "--runs-dir", place, self.write_sweep(3))
        (name,) = os.listdir(place)
        self.assertIn(f"lockstep-cli run --resume '{place}/{name}' --failed", done.stdout)

    def test_tasks_are_done_again(self):
        self.run_json(self.write_sweep(20))
        code, report, _ = self.run_json("--resume", "last", "--tasks", "0,5-7")
        self.assertEqual((code, report["result"]["sum"]), (0, 210))
        counts = self.count_ended(self.find_run())
        self.assertEqual([task for task, count in counts.items() if count == 2], [0, 5, 6, 7])
        for tasks, words in (("20", "no task 20"), ("a", "is no list of tasks")):
            done = self.run_cli("run", "--resume", "last", "--tasks", tasks)
            self.assertEqual(done.returncode, 1)
            self.assert_words(done.stderr, words)

    def test_tasks_are_appended(self):
        self.run_json(self.write_sweep(10))
        code, report, _ = self.run_json("--resume", "last", self.write_sweep(25, name="more.lockstep"))
        self.assertEqual((code, report["result"]["sum"]), (0, 325))
        self.assertEqual(self.count_ended(self.find_run()), {task: 1 for task in range(25)})

    def test_finished_run_has_nothing_to_do(self):
        self.run_json(self.write_sweep(5))
        done = self.run_cli("run", "--resume", "last")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_words(done.stdout, "nothing to do")
        code, report, stderr = self.run_json("--resume", "last", "--failed")
        self.assertEqual((code, report["state"], report["result"]["sum"]), (0, "finished", 15))
        self.assert_words(stderr, "none of its tasks failed")

    def test_changed_plan_is_refused_by_name(self):
        self.set_list(2)
        self.run_json(self.write_sweep(5, params={"network": "a"}))
        for members, name in (({"params": {"network": "b"}}, r"params\.network"),
                              ({"params": {"network": "a"}, "on-failure": "stop"}, "on-failure"),
                              ({}, "params")):
            done = self.run_cli("run", "--resume", "last", self.write_sweep(5, name="other.lockstep", **members), "--failed")
            self.assertEqual(done.returncode, 1)
            self.assert_words(done.stderr, f"{name}: ", "since the run began")
        done = self.run_cli("run", "--resume", "last", "--set", "params.network=c", "--failed")
        self.assert_words(done.stderr, r"params\.network: ")

        self.set_list()
        allowed = self.write_sweep(5, name="other.lockstep", params={"network": "a"}, retries=4, timeout=60, nice=5)
        code, report, _ = self.run_json("--resume", "last", allowed, "--solvers", "2", "--failed")
        self.assertEqual((code, report["result"]["sum"]), (0, 15))

    def test_garbage_is_named_and_the_rest_read(self):
        self.set_list(2)
        self.run_json(self.write_sweep(5))
        path = os.path.join(self.find_run(), "journal.jsonl")
        with open(path, "rb") as journal:
            lines = journal.readlines()
        number = next(i for i, line in enumerate(lines) if b"solver-ready" in line) + 1
        lines[number - 1] = b"\x00\xff garbage\n"
        with open(path, "wb") as journal:
            journal.writelines(lines)
        self.set_list()
        done = self.run_cli("run", "--resume", "last", "--failed")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stdout, f"line {number} of .*journal.jsonl", r'"sum":15\b')

    def test_newer_version_is_refused(self):
        self.run_json(self.write_sweep(2))
        path = os.path.join(self.find_run(), "journal.jsonl")
        with open(path, encoding="utf-8") as journal:
            text = journal.read()
        with open(path, "w", encoding="utf-8") as journal:
            journal.write(text.replace('{"lockstep-journal":1}', '{"lockstep-journal":2}', 1))
        done = self.run_cli("run", "--resume", "last")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "newer lockstep", "version 2")

    def test_run_that_is_not_there(self):
        self.assert_words(self.run_cli("run", "--resume", "last").stderr, "there is no run")
        self.run_json(self.write_sweep(1))
        self.run_json(self.write_sweep(1))
        for run, words in (("2", "more than one run"), ("nowhere", "there is no run .nowhere"),
                           (self.folder, r"no plan\.lockstep")):
            done = self.run_cli("run", "--resume", run)
            self.assertEqual(done.returncode, 1)
            self.assert_words(done.stderr, words)
        done = self.run_cli("run", "--failed", self.write_sweep(1))
        self.assertEqual(done.returncode, 2)
        self.assert_words(done.stderr, "--resume")

    def test_run_folder_without_a_plan(self):
        self.run_json(self.write_sweep(1))
        directory = self.find_run()
        os.remove(os.path.join(directory, "plan.lockstep"))
        done = self.run_cli("run", "--resume", directory)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, r"no plan\.lockstep")

    def test_solvers_are_those_of_the_last_session(self):
        self.set_list(1)
        _, report, _ = self.run_json(self.write_sweep(4, solvers=3))
        self.assertEqual(report["solvers"], 3)
        self.set_list()
        _, report, _ = self.run_json("--resume", "last", "--failed", "--solvers", "1")
        self.assertEqual((report["state"], report["solvers"], report["failures"]), ("finished", 1, []))

    def test_last_is_the_one_started_last(self):
        for n_tasks in (1, 2, 3):
            self.run_json(self.write_sweep(n_tasks))
        _, report, _ = self.run_json("--resume", "last")
        self.assertEqual(report["result"]["count"], 3)


# Most of the time they wait for what is to be killed.
tap.main(at_once=4)
