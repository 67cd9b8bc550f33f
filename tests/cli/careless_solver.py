# SPDX-License-Identifier: GPL-3.0-or-later
"""careless_solver.py MODE: a solver whose progress and answers in a step are as the protocol says (good, no-task), or not
(strange-task, negative-task, broken-task, string-id). Others keep their stream to themselves (keeps-stream), or do no
step before initialize (strict, ends-early)."""

import json
import os
import sys

TASKS = {"no-task": {}, "strange-task": {"task": 4711}, "negative-task": {"task": -1}, "broken-task": {"task": 0.5}}

mode = sys.argv[1]
initialized = False
if mode == "keeps-stream":
    os.set_inheritable(int(os.environ["LOCKSTEP_STREAM"].removeprefix("fd:")), False)
wire = open(int(os.environ["LOCKSTEP_STREAM"].removeprefix("fd:")), "r+b", buffering=0)


def send(**message):
    wire.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")


for line in iter(wire.readline, b""):
    try:
        call = json.loads(line)
        method = call["method"]
    except (ValueError, KeyError, TypeError):
        continue
    if method == "initialize":
        initialized = True
        send(id=call["id"], result={"name": "careless", "methods": ["work"]})
    elif method == "work" and not initialized and mode in ("strict", "ends-early"):
        if mode == "ends-early":
            break
        send(id=call["id"], error={"code": -32002, "message": "initialize comes first"})
    elif method == "work" and isinstance(call["params"], list):
        send(id=call["id"], error={"code": -32602, "message": "params are an object"})
    elif method == "work":
        task = TASKS.get(mode, {"task": call["params"]["task"]})
        send(method="progress", params={**task, "fraction": 0.5})
        if mode == "string-id":
            send(id=str(call["id"]), result=None)
        # In any case, so that nobody waits.
        send(id=call["id"], result=None)
    elif method == "status":
        send(id=call["id"], result={"state": "ready"})
    elif method == "terminate":
        send(id=call["id"], result={})
        break
    elif "id" in call:
        send(id=call["id"], error={"code": -32601, "message": f"there is no step {method}"})
