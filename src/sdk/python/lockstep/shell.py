# SPDX-License-Identifier: MIT
"""What the arguments of a solver ask for."""

from __future__ import annotations

import json
import math
import os
import socket
import sys
from typing import Any, Dict, List, Optional, TextIO

from .errors import ProtocolError
from .listening import listen
from .message import MAX_MESSAGE, answer, describe_excess
from .serving import Server
from .solver import Solver
from .task import Task
from .values import loads

# Exit status where the program was started wrongly.
USAGE = 2

_MEMBERS_OF_CALLS = {"params", "input", "previous", "failures", "part", "parts", "task", "solver", "iteration",
                     "attempt"}


class _UsageError(Exception):
    pass


def _read_options(arguments: List[str]) -> Dict[str, str]:
    """The options by name; arguments that are not the SDK's are left to the program to read before."""
    options: Dict[str, str] = {}
    rest = list(arguments)
    while rest:
        option = rest.pop(0)
        if option == "--help":
            options[option] = ""
        elif option in ("--listen", "--call", "--initialize"):
            if not rest:
                raise _UsageError(f"{option} needs a value")
            options[option] = rest.pop(0)
            if option == "--call" and rest and not rest[0].startswith("--"):
                options["params"] = rest.pop(0)
    return options


def _print_help(out: TextIO, solver: Solver) -> None:
    program = os.path.basename(sys.argv[0]) or solver.name
    print(f"""\
{solver.name} is a solver for Lockstep, which starts it and calls its steps: {solver.list_steps()}.
Name this program as the solver's "command" in a plan, and run the plan:
  lockstep-cli run PLAN

Without Lockstep:
  {program} --call STEP [JSON] [--initialize JSON]
      calls one step with these parameters, and prints its result
  {program} --listen HOST:PORT
      waits on a loopback address for a plan that attaches to it (port 0: any)""", file=out)


def _open_stream(name: str) -> socket.socket:
    number = name[3:] if name.startswith("fd:") else ""
    if not number.isascii() or not number.isdigit():
        raise _UsageError(f"LOCKSTEP_STREAM is “{name}”, but the form fd:NUMBER was expected")
    try:
        # Not inherited from here on: programs that the solver starts do not hold its connection open.
        os.set_inheritable(int(number), False)
        connection = socket.socket(fileno=int(number))
        connection.setblocking(True)
    except (OSError, OverflowError) as error:
        raise _UsageError(f"LOCKSTEP_STREAM names {name}, but that is not a connected socket: "
                          f"{getattr(error, 'strerror', None) or error}") from None
    # Nor do they take it for theirs.
    del os.environ["LOCKSTEP_STREAM"]
    return connection


def _print_notification(method: str, text: str) -> None:
    """What the controller would be told, for the person at the terminal."""
    params = json.loads(text)
    if method == "log":
        print(f"{params['level']}: {params['text']}", file=sys.stderr)
        return
    line = "progress:"
    if params["fraction"] is not None:
        line += f" {math.floor(params['fraction'] * 100)} %"
    if params["message"] is not None:
        line += f" {params['message']}"
    for name, value in params.get("values", {}).items():
        line += f", {name} = {value:.16g}" if value == int(value) and abs(value) < 1e16 else f", {name} = {value!r}"
    print(line, file=sys.stderr)


def _complete(text: Optional[str]) -> Any:
    """All params of a call, from what a person gave."""
    if text is None:
        return {}
    try:
        value = loads(text.encode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError(0, f"its params are not JSON: {error}") from None
    return value if isinstance(value, dict) and _MEMBERS_OF_CALLS & value.keys() else {"params": value}


def _call(solver: Solver, method: str, params: Optional[str]) -> str:
    if method != "initialize" and method not in solver.methods:
        raise ProtocolError(0, f"there is no such method; the steps are {solver.list_steps()}")
    result = solver.compute(Task(method, _complete(params), _print_notification))
    n_bytes = len(answer("1", "")) + len(result.encode("utf-8"))
    if n_bytes - 1 > MAX_MESSAGE:
        raise ProtocolError(0, describe_excess(n_bytes))
    return result


def _try(solver: Solver, method: str, params: Optional[str], initialize: Optional[str]) -> int:
    """Calls one method without a controller, and prints its result. The exit status."""
    current = "initialize"
    try:
        result = _call(solver, current, (params or initialize) if method == current else initialize)
        if method != current:
            current = method
            result = _call(solver, method, params)
    except ProtocolError as error:
        print(f"{solver.name}: {current} failed: {error}", file=sys.stderr)
        return 1
    print(result, flush=True)
    return 0


def run(solver: Solver, arguments: List[str]) -> int:
    """Does what the arguments ask for; without any, serves the stream in LOCKSTEP_STREAM. The exit status."""
    try:
        options = _read_options(arguments)
        if "--help" in options:
            _print_help(sys.stdout, solver)
        elif "--call" in options:
            return _try(solver, options["--call"], options.get("params"), options.get("--initialize"))
        elif "--listen" in options:
            return listen(solver, options["--listen"])
        elif "LOCKSTEP_STREAM" in os.environ:
            Server(solver, _open_stream(os.environ["LOCKSTEP_STREAM"]), patient=False).serve()
        else:
            _print_help(sys.stderr, solver)
            return USAGE
    except _UsageError as error:
        print(f"{solver.name}: {error}", file=sys.stderr)
        return USAGE
    return 0
