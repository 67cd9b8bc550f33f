# SPDX-License-Identifier: MIT
"""What this process can do, and what it has been told."""

from __future__ import annotations

import inspect
import os
import sys
import traceback
from typing import Any, Callable, Dict, List, Optional, TypeVar, Union, overload

from .errors import ProtocolError, StepError
from .message import INVALID_PARAMS, METHOD_NOT_FOUND, NOT_INITIALIZED, STEP_FAILED
from .task import Task
from .values import dumps, fresh

PROTOCOL = 1

RESERVED = ("initialize", "status", "cancel", "terminate", "progress", "log")

Function = TypeVar("Function", bound=Callable[..., Any])


class _Method:
    """A function, and how many of task, params and input it takes."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.n_arguments = _count_arguments(function)


def _count_arguments(function: Callable[..., Any]) -> int:
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return 3
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return min(sum(kind in places for kind in kinds), 3)


def _tell_exception(error: BaseException) -> str:
    """Its traceback, from where the solver's own code begins."""
    if isinstance(error, StepError):
        return str(error) or type(error).__name__
    own = error.__traceback__
    while own and own.tb_frame.f_code.co_filename == __file__:
        own = own.tb_next
    return "".join(traceback.format_exception(type(error), error, own)).rstrip()


class Solver:
    """A solver with its methods. Functions are called with (task, params, input) and may leave out what they do not
    want from the end: (task, params), (task), or nothing. What a step returns is its result: None, True, False, a
    number, a string, a list, a dictionary, scalars and arrays of numpy, and these within each other. An exception
    makes the step fail, with its traceback as the reason; a StepError with its message alone."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.index = 0  # of this process in the run
        self._methods: Dict[str, _Method] = {}
        self._initialize: Optional[_Method] = None
        self._initialized = False
        self._plan: Dict[str, Any] = {}

    def initialize(self, function: Function) -> Function:
        """Decorates the function that is called once, before all steps, with the plan's params: it loads the data."""
        if self._initialize is not None:
            raise ValueError(f"the solver {self.name} has two functions for initialize")
        self._initialize = _Method(function)
        return function

    @overload
    def step(self, function: Function) -> Function: ...

    @overload
    def step(self, function: str) -> Callable[[Function], Function]: ...

    def step(self, function: Union[Function, str]) -> Union[Function, Callable[[Function], Function]]:
        """Decorates the function of a step, which is called as the function is, or as said: @solver.step("name")."""
        if callable(function):
            return self._add(function.__name__, function)
        name = function
        return lambda decorated: self._add(name, decorated)

    def main(self, arguments: Optional[List[str]] = None) -> None:
        """Serves until the controller has gone or asks to terminate, and exits. The connection is what LOCKSTEP_STREAM
        names ("fd:3"). Also understood, in arguments (default: those of the program):
          --listen HOST:PORT    waits for one connection at a time on a loopback address instead
          --call STEP [JSON]    calls one step with these params and prints its result
                                (--initialize JSON gives what initialize gets before it)
          --help"""
        from .shell import run

        sys.exit(run(self, sys.argv[1:] if arguments is None else arguments))

    # What follows is for the rest of the package.

    @property
    def methods(self) -> List[str]:
        return list(self._methods)

    def list_steps(self) -> str:
        """"a, b and c": the names of the steps."""
        names = self.methods
        if len(names) < 2:
            return "".join(names)
        return ", ".join(names[:-1]) + " and " + names[-1]

    def check_method(self, name: str) -> None:
        if name != "initialize" and name not in self._methods:
            raise ProtocolError(METHOD_NOT_FOUND,
                                f"the solver {self.name} has no method “{name}”; its steps are {self.list_steps()}")

    def reset(self) -> None:
        """Forgets what initialize got: another controller has come."""
        self._initialized = False
        self.index = 0
        self._plan = {}

    def compute(self, task: Task) -> str:
        """The result of the call, as JSON. ProtocolError holds why there is none."""
        if task.step == "initialize":
            return self._run_initialize(task)
        if self._initialize and not self._initialized:
            raise ProtocolError(NOT_INITIALIZED,
                                f"{task.step} was called, but initialize has not succeeded before it")
        task.params = {**fresh(self._plan), **task.own}
        task.solver = self.index
        return self._run(task, self._methods[task.step])

    def _add(self, name: str, function: Function) -> Function:
        if name in RESERVED:
            raise ValueError(f"the solver {self.name} cannot have a step “{name}”: it is a word of the protocol")
        if name in self._methods:
            raise ValueError(f"the solver {self.name} has two steps “{name}”")
        self._methods[name] = _Method(function)
        return function

    def _run_initialize(self, task: Task) -> str:
        self.reset()
        protocol = task.call.get("protocol", PROTOCOL)
        if type(protocol) is int and protocol != PROTOCOL:
            raise ProtocolError(INVALID_PARAMS,
                                f"the controller speaks version {protocol} of the protocol, but the solver {self.name} "
                                f"was built for version {PROTOCOL}; install the SDK of this Lockstep")
        index = task.call.get("solver", 0)
        self.index = task.solver = index if type(index) is int and index >= 0 else 0
        self._plan = fresh(task.own)
        self._run(task, self._initialize or _Method(lambda: None))
        self._initialized = True
        return dumps({"name": self.name, "methods": self.methods})

    def _run(self, task: Task, method: _Method) -> str:
        try:
            result = self._call(task, method)
            return "null" if task.step == "initialize" else dumps(result)
        except Exception as error:
            raise ProtocolError(STEP_FAILED, _tell_exception(error)) from error
        finally:
            task.finish()

    def _call(self, task: Task, method: _Method) -> Any:
        """What the function returns. A child that it forked ends where the function ends: the answer is the parent's."""
        parent = os.getpid()
        try:
            result = method.function(*(task, task.params, task.input)[:method.n_arguments])
        except SystemExit as end:
            if os.getpid() != parent:
                raise
            # In a step it is meant for a program that is no solver yet.
            raise StepError(f"{task.step} called sys.exit({'' if end.code is None else repr(end.code)})") from end
        except Exception:
            if os.getpid() != parent:
                traceback.print_exc()
                raise SystemExit(1) from None
            raise
        if os.getpid() != parent:
            raise SystemExit(0)
        return result
