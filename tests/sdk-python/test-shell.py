#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A solver in Python without a controller: --call, --listen, started by mistake, and written wrongly."""

import os
import socket
import subprocess
import sys
import unittest

import tap
from lockstep import Solver

HERE = os.path.dirname(os.path.abspath(__file__))


def run(*arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if name != "LOCKSTEP_STREAM"}
    done = subprocess.run([sys.executable, os.path.join(HERE, "tester.py"), *arguments], env={**clean, **environment},
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Shell(unittest.TestCase):
    maxDiff = None

    def test_call(self):
        self.assertEqual(run("--call", "merged", '{"a": 1e-10}', "--initialize", '{"b":2}'),
                         (0, '{"params":{"b":2,"a":1e-10},"input":null}\n', ""))
        self.assertEqual(run("--call", "merged", '{"input":[1],"params":{"a":0.1}}'),
                         (0, '{"params":{"a":0.1},"input":[1]}\n', ""))
        self.assertEqual(run("--call", "text"), (0, "{}\n", ""))
        self.assertEqual(run("--call", "initialize", "{}")[0], 0)

    def test_call_says(self):
        code, output, errors = run("--call", "flood")
        self.assertEqual((code, output), (0, "null\n"))
        self.assertTrue(errors.endswith("progress: 100 % there, i = 100000\n"), errors)
        self.assertEqual(run("--call", "speak")[2], 'warning: 3 origins have no "demand"\n')

    def test_failures(self):
        for status, words, arguments in (
                (1, "tester: fail failed: no path from zone 4", ["--call", "fail"]),
                (1, "tester: not-finite failed: the value “gap” is NaN", ["--call", "not-finite"]),
                (1, "tester: large failed: the result is too large (64.1 MiB): at most 64 MiB can be sent",
                 ["--call", "large", '{"size":67200000}']),
                (1, "there is no such method; the steps are describe", ["--call", "combine"]),
                (1, "text failed: its params are not JSON", ["--call", "text", "{a}"]),
                (1, "initialize failed: the network cannot be read",
                 ["--initialize", '{"fail":true}', "--call", "text"]),
                (2, "tester: --call needs a value", ["--call"]),
                (2, "tester is a solver for Lockstep", []),
                (1, "“8800” is no address to listen on", ["--listen", "8800"]),
                (1, "“127.0.0.1:99999” is no address to listen on", ["--listen", "127.0.0.1:99999"]),
                (1, "is not an address of this machine alone", ["--listen", "0.0.0.0:0"]),
                (1, "is not an address of this machine alone", ["--listen", "[::]:0"])):
            with self.subTest(words):
                code, output, errors = run(*arguments)
                self.assertEqual((code, output), (status, ""))
                self.assertIn(words, errors)

    def test_wrong_stream(self):
        for name, words in (("3", "LOCKSTEP_STREAM is “3”, but the form fd:NUMBER was expected"),
                            ("fd:77", "LOCKSTEP_STREAM names fd:77, but that is not a connected socket: Bad file"),
                            ("fd:1", "not a connected socket: Socket operation on non-socket")):
            code, _, errors = run(LOCKSTEP_STREAM=name)
            self.assertEqual(code, 2)
            self.assertIn(words, errors)

    def test_help_is_that_of_the_other_sdk(self):
        code, output, errors = run("--help")
        self.assertEqual((code, errors), (0, ""))
        other = subprocess.run([os.environ["LOCKSTEP_SDK_TEST_SOLVER"], "--help"], capture_output=True, text=True)
        self.assertEqual(output.replace("tester.py", "sdk-test-solver"), other.stdout)

    def test_listen(self):
        process = subprocess.Popen([sys.executable, os.path.join(HERE, "tester.py"), "--listen", "127.0.0.1:0"],
                                   stdout=subprocess.PIPE, text=True)
        with process:
            words = process.stdout.readline().strip()
            self.assertTrue(words.startswith("listening on 127.0.0.1:"), words)
            port = int(words.rpartition(":")[2])
            for number in range(2):
                with socket.create_connection(("127.0.0.1", port), timeout=30) as stream, stream.makefile("rw") as file:
                    # The next one finds it as new.
                    file.write('{"jsonrpc":"2.0","id":1,"method":"nothing"}\n')
                    file.flush()
                    self.assertIn("initialize has not succeeded", file.readline())
                    file.write('{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"params":{}}}\n')
                    file.flush()
                    self.assertIn('"methods"', file.readline())
                    if number == 1:
                        file.write('{"jsonrpc":"2.0","id":3,"method":"terminate"}\n')
                        file.flush()
                        self.assertIn('"result":{}', file.readline())
            self.assertEqual(process.wait(30), 0)

    def test_solvers_that_are_written_wrongly(self):
        solver = Solver("wrong")

        @solver.step
        def twice():
            pass

        with self.assertRaisesRegex(ValueError, "two steps “twice”"):
            solver.step(twice)
        for name in ("status", "initialize", "cancel", "terminate", "progress", "log"):
            with self.assertRaisesRegex(ValueError, "is a word of the protocol"):
                solver.step(name)(twice)
        solver.initialize(twice)
        with self.assertRaisesRegex(ValueError, "two functions for initialize"):
            solver.initialize(twice)


tap.main()
