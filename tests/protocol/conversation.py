# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's end of a conversation with a solver process, in lines, for tests. Whatever does not come within
half a minute fails the test."""

import json
import socket
import subprocess

PATIENCE = 30


class Conversation:
    def __init__(self, command, environment, **arguments):
        """Starts the command with a socket pair; arguments go to Popen."""
        self.stream, theirs = socket.socketpair()
        name = f"fd:{theirs.fileno()}"
        with theirs:
            self.process = subprocess.Popen(command, env={**environment, "LOCKSTEP_STREAM": name},
                                            pass_fds=[theirs.fileno()], **arguments)
        self.stream.settimeout(PATIENCE)
        self.reader = self.stream.makefile("rb")

    def send_bytes(self, line):
        self.stream.sendall(line + b"\n")

    def send(self, value):
        self.send_bytes(json.dumps(value).encode("utf-8"))

    def call(self, call_id, method, params=None):
        message = {"jsonrpc": "2.0", "id": call_id, "method": method}
        self.send(message if params is None else {**message, "params": params})

    def read(self):
        """The next message; None at the end of the stream."""
        line = self.reader.readline()
        return json.loads(line) if line else None

    def read_answer(self, call_id):
        """The answer to the call, whatever is told before it."""
        while True:
            message = self.read()
            if message is None:
                raise AssertionError(f"the solver ended without an answer to {call_id}")
            if message.get("id") == call_id and "method" not in message:
                return message

    def initialize(self, params=None):
        self.call("first", "initialize", {"protocol": 1, "solver": 2, "run": "r", "directory": "/",
                                          "params": params or {}})
        return self.read_answer("first")["result"]

    def close_stream(self):
        self.stream.shutdown(socket.SHUT_WR)

    def wait(self):
        """The exit status."""
        return self.process.wait(PATIENCE)

    def finish(self):
        """Closes the stream; the exit status."""
        self.reader.close()
        self.stream.close()
        if self.process.stdout:
            self.process.stdout.close()
        return self.wait()
