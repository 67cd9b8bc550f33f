# SPDX-License-Identifier: MIT
"""Pi without an SDK: a loop that reads a line, works, and writes a line. It shows what a solver in any language is."""

import json
import os
import socket

stream = socket.socket(fileno=int(os.environ["LOCKSTEP_STREAM"][3:]))
plan = {}


def initialize(call):
    plan.update(call["params"])
    return {"name": "plain-pi", "methods": ["integrate", "add"]}


def integrate(call):
    n = plan.get("rectangles", 1000000)
    return {"sum": sum(4 / (1 + ((i + 0.5) / n) ** 2) / n for i in range(call["part"], n, call["parts"]))}


methods = {"initialize": initialize, "integrate": integrate, "terminate": lambda call: {},
           "add": lambda call: {"pi": sum(result["sum"] for result in call["input"])},
           "status": lambda call: {"state": "ready", "fraction": None, "message": None}}

for line in stream.makefile("rb"):
    try:
        call_id, method, params = map(json.loads(line).get, ("id", "method", "params"))
    except (ValueError, AttributeError):
        continue  # what is no message
    if call_id is None:
        continue  # cancel, of which nobody could take notice here
    answer = {"jsonrpc": "2.0", "id": call_id}
    try:
        answer["result"] = methods[method](params)
    except Exception as error:
        answer["error"] = {"code": -32000 if method in methods else -32601, "message": repr(error)}
    stream.sendall(json.dumps(answer).encode() + b"\n")
    if method == "terminate":
        break
