#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control socket of a run, spoken to with Python's standard library alone, and the commands that stand on it."""

import contextlib
import glob
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import unittest

import cli_test
import tap

# What a path of a socket may have at most, without the NUL.
MAX_PATH = 107

NOBODY = 65534

# LOCKSTEP_SERVICE_MAX_PEERS
MAX_CONNECTIONS = 64


class Client:
    """JSON-RPC 2.0, one message a line."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(cli_test.WATCHDOG)
        self.socket.connect(path)
        self.file = self.socket.makefile("rwb")
        self.calls = 0
        self.notifications = []

    def close(self):
        self.file.close()
        self.socket.close()

    def read(self):
        """The next message; None at the end."""
        line = self.file.readline()
        return json.loads(line) if line else None

    def read_after(self, method):
        """What is said first after @method is called; it may be why the connection is refused."""
        self.calls += 1
        with contextlib.suppress(BrokenPipeError):
            self.file.write(json.dumps({"jsonrpc": "2.0", "id": self.calls, "method": method}).encode() + b"\n")
            self.file.flush()
        return self.read()

    def ask(self, method, **params):
        self.calls += 1
        message = {"jsonrpc": "2.0", "id": self.calls, "method": method}
        if params:
            message["params"] = params
        self.file.write(json.dumps(message).encode() + b"\n")
        self.file.flush()
        while True:
            answer = self.read()
            if "id" in answer:
                assert answer["id"] == self.calls, answer
                return answer
            self.notifications.append(answer)

    def call(self, method, **params):
        answer = self.ask(method, **params)
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["result"]

    def follow(self):
        """All notifications until the connection ends."""
        yield from self.notifications
        self.notifications = []
        while (message := self.read()) is not None:
            yield message


class Control(cli_test.CliTest):
    def write_long_plan(self, **members):
        """A plan that ends only when it is told to."""
        loop = {"repeat": 100000, "steps": [{"step": "work", "on": "all"}]}
        return self.write_plan("sleep", "0.05", **{"solvers": 2, "steps": [loop], **members})

    def detach(self, *arguments):
        """Starts a run in the background; returns what it says about itself."""
        done = self.run_cli("run", "--detach", "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def connect(self, run):
        client = Client(run["socket"])
        self.addCleanup(client.close)
        return client

    def end(self, *runs):
        for run in runs:
            self.connect(run).call("terminate", how="kill")
        self.assert_nothing_left()

    def wait_for_iteration(self, client, iteration):
        cli_test.wait_until(lambda: (client.call("status")["iteration"] or 0) >= iteration, "an iteration")

    def test_unpause_tells_what_a_run_waits_for(self):
        run = self.detach(self.write_plan("tally", os.path.join(self.folder, "none"), "0.05", "100000",
                                          steps=[{"step": "work", "tasks": 2000}]))
        client = self.connect(run)
        results = os.path.join(run["directory"], "results")
        os.rename(results, results + "-elsewhere")
        cli_test.wait_until(lambda: client.call("status")["state"] == "paused", "the run waits for its disk")
        done = self.run_cli("unpause")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assert_words(done.stderr, "cannot go on yet.*results/.*goes on by itself")
        os.rename(results + "-elsewhere", results)
        cli_test.wait_until(lambda: client.call("status")["state"] == "stepping", "the run goes on")
        self.end(run)

    def test_script_starts_follows_and_terminates(self):
        first = self.detach(self.write_long_plan())
        plan = self.write_long_plan(name="second.lockstep")
        answer = self.connect(first).call("start", plan=plan, set=["solvers=1"])
        self.assertNotEqual(answer["run"], os.path.basename(first["directory"]))

        follower = self.connect(answer)
        self.assertEqual(follower.call("subscribe", **{"from": 1})["next"], 1)
        other = self.connect(answer)
        self.assertEqual(other.call("status")["directory"], answer["directory"])
        self.assertEqual(len(other.call("solvers")["solvers"]), 1)
        self.wait_for_iteration(other, 3)

        # From the middle of the past, and from now on.
        middle = self.connect(answer)
        middle.call("subscribe", **{"from": 5})
        late = self.connect(answer)
        late_from = late.call("subscribe")["next"]
        self.assertGreater(late_from, 5)
        self.wait_for_iteration(other, 6)
        self.assertIn(other.call("terminate")["state"], ("stopping", "terminated"))

        with open(os.path.join(answer["directory"], "journal.jsonl"), encoding="utf-8") as journal:
            for client, start in ((follower, 1), (middle, 5), (late, late_from)):
                told = [message["params"] for message in client.follow()]
                journal.seek(0)
                kept = [json.loads(line) for line in journal][1:]
                numbered = [params for params in told if "number" in params]
                self.assertEqual([params["number"] for params in numbered], list(range(start, len(kept) + 1)))
                self.assertEqual([params["event"] for params in numbered], kept[start - 1:])
                self.assertEqual(told[-1]["event"]["event"], "run-ended")
                self.assertEqual(told[-1]["event"]["data"]["state"], "terminated")
        self.end(first)

    def test_pause_and_resume(self):
        run = self.detach(self.write_long_plan())
        client = self.connect(run)
        self.wait_for_iteration(client, 1)
        self.assertEqual(client.call("pause")["state"], "paused")
        self.assertEqual(client.call("status")["state"], "paused")
        self.assertEqual(client.call("resume")["state"], "stepping")
        self.assertEqual(client.ask("resume")["error"]["code"], -32000)
        self.assertEqual(client.call("pause", now=True)["state"], "paused")
        self.assertEqual(client.call("resume")["state"], "stepping")
        self.assertEqual(client.call("stop-iterating")["state"], "stepping")
        cli_test.wait_until(lambda: not os.path.exists(run["socket"]), "the run ends")
        with open(os.path.join(run["directory"], "summary.json"), encoding="utf-8") as summary:
            self.assertEqual(json.load(summary)["state"], "finished")
        self.assert_nothing_left()

    def test_restart(self):
        run = self.detach(self.write_long_plan())
        client = self.connect(run)
        self.wait_for_iteration(client, 1)
        before = client.call("solvers")["solvers"]
        done = self.run_cli("restart", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_words(done.stdout, os.path.basename(run["directory"]), "restarting")
        cli_test.wait_until(lambda: client.call("solvers")["solvers"][1]["pid"] not in (before[1]["pid"], None), "a fresh process")
        iteration = client.call("status")["iteration"]
        self.wait_for_iteration(client, iteration + 2)
        self.assertEqual(client.call("solvers")["solvers"][0]["pid"], before[0]["pid"])
        self.assertEqual(client.call("status")["failures"], 0)
        self.end(run)

    def test_finish_tasks(self):
        run = self.detach(self.write_plan("sleep", "1", solvers=1, steps=[{"step": "work", "tasks": 100}]))
        client = self.connect(run)
        cli_test.wait_until(lambda: client.call("solvers")["solvers"][0]["state"] == "busy", "a task is at work")
        follower = self.connect(run)
        follower.call("subscribe", **{"from": 1})
        client.call("terminate", how="finish-tasks")
        events = [message["params"]["event"]["event"] for message in follower.follow()]
        self.assertIn("run-finishing", events)
        self.assertNotIn("task-started", events[events.index("run-finishing"):])
        self.assert_nothing_left()

    def test_refuses_what_makes_no_sense(self):
        run = self.detach(self.write_long_plan())
        client = self.connect(run)
        for method, params, code, words in (
                ("stpo", {}, -32601, "terminate"),
                ("pause", {"nwo": True}, -32602, "nwo"),
                ("pause", {"now": 1}, -32602, "true or false"),
                ("terminate", {"how": "gently"}, -32602, "finish-tasks"),
                ("restart", {}, -32602, "number of a solver"),
                ("restart", {"solver": 99}, -32000, "no solver 99"),
                ("late", {}, -32602, "task"),
                ("late", {"task": 1}, -32602, "duplicate"),
                ("late", {"task": 10**9, "action": "wait"}, -32000, "No solver"),
                ("subscribe", {"from": 0}, -32602, "from 1 to"),
                ("subscribe", {"from": 10**9}, -32602, "from 1 to"),
                ("start", {}, -32602, "at work already"),
                ("start", {"plan": self.folder + "/none.lockstep"}, -32603, "none.lockstep"),
                # What the controller in the background finds wrong with its command line is passed on.
                ("start", {"plan": self.folder + "/none.lockstep", "set": ["bogus"]}, -32603, "“bogus”")):
            error = client.ask(method, **params)["error"]
            self.assertEqual(error["code"], code, error)
            self.assertIn(words, error["message"])
        client.file.write(b"what?\n")
        client.file.flush()
        self.assertEqual(client.read()["error"]["code"], -32700)
        self.end(run)

    def test_slow_subscriber_is_dropped(self):
        text = "x" * 500000
        step = {"step": "work", "on": "all", "params": {"text": text}}
        plan = self.write_plan("echo", steps=[{"repeat": 100000, "steps": [step]}])
        run = self.detach(plan)
        other = self.connect(run)
        slow = self.connect(run)
        slow.call("subscribe")
        start = (other.call("status")["iteration"] or 0)
        # Half a MiB each: far beyond what is kept for it, and the run does not wait.
        self.wait_for_iteration(other, start + 60)
        other.call("pause")
        told = list(slow.follow())
        self.assertEqual(told[-1]["method"], "dropped")
        self.assertIn("too slowly", told[-1]["params"]["reason"])
        numbers = [message["params"]["number"] for message in told[:-1] if "number" in message["params"]]
        self.assertEqual(told[-1]["params"]["next"], numbers[-1] + 1)
        self.assertLess(sum(len(json.dumps(message)) for message in told), 20 * 1024 * 1024)

        # It may come back, and has missed nothing.
        again = self.connect(run)
        again.call("subscribe", **{"from": numbers[-1] + 1})
        self.assertEqual(next(again.follow())["params"]["number"], numbers[-1] + 1)
        self.end(run)

    def test_room_for_one_more(self):
        run = self.detach(self.write_long_plan())
        name = os.path.basename(run["directory"])
        held = [self.connect(run) for _ in range(MAX_CONNECTIONS)]
        for client in held[1:]:
            client.call("subscribe")

        # One that is idle makes room. Until it counts as such, nobody says that there is no run.
        def is_answered():
            done = self.run_cli("status")
            self.assertIn(name, done.stdout + done.stderr)
            return done.returncode == 0
        cli_test.wait_until(is_answered, "an idle connection goes")
        message = held[0].read()
        self.assertEqual(message["method"], "dropped")
        self.assert_words(message["params"]["reason"], "idle")
        self.assertIsNone(held[0].read())

        # Those who subscribed are not, and then it is said what is the matter.
        cli_test.wait_until(lambda: self.fills(run, held), "all connections are taken")
        for command, errors in self.fail_together(["status"], ["terminate"], ["pause", "--run", name],
                                                  ["watch", "--run", name]):
            self.assert_words(errors, "too many connections")
            if command != "watch":
                self.assert_words(errors, f"The run {name} is at work by process [0-9]+, but does not answer")
        held[-1].call("terminate", how="kill")
        self.assert_nothing_left()

    def fail_together(self, *commands):
        """The name of each of @commands and what it says on standard error, and nowhere else, when it fails."""
        for started in [self.start(*command) for command in commands]:
            output, errors = started.communicate(timeout=cli_test.WATCHDOG)
            self.assertEqual((started.returncode, output), (1, ""), started.args)
            yield started.args[1], errors

    def fills(self, run, held):
        """Takes the last place with a connection that stays; the one of a command before may not have gone yet."""
        client = self.connect(run)
        answer = client.read_after("subscribe")
        if "error" in answer:
            return False
        held.append(client)
        return True

    def test_socket_that_is_gone(self):
        run = self.detach(self.write_long_plan())
        name = os.path.basename(run["directory"])
        client = self.connect(run)
        pid = client.call("status")["pid"]

        # It stands still, and so does its answer.
        os.kill(pid, signal.SIGSTOP)
        done = self.run_cli("status")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assert_words(done.stderr, f"{name} is at work by process {pid}, but does not answer", "nothing for 2 seconds")
        os.unlink(run["socket"])
        for _, errors in self.fail_together(["status"], ["terminate"], ["terminate", "--run", name]):
            self.assert_words(errors, f"{name} is at work by process {pid}, but its socket .* is gone", f"kill {pid}")
        os.kill(pid, signal.SIGCONT)

        # It is made again, and who is connected stays so.
        cli_test.wait_until(lambda: os.path.exists(run["socket"]), "the socket is made again")
        self.assertEqual(stat.S_IMODE(os.stat(run["socket"]).st_mode), 0o600)
        self.assertEqual(json.loads(self.run_cli("status", "--json").stdout)["pid"], pid)
        self.assertEqual(client.call("status")["pid"], pid)
        self.end(run)
        self.assertFalse(os.path.exists(run["socket"]))

    def test_beginning_of_a_name_is_that_of_a_run_at_work(self):
        done, record, _ = self.run_json("--quiet", self.write_plan("echo", name="short.lockstep"))
        self.assertEqual(done, 0)
        first = self.detach(self.write_long_plan())
        century = os.path.basename(first["directory"])[:2]
        done = self.run_cli("pause", "--run", century)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(os.path.basename(first["directory"]), done.stdout)

        # A whole name means that run.
        done = self.run_cli("pause", "--run", os.path.basename(record["directory"]))
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "not at work")

        second = self.detach(self.write_long_plan())
        done = self.run_cli("unpause", "--run", century)
        self.assertEqual(done.returncode, 1)
        for run in (first, second):
            self.assertIn(os.path.basename(run["directory"]), done.stderr)
        self.assertNotIn(os.path.basename(record["directory"]), done.stderr)
        self.end(first, second)

    @unittest.skipIf(os.geteuid() != 0, "only root can be somebody else")
    def test_refuses_another_user(self):
        run = self.detach(self.write_long_plan())
        folder = os.path.dirname(run["socket"])
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(run["socket"]).st_mode), 0o600)
        script = ("import os, socket, sys\n"
                  f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
                  "s = socket.socket(socket.AF_UNIX)\n"
                  "try:\n    s.connect(sys.argv[1])\nexcept PermissionError:\n    sys.exit(7)\n"
                  "f = s.makefile('rb')\nprint(f.readline().decode())\nsys.exit(0 if f.readline() == b'' else 8)\n")

        def try_it():
            return subprocess.run([sys.executable, "-c", script, run["socket"]], capture_output=True, text=True,
                                  timeout=cli_test.WATCHDOG, env={"PATH": os.environ["PATH"]})

        self.assertEqual(try_it().returncode, 7)
        # Even when the file's modes let everybody in.
        for path in (run["socket"], folder, os.path.dirname(folder), self.folder):
            os.chmod(path, 0o777)
        done = try_it()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["error"]["code"], -32002)
        for path in (folder, os.path.dirname(folder), self.folder):
            os.chmod(path, 0o700)
        self.end(run)

    def test_names_do_not_clash(self):
        plan = self.write_long_plan()
        runs = [self.detach(plan), self.detach(plan), self.detach("--runs-dir", os.path.join(self.folder, "x"), plan)]
        self.assertEqual(len({run["socket"] for run in runs}), 3)
        for run in runs:
            self.assertLessEqual(len(run["socket"].encode()), MAX_PATH)
        answers = [self.connect(run).call("status")["directory"] for run in runs]
        self.assertEqual(answers, [run["directory"] for run in runs])

        done = self.run_cli("pause")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "3 runs are at work", "--run")
        for run in runs:
            self.assertIn(os.path.basename(run["directory"]), done.stderr)
        # Also one that is kept elsewhere goes by its name.
        done = self.run_cli("pause", "--run", os.path.basename(runs[2]["directory"]))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.run_cli("status", "--json").stdout.splitlines()), 3)
        self.end(*runs)

    def test_long_runtime_folder(self):
        self.environment["XDG_RUNTIME_DIR"] = os.path.join(self.runtime, "r" * 80)
        os.mkdir(self.environment["XDG_RUNTIME_DIR"], 0o700)
        run = self.detach(self.write_long_plan())
        self.assertEqual(os.path.dirname(run["socket"]), f"/tmp/lockstep-{os.geteuid()}")
        self.assertEqual(self.connect(run).call("status")["directory"], run["directory"])
        self.end(run)

    def test_detached_run(self):
        plan = self.write_long_plan()
        done = self.run_cli("run", "--detach", plan)
        self.assertEqual(done.returncode, 0, done.stderr)
        name = done.stdout.strip()
        self.assertTrue(os.path.isdir(os.path.join(self.runs, name)), done.stdout)
        status = json.loads(self.run_cli("status", "--json").stdout)
        self.assertEqual(status["run"], name)
        # A session of its own: no terminal's.
        self.assertEqual(os.getsid(status["pid"]), status["pid"])
        self.assertEqual(os.readlink(f"/proc/{status['pid']}/fd/1"), os.path.join(self.runs, name, "controller.log"))
        self.assertEqual(os.readlink(f"/proc/{status['pid']}/fd/0"), "/dev/null")
        self.assert_words(self.run_cli("status").stdout, name, "Iteration|Starting|Step")
        self.assert_words(self.run_cli("terminate", "--run", name[:17]).stdout, "terminating")
        self.assert_nothing_left()
        with open(os.path.join(self.runs, name, "controller.log"), encoding="utf-8") as log:
            self.assertIn("Terminated", log.read())
        self.assertEqual(self.run_cli("status", "--json").stdout, "")
        done = self.run_cli("terminate", "--run", name)
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "not at work")

    def test_detached_run_that_cannot_start(self):
        for plan, words in ((self.write_text("{", "bad.lockstep"), "bad.lockstep"),
                            (self.write_plan("echo", name="none.lockstep",
                                             solver={"command": ["/no/such/program"]}), "/no/such/program")):
            here = self.run_cli("run", "--quiet", plan)
            done = self.run_cli("run", "--detach", plan)
            self.assertEqual(done.returncode, here.returncode)
            self.assertEqual(done.stdout, "")
            self.assertIn(words, done.stderr)
            self.assertEqual(done.stderr, here.stderr)
        self.assertEqual(glob.glob(self.runs + "/*"), [])
        self.assert_nothing_left()

    def test_watch_to_the_end(self):
        run = self.detach(self.write_plan("sum", steps=[
            {"repeat": 30, "steps": [{"step": "work", "on": "all"}, {"step": "gather", "on": "one"}]}],
            solver={"command": [cli_test.FAKE_SOLVER, "tally", "/dev/null", "0.05"]}))
        watch = self.start("watch")
        output, errors = watch.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual(watch.returncode, 0, errors)
        self.assert_words(output, "Iteration 30", "Result:", "Finished", "Kept in")
        self.assertIn(run["directory"], output)
        self.assert_nothing_left()

    def test_watch_leaves_the_run_alone(self):
        run = self.detach(self.write_long_plan())
        watch = self.start("watch", "--run", "last")
        while "Iteration" not in watch.stdout.readline():
            pass
        watch.send_signal(signal.SIGINT)
        output, _ = watch.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual(watch.returncode, 130)
        self.assertIn("goes on", output)
        self.assertEqual(self.connect(run).call("status")["state"], "stepping")
        self.end(run)

    def test_watch_tells_of_a_controller_that_was_killed(self):
        run = self.detach(self.write_long_plan())
        watch = self.start("watch")
        while "Iteration" not in watch.stdout.readline():
            pass
        os.kill(self.connect(run).call("status")["pid"], signal.SIGKILL)
        output, errors = watch.communicate(timeout=cli_test.WATCHDOG)
        self.assertEqual(watch.returncode, 1)
        self.assert_words(output, "interrupted", "--resume")
        self.assert_words(errors, "interrupted")
        self.assert_nothing_left()

        # What it left is no obstacle, and is cleaned up.
        self.assertTrue(os.path.exists(run["socket"]))
        self.assert_words(self.run_cli("status").stdout, "No run is at work")
        self.assertFalse(os.path.exists(run["socket"]))
        self.assert_words(self.run_cli("watch", "--run", "last").stdout, "interrupted")

    def test_resumed_run_is_followed_from_its_first_event(self):
        run = self.detach(self.write_long_plan())
        client = self.connect(run)
        self.wait_for_iteration(client, 2)
        os.kill(client.call("status")["pid"], signal.SIGKILL)
        self.assert_nothing_left()
        again = self.detach("--resume", "last")
        self.assertEqual(again["socket"], run["socket"])
        follower = self.connect(again)
        follower.call("subscribe", **{"from": 1})
        self.connect(again).call("terminate")
        numbers = [message["params"]["number"] for message in follower.follow() if "number" in message["params"]]
        with open(os.path.join(run["directory"], "journal.jsonl"), encoding="utf-8") as journal:
            self.assertEqual(numbers, list(range(1, len(journal.readlines()))))
        self.assert_nothing_left()

    def test_commands_without_a_run(self):
        for command in ("terminate", "pause", "unpause", "stop-iterating", "watch"):
            done = self.run_cli(command)
            self.assertEqual(done.returncode, 1)
            self.assert_words(done.stderr, "No run is at work")
        self.assertEqual(self.run_cli("late", "3", "--action", "wait").returncode, 1)
        self.assertEqual(self.run_cli("restart", "0").returncode, 1)
        done = self.run_cli("restart", "first")
        self.assertEqual(done.returncode, 2)
        self.assert_words(done.stderr, "number of a solver")
        self.assertEqual(self.run_cli("late").returncode, 2)
        done = self.run_cli("late", "3", "--action", "foo")
        self.assertEqual(done.returncode, 2)
        self.assert_words(done.stderr, "--action wait, duplicate, restart or skip")
        self.assertEqual(self.run_cli("pause", "some-run").returncode, 2)
        done = self.run_cli("start", "a.lockstep")
        self.assertEqual(done.returncode, 1)
        self.assert_words(done.stderr, "No window", "lockstep-cli run a.lockstep", "--detach a.lockstep")


# Most of the time they wait.
tap.main(at_once=4)
