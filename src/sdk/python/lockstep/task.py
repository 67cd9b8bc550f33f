# SPDX-License-Identifier: MIT
"""One call of one method, as its function sees it."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict, Optional, Tuple

from .errors import Cancelled, NotSendable, ProtocolError
from .message import INVALID_PARAMS
from .values import check_finite, describe, dumps, excerpt

# Progress is sent no more often than this, in seconds.
INTERVAL = 0.1

LARGEST = 2**31 - 1

# Sends a notification: its method and its params, JSON on one line.
Notify = Callable[[str, str], None]


def _read_count(members: Dict[str, Any], name: str, least: int, most: int, otherwise: int) -> int:
    if name not in members:
        return otherwise
    value = members[name]
    if type(value) is not int or not least <= value <= most:
        raise ProtocolError(INVALID_PARAMS, f"“{name}” of the call is {excerpt(value)}, but an integer from {least} "
                                            f"to {most} was expected")
    return value


class Task:
    """What a function is called for, and its line to the controller. May be used from any thread until it returns.

    step       the method
    params     the plan's params, with those of the step and of the task over them
    input      results of the steps before (see the plan format), or None
    previous   the last result of this step, where it runs on one solver, or None
    failures   why elements of the input are None, or None
    part       which share of the problem, from 0 ...
    parts      ... of how many: 0 of 1 where the step does not run on all solvers
    number     of the task, from 0; attempt and iteration count from 1
    solver     the index of this process in the run
    call       all params of the call, as they came
    """

    def __init__(self, step: str, call: Any, notify: Notify) -> None:
        if not isinstance(call, dict):
            raise ProtocolError(INVALID_PARAMS,
                                f"the params of a call are {describe(call)}, but an object was expected")
        own = call.get("params")
        if own is not None and not isinstance(own, dict):
            raise ProtocolError(INVALID_PARAMS,
                                f"“params” of the call is {describe(own)}, but an object was expected")

        self.step = step
        self.call: Dict[str, Any] = call
        self.own: Dict[str, Any] = own or {}
        self.params: Dict[str, Any] = self.own
        self.input: Any = call.get("input")
        self.previous: Any = call.get("previous")
        self.failures: Any = call.get("failures")
        self.parts = _read_count(call, "parts", 1, LARGEST, 1)
        self.part = _read_count(call, "part", 0, self.parts - 1, 0)
        self.id = _read_count(call, "task", 0, 2**63 - 1, -1)
        self.number = max(self.id, 0)
        self.attempt = _read_count(call, "attempt", 1, LARGEST, 1)
        self.iteration = _read_count(call, "iteration", 0, LARGEST, 1)
        self.solver = 0

        self._notify = notify
        self._cancelled = False
        self._lock = threading.Lock()
        self._fraction: Optional[float] = None
        self._message: Optional[str] = None
        self._values: Dict[str, float] = {}  # reported, and not sent yet
        self._sent_at: Optional[float] = None
        self._waiting = False
        self._finished = False
        self._left_out = False  # something was, and it has been said

    @property
    def cancelled(self) -> bool:
        """Whether the controller no longer wants the result. Ask now and then in long loops, and return."""
        return self._cancelled

    def check_cancelled(self) -> None:
        """Raises Cancelled where the controller no longer wants the result."""
        if self._cancelled:
            raise Cancelled(f"{self.step} was cancelled")

    def progress(self, fraction: Optional[float] = None, message: Optional[str] = None) -> None:
        """How far the step is: fraction of 1, or None for unknown; message in a few words. As often as you like: at
        most 10 a second are sent, the last one always."""
        number = -1.0 if fraction is None else self._check("progress", fraction)
        with self._lock:
            if number is not None:
                self._fraction = None if number < 0 else min(number, 1.0)
            self._message = None if message is None else str(message)
            self._changed()

    def report(self, **values: float) -> None:
        """Named values to be watched live (a residual, a tour length); sent with the progress. One that cannot be sent,
        such as NaN, is left out, which a warning in the log says the first time."""
        checked = {name: self._check(name, value) for name, value in values.items()}
        numbers = {name: number for name, number in checked.items() if number is not None}
        if numbers:
            with self._lock:
                self._values.update(numbers)
                self._changed()

    def log(self, text: str, level: str = "info") -> None:
        """A line for the run's log. level is "debug", "info", "warning" or "error"."""
        if level not in ("debug", "info", "warning", "error"):
            raise ValueError(f"“{level}” is no level of the log: debug, info, warning and error are")
        self._notify("log", dumps({"level": level, "text": str(text)}, "line of the log"))

    # What follows is for the rest of the package.

    def cancel(self) -> None:
        self._cancelled = True

    def leave(self) -> None:
        """In a child of the process that computes it: nothing is sent from there."""
        self._lock = threading.Lock()
        self._finished = True
        self._waiting = False

    def finish(self) -> None:
        """Sends the progress that waits; after it nothing more is sent."""
        with self._lock:
            if self._waiting:
                self._send()
            self._finished = True

    def flush(self) -> float:
        """Sends the progress that waits if its time has come; in how many seconds there is something to flush."""
        with self._lock:
            if not self._waiting or self._finished or self._sent_at is None:
                return INTERVAL
            left = self._sent_at + INTERVAL - time.monotonic()
            if left <= 0:
                self._send()
                return INTERVAL
            return left

    def get_status(self) -> Optional[Tuple[Optional[float], Optional[str]]]:
        """Fraction and message as they are now; None when the step has ended."""
        with self._lock:
            return None if self._finished else (self._fraction, self._message)

    def _check(self, name: str, value: Any) -> Optional[float]:
        """The number; None where it cannot be sent: what is only to be looked at is no reason to lose the work."""
        try:
            return check_finite(name, value)
        except NotSendable as error:
            with self._lock:
                first = not self._finished and not self._left_out
                self._left_out = True
            if first:
                self.log(f"{error}; it was left out of the progress", "warning")
            return None

    def _changed(self) -> None:
        if self._finished:
            return
        if self._sent_at is None or time.monotonic() >= self._sent_at + INTERVAL:
            self._send()
        else:
            self._waiting = True

    def _send(self) -> None:
        params: Dict[str, Any] = {} if self.id < 0 else {"task": self.id}
        params["fraction"] = self._fraction
        params["message"] = self._message
        if self._values:
            params["values"] = self._values
        self._notify("progress", dumps(params, "progress"))
        self._values = {}
        self._sent_at = time.monotonic()
        self._waiting = False
