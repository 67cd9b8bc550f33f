# SPDX-License-Identifier: MIT
"""Serves one connection: a thread reads and answers what can be answered at once, the calling thread computes.

While a step runs Python code, the interpreter gives the reading thread its turn within 5 ms
(sys.getswitchinterval()); inside one long call of an extension that keeps the interpreter to itself, not before that
call returns. An idle solver wakes for nothing.
"""

from __future__ import annotations

import collections
import os
import queue
import select
import signal
import socket
import sys
import threading
import weakref
from typing import Deque, Optional

from . import message
from .errors import ProtocolError
from .solver import Solver
from .task import Task
from .values import dumps

CHUNK = 256 * 1024

# How long a step may take to notice that its process ends, in seconds.
LAST_MOMENTS = 0.5


# What serves in this process: a child that a step forks must not.
_servers: weakref.WeakSet[Server] = weakref.WeakSet()


class _Call:
    def __init__(self, call_id: str, task: Task) -> None:
        self.id = call_id
        self.task = task


class Server:
    """One connection, which is closed at its end."""

    def __init__(self, solver: Solver, connection: socket.socket, patient: bool) -> None:
        self._solver = solver
        self._connection = connection
        self._patient = patient  # a step is waited for when the controller has gone
        self._writing = threading.Lock()
        self._arrivals = select.poll()
        self._arrivals.register(connection, select.POLLIN)
        self._terminated = False

        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()  # something waits, or closing
        self._left = threading.Event()  # no step is running any more, and closing
        self._lock = threading.Lock()  # of everything below
        self._waiting: Deque[_Call] = collections.deque()
        self._running: Optional[_Call] = None
        self._closing = False

    def serve(self) -> bool:
        """Serves until the other end has gone, or asks to terminate: then True."""
        _servers.add(self)
        reader = threading.Thread(target=self._read, name="lockstep-serve", daemon=True)
        # Signals are for the thread that the solver's author knows.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        reader.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

        self._compute_calls()
        reader.join()
        self._connection.close()
        return self._terminated

    def leave(self) -> None:
        """In a child of this process: nothing of the connection is its own, nor are threads there that would let go of
        the locks."""
        self._connection.close()
        self._writing = threading.Lock()
        if self._running:
            self._running.task.leave()

    def _compute_calls(self) -> None:
        while True:
            self._wake.get()
            with self._lock:
                if self._closing:
                    return
                self._running = self._waiting.popleft() if self._waiting else None
            if self._running is None:
                continue  # it was cancelled
            self._compute(self._running)
            with self._lock:
                self._running = None
                if self._closing:
                    self._left.set()

    def _compute(self, call: _Call) -> None:
        try:
            self._write(message.answer(call.id, self._solver.compute(call.task)))
        except ProtocolError as error:
            self._write(message.fail(call.id, error.code, str(error)))

    def _write(self, line: bytes) -> None:
        with self._writing:
            try:
                self._connection.sendall(line)
            except OSError:
                pass  # the other end has gone, which the thread that reads will notice as well

    def _notify(self, method: str, params: str) -> None:
        self._write(message.notify(method, params))

    # All below is of the reading thread.

    def _read(self) -> None:
        try:
            self._read_lines()
        finally:
            self._finish()

    def _read_lines(self) -> None:
        buffer = bytearray()
        searched = 0
        while not self._terminated:
            end = buffer.find(b"\n", searched)
            if end >= 0:
                line = bytes(memoryview(buffer)[:end])
                del buffer[:end + 1]
                searched = 0
                self._handle(line)
                continue
            searched = len(buffer)
            self._wait()
            try:
                chunk = self._connection.recv(CHUNK)
            except OSError:
                return
            if not chunk:
                return
            buffer += chunk

    def _wait(self) -> None:
        """Waits for bytes to read, and sends meanwhile the progress that was held back."""
        while True:
            with self._lock:
                call = self._running or (self._waiting[0] if self._waiting else None)
            timeout = call.task.flush() if call else None
            if self._arrivals.poll(None if timeout is None else timeout * 1000 + 1):
                return

    def _handle(self, line: bytes) -> None:
        if line in (b"", b"\r"):
            return
        call_id = None
        try:
            request = message.read(line)
            if request is None:
                return
            call_id = request.id
            if request.method == "cancel":
                self._cancel(request.params)
            elif call_id is None:
                return
            elif request.method == "status":
                self._write(message.answer(call_id, self._tell_status()))
            elif request.method == "terminate":
                self._write(message.answer(call_id, "{}"))
                self._terminated = True
            else:
                self._accept(request.method, call_id, request.params)
        except ProtocolError as error:
            self._write(message.fail(call_id or error.call_id, error.code, str(error)))

    def _accept(self, method: str, call_id: str, params: object) -> None:
        self._solver.check_method(method)
        call = _Call(call_id, Task(method, params, self._notify))
        with self._lock:
            self._waiting.append(call)
        self._wake.put(None)

    def _tell_status(self) -> str:
        with self._lock:
            task = self._running.task if self._running else None
            busy = bool(self._waiting)
        progress = task.get_status() if task else None
        if task and progress:
            state = "initializing" if task.step == "initialize" else "busy"
            return dumps({"state": state, "fraction": progress[0], "message": progress[1]})
        # One whose result is on its way does not compute, but the next may be about to.
        return dumps({"state": "busy" if busy else "ready", "fraction": None, "message": None})

    def _cancel(self, params: object) -> None:
        number = params.get("task") if isinstance(params, dict) else None
        if type(number) is not int:
            return
        with self._lock:
            running = self._running.task if self._running else None
            # One that is over may be tried again under the same number.
            if running and running.id == number and running.get_status():
                running.cancel()
                return
            dropped = next((call for call in self._waiting if call.task.id == number), None)
            if dropped:
                self._waiting.remove(dropped)
        if dropped:
            self._write(message.fail(dropped.id, message.STEP_FAILED, "cancelled before it began"))

    def _finish(self) -> None:
        """The one way to the end. A step that does not come back in time is left behind, unless it may take its time."""
        with self._lock:
            self._closing = True
            running = self._running
            if running:
                running.task.cancel()
        self._wake.put(None)
        patience = None if self._patient and not self._terminated else LAST_MOMENTS
        if running and not self._left.wait(patience):
            _abandon()


def _abandon() -> None:
    """Ends the process under a step that does not come back. Whoever holds the lock of standard output may keep it."""
    flush = threading.Thread(target=sys.stdout.flush, daemon=True)
    flush.start()
    flush.join(0.1)
    os._exit(0)


def _leave_servers() -> None:
    for server in _servers:
        server.leave()


os.register_at_fork(after_in_child=_leave_servers)
