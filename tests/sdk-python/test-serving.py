#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a solver in Python behaves on its stream: progress, status, what goes wrong in a step, and its end."""

import os
import signal
import subprocess
import sys
import time
import unittest

import tap
from conversation import Conversation

HERE = os.path.dirname(os.path.abspath(__file__))


class Serving(unittest.TestCase):
    def start(self, name="tester.py", **arguments):
        conversation = Conversation([sys.executable, os.path.join(HERE, name)], os.environ, **arguments)
        self.addCleanup(conversation.finish)
        conversation.initialize()
        return conversation

    def cancel(self, conversation, task):
        conversation.send({"jsonrpc": "2.0", "method": "cancel", "params": {"task": task}})

    def check_error(self, message, call_id, *words):
        self.assertEqual((message["id"], message["error"]["code"]), (call_id, -32000))
        for word in words:
            self.assertIn(word, message["error"]["message"])

    def test_order(self):
        conversation = self.start()
        lines = b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"text","params":{"task":%d}}\n' % (i, i)
                         for i in range(1, 2001))
        conversation.stream.sendall(lines[:-20])
        for i in range(1, 2000):
            self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": i, "result": {"task": i}})
        conversation.stream.sendall(lines[-20:])
        self.assertEqual(conversation.read()["result"], {"task": 2000})

    def test_status_while_python_computes(self):
        conversation = self.start("crooked.py")
        conversation.call(1, "spin", {"task": 1})
        self.assertEqual(conversation.read()["method"], "progress")
        for i in range(10, 60):
            conversation.call(i, "status")
            self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": i, "result": {
                "state": "busy", "fraction": 0, "message": None}})
        self.cancel(conversation, 1)
        self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": 1, "result": True})

    def test_progress_is_coalesced(self):
        conversation = self.start()
        before = time.monotonic()
        conversation.call(1, "flood", {"task": 4})
        messages = []
        while True:
            message = conversation.read()
            if "method" not in message:
                break
            self.assertEqual((message["method"], message["params"]["task"]), ("progress", 4))
            messages.append(message["params"])
        self.assertEqual((messages[-1]["fraction"], messages[-1]["message"]), (1, "there"))
        self.assertEqual(messages[-1]["values"], {"i": 100000})
        self.assertLessEqual(len(messages), 2 + (time.monotonic() - before) * 10)

    def test_progress_that_was_held_back_comes(self):
        conversation = self.start()
        conversation.call(1, "flood", {"task": 4, "params": {"wait": True}})
        while conversation.read()["params"]["message"] != "there":
            pass
        self.cancel(conversation, 4)
        self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": 1, "result": None})

    def test_exception_is_an_error_with_its_traceback(self):
        conversation = self.start("crooked.py")
        conversation.call(1, "crooked")
        reason = conversation.read()["error"]["message"]
        self.assertTrue(reason.startswith("Traceback (most recent call last):\n"), reason)
        self.assertTrue(reason.endswith("\nValueError: no path from zone 4"), reason)
        self.assertIn("crooked.py", reason)
        self.assertNotIn("lockstep", reason.replace(HERE, ""))

        for call_id, (how, words) in enumerate({
                "exit": ["crooked called sys.exit('no more')"],
                "type": ["the value “rows[0].when” is of type object"],
                "huge": ["the value “result[0]” is too large for a double"],
                "surrogate": ["a\\udc80b", "not Unicode"],
                "endless": ["the value “result[0]” is what holds it", "has no end"]}.items(), 2):
            conversation.call(call_id, "crooked", {"params": {"how": how}})
            self.check_error(conversation.read(), call_id, *words)

    def test_print_is_not_on_the_stream(self):
        conversation = self.start("crooked.py", stdout=subprocess.PIPE)
        conversation.call(1, "shout")
        stream, descriptors = conversation.read()["result"]
        self.assertEqual(stream, "None")
        # Three standard ones and the folder that is listed.
        self.assertEqual(descriptors, "['0', '1', '2', '3']")
        conversation.call(2, "terminate")
        self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": 2, "result": {}})
        self.assertEqual(conversation.process.stdout.read().count(b"\n"), 2)

    def test_child_of_a_step_says_nothing(self):
        conversation = self.start("crooked.py", stderr=subprocess.PIPE)
        with conversation.process.stderr:
            for call_id, (how, code) in enumerate({"return": 0, "exit": 7, "raise": 1}.items(), 1):
                conversation.call(call_id, "fork", {"task": call_id, "params": {"how": how}})
                self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": call_id, "result": code})
            conversation.call(4, "terminate")
            self.assertEqual(conversation.read()["result"], {})
            self.assertIn(b"ValueError: the child has no path", conversation.process.stderr.read())

    def test_child_of_a_step_does_not_hold_the_stream(self):
        conversation = self.start("crooked.py")
        conversation.call(1, "fork", {"task": 1, "params": {"how": "stay"}})
        child = conversation.read()["result"]
        self.addCleanup(os.kill, child, signal.SIGKILL)
        conversation.call(2, "terminate")
        self.assertEqual(conversation.read()["result"], {})
        self.assertIsNone(conversation.read())

    def test_large_values(self):
        conversation = self.start()
        text = "y" * (8 * 1024 * 1024)
        conversation.call(1, "text", {"input": text})
        self.assertEqual(conversation.read()["result"], {"input": text})
        conversation.call(2, "large", {"params": {"size": 67000000}})
        self.assertEqual(len(conversation.read()["result"]["string"]), 67000000)
        conversation.call(3, "large", {"params": {"size": 67200000}})
        self.check_error(conversation.read(), 3, "the result is too large (64.1 MiB): at most 64 MiB can be sent")
        vector = [i / 8 for i in range(100000)]
        conversation.call(4, "vector", {"input": vector})
        self.assertEqual(list(conversation.read()["result"]["values"]), ["f64"])

    def test_terminate_while_a_step_computes(self):
        conversation = self.start()
        conversation.call(1, "wait", {"task": 1})
        conversation.read()
        conversation.call(2, "nothing", {"task": 2})
        conversation.call(3, "terminate")
        answers = [conversation.read(), conversation.read()]
        self.assertIn({"jsonrpc": "2.0", "id": 3, "result": {}}, answers)
        self.assertTrue(any("wait was cancelled" in answer.get("error", {}).get("message", "") for answer in answers))
        self.assertIsNone(conversation.read())
        self.assertEqual(conversation.wait(), 0)

    def test_step_that_does_not_come_back_is_left(self):
        conversation = self.start(stdout=subprocess.PIPE)
        conversation.call(1, "deaf", {"task": 1})
        conversation.call(2, "status")
        self.assertEqual(conversation.read()["result"]["state"], "busy")
        conversation.call(3, "terminate")
        self.assertEqual(conversation.read()["result"], {})
        self.assertEqual(conversation.process.stdout.read(), b"not written out yet")
        self.assertEqual(conversation.wait(), 0)

    def test_end_of_the_stream(self):
        for step in ("wait", "deaf"):
            conversation = self.start(stdout=subprocess.DEVNULL)
            conversation.call(1, step, {"task": 1})
            conversation.call(2, "status")
            conversation.read()
            conversation.close_stream()
            self.assertEqual(conversation.wait(), 0)


tap.main()
