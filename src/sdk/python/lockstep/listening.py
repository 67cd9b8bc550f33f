# SPDX-License-Identifier: MIT
"""A solver that waits for a controller: under a debugger, or started by something else."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any, Tuple

from .serving import Server
from .solver import Solver


def _split(text: str) -> Tuple[str, str]:
    """HOST and PORT of HOST:PORT or [HOST]:PORT."""
    host, colon, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"“{text}” is no address to listen on: HOST:PORT was expected, such as 127.0.0.1:8800")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    return host, port


def _resolve(text: str) -> Tuple[socket.AddressFamily, Tuple[Any, ...]]:
    host, port = _split(text)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM,
                                                      flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV)[0]
    except (OSError, UnicodeError) as error:
        raise ValueError(f"cannot listen on {text}: {getattr(error, 'strerror', None) or error}") from None
    # Whoever connects is obeyed without a question, so only this machine may.
    if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback:
        raise ValueError(f"{text} is not an address of this machine alone, and a solver obeys whoever connects to it; "
                         "listen on 127.0.0.1, and reach it from elsewhere through ssh -L")
    return family, address


def _open(text: str) -> socket.socket:
    family, address = _resolve(text)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1)
    except OSError as error:
        listener.close()
        raise ValueError(f"cannot listen on {text}: {error.strerror}") from None
    return listener


def listen(solver: Solver, text: str) -> int:
    """Serves one connection after the other on the address, until one asks to terminate. The exit status."""
    try:
        listener = _open(text)
    except ValueError as error:
        print(f"{solver.name}: {error}", file=sys.stderr)
        return 1
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if listener.family == socket.AF_INET6 else host
    print(f"listening on {shown}:{port}", flush=True)

    terminated = False
    with listener:
        while not terminated:
            try:
                connection, _ = listener.accept()
            except ConnectionAbortedError:
                continue
            except OSError as error:
                print(f"{solver.name}: cannot accept a connection: {error.strerror}", file=sys.stderr)
                return 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            solver.reset()
            terminated = Server(solver, connection, patient=True).serve()
    return 0
