# SPDX-License-Identifier: MIT
"""What passes over the stream: JSON-RPC 2.0, as the solver's end sees it."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from .errors import ProtocolError
from .values import dumps, loads

# The codes of JSON-RPC 2.0, and Lockstep's own from -32000 downwards.
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
STEP_FAILED = -32000
NOT_INITIALIZED = -32002

# One message may not be longer towards the controller, which would stop a solver that sends more.
MAX_MESSAGE = 64 * 1024 * 1024


class Message(NamedTuple):
    id: Optional[str]  # as JSON; None in a notification
    method: str
    params: Any  # {} when there are none


def read(line: bytes) -> Optional[Message]:
    """The message that the line is; None where it asks for nothing. ProtocolError is to be answered."""
    try:
        members = loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(PARSE_ERROR, f"the line is not JSON: {error}") from None
    if not isinstance(members, dict):
        raise ProtocolError(INVALID_REQUEST, "a message is an object of JSON-RPC 2.0")

    # This end calls nobody, so an answer is to no question; to answer it would start a quarrel.
    if "method" not in members and ("result" in members or "error" in members):
        return None

    call_id = None
    if "id" in members:
        if isinstance(members["id"], bool) or not isinstance(members["id"], (int, float, str)):
            raise ProtocolError(INVALID_REQUEST, "the id of a call is a number or a string")
        call_id = dumps(members["id"])
    method = members.get("method")
    if not isinstance(method, str):
        raise ProtocolError(INVALID_REQUEST, 'a message needs "method", a string', call_id)
    if members.get("jsonrpc") != "2.0":
        raise ProtocolError(INVALID_REQUEST, 'a message needs "jsonrpc": "2.0"', call_id)
    return Message(call_id, method, members.get("params", {}))


def describe_excess(n_bytes: int) -> str:
    return (f"the result is too large ({n_bytes / 2**20:.1f} MiB): at most 64 MiB can be sent; "
            "write it to a file and return the file's name")


def answer(call_id: str, result: str) -> bytes:
    """The answer to a call; id and result are JSON on one line."""
    line = f'{{"jsonrpc":"2.0","id":{call_id},"result":{result}}}\n'.encode("utf-8")
    if len(line) - 1 > MAX_MESSAGE:
        return fail(call_id, STEP_FAILED, describe_excess(len(line)))
    return line


def fail(call_id: Optional[str], code: int, reason: str) -> bytes:
    """An error; without an id where the call could not be understood."""
    # What a traceback shows may hold anything.
    text = dumps(reason.encode("utf-8", "replace").decode("utf-8"))
    return f'{{"jsonrpc":"2.0","id":{call_id or "null"},"error":{{"code":{code},"message":{text}}}}}\n'.encode("utf-8")


def notify(method: str, params: str) -> bytes:
    return f'{{"jsonrpc":"2.0","method":"{method}","params":{params}}}\n'.encode("utf-8")
