#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays the vectors of the protocol with the solver that the arguments start."""

import json
import os
import sys
import unittest

import tap
from conversation import Conversation

HERE = os.path.dirname(os.path.abspath(__file__))
COMMAND = sys.argv[1:]


def load(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return json.load(file)


def make_text(entry):
    """The bytes that an entry of values.json stands for."""
    text = bytes.fromhex(entry["hex"]) if "hex" in entry else entry["text"].encode("utf-8")
    n = entry.get("repeat", 0)
    return entry.get("before", "").encode("utf-8") * n + text + entry.get("after", "").encode("utf-8") * n


class Replay(unittest.TestCase):
    maxDiff = None

    def start(self):
        conversation = Conversation(COMMAND, os.environ)
        self.addCleanup(conversation.finish)
        return conversation

    def send_value(self, conversation, call_id, method, text):
        conversation.send_bytes(b'{"jsonrpc":"2.0","id":%d,"method":"%b","params":{"input":%b}}'
                                % (call_id, method, text))

    def check(self, message, expected):
        if message and "error" in expected and "error" in message:
            self.assertIn(expected["error"]["message"], message["error"]["message"])
            message = {**message, "error": {**message["error"], "message": expected["error"]["message"]}}
        self.assertEqual(message, expected)

    def test_conversations(self):
        for exchange in load("conversations.json")["conversations"]:
            with self.subTest(exchange["name"]):
                conversation = self.start()
                for line in exchange["lines"]:
                    [(word, value)] = line.items()
                    if word == "send":
                        conversation.send(value)
                    elif word == "expect":
                        self.check(conversation.read(), value)
                    elif word == "end":
                        conversation.close_stream()
                    else:
                        self.assertIsNone(conversation.read())
                        self.assertEqual(conversation.wait(), value)

    def test_values(self):
        vectors = load("values.json")
        conversation = self.start()
        conversation.initialize()
        for number, entry in enumerate(vectors["read"]):
            with self.subTest(**entry):
                text = make_text(entry)
                expected = entry["value"] if "value" in entry else json.loads(text)
                self.send_value(conversation, number, b"text", text)
                self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": number, "result": {"input": expected}})
                # The nodes of json-glib end a string there.
                if b"\\u0000" not in text:
                    self.send_value(conversation, number, b"merged", text)
                    self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": number,
                                                           "result": {"params": {}, "input": expected}})
        for entry in vectors["refused"]:
            with self.subTest(**entry):
                self.send_value(conversation, 1, b"text", make_text(entry))
                self.check(conversation.read(), {"jsonrpc": "2.0", "id": None, "error": {
                    "code": -32700, "message": "the line is not JSON"}})
        for entry in vectors["vectors"]:
            with self.subTest(**entry):
                conversation.call(1, "vector", {"input": {"f64": entry["f64"]}})
                self.assertEqual(conversation.read()["result"], {"n": len(entry["values"]), "values": entry["values"]})

    def test_messages(self):
        vectors = load("messages.json")
        conversation = self.start()
        conversation.initialize()
        for entry in vectors["refused"]:
            if entry.get("to", "solver") == "solver":
                with self.subTest(**entry):
                    conversation.send_bytes(entry["line"].encode("utf-8"))
                    self.check(conversation.read(), {"jsonrpc": "2.0", "id": entry.get("id"),
                                                     "error": {"code": entry["code"], "message": ""}})
        for entry in vectors["unanswered"]:
            if entry.get("to", "solver") == "solver":
                with self.subTest(**entry):
                    conversation.send_bytes(entry["line"].encode("utf-8"))
                    conversation.call("next", "nothing")
                    self.assertEqual(conversation.read(), {"jsonrpc": "2.0", "id": "next", "result": None})


tap.main()
