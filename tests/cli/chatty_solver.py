# SPDX-License-Identifier: GPL-3.0-or-later
"""chatty_solver.py LINES [for-ever]: a solver that logs so many lines of 1,000 characters in its step "talk", and then answers or
does not; in "report" it reports so many values with its progress."""

import json
import os
import sys

wire = open(int(os.environ["LOCKSTEP_STREAM"].removeprefix("fd:")), "r+b", buffering=0)


def send(**message):
    rest = json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n"
    while rest:
        rest = rest[wire.write(rest):]


for line in iter(wire.readline, b""):
    call = json.loads(line)
    if call["method"] == "initialize":
        send(id=call["id"], result={"name": "chatty", "methods": ["talk", "report"]})
    elif call["method"] == "talk":
        for number in range(int(sys.argv[1])):
            send(method="log", params={"level": "info", "text": f"line {number} ".ljust(1000, ".")})
        if len(sys.argv) == 2:
            send(id=call["id"], result=None)
    elif call["method"] == "report":
        for number in range(int(sys.argv[1])):
            send(method="progress", params={"task": call["params"]["task"], "values": {"gap": number}})
        send(id=call["id"], result=None)
    elif "id" in call:
        send(id=call["id"], result={})
    if call["method"] == "terminate":
        break
