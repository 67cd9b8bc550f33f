# SPDX-License-Identifier: MIT
"""Values as JSON, as strictly as Lockstep reads it, both ways.

An array of more than 1,000 floats travels as {"f64": "<base64, little endian>"}, which keeps every bit and is read
and written many times faster than decimals.
"""

from __future__ import annotations

import array
import base64
import binascii
import inspect
import json
import math
import re
import sys
from typing import Any, Dict, List

from .errors import NotSendable

# Arrays and objects within each other: in a message that arrives, and in a result, which has a message around it.
MAX_DEPTH = 128
MAX_RESULT_DEPTH = 120

# Vectors of more elements than this are sent as base64.
PLAIN_MAX = 1000

# Where no number of the text can be too large for a double, and no surrogate be alone, nothing is looked at twice.
_LARGE_NUMBER = re.compile(r"[eE]\+?[0-9]{3}|[0-9]{309}")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

# Of a text, what tells how deep it is.
_NOT_BRACKETS = bytes(set(range(256)) - set(b'[]{}"'))
_SQUARE = bytes.maketrans(b"{}", b"[]")


def _measure_depth(text: bytes) -> int:
    """How many arrays and objects are within each other, or MAX_DEPTH + 1 where it is more."""
    if text.count(b"[") + text.count(b"{") <= MAX_DEPTH:
        return 0
    if b"\\" in text:
        text = re.sub(rb"\\.", b"", text)
    brackets = re.sub(rb'"[^"]*"', b"", text.translate(None, _NOT_BRACKETS).replace(b'""', b"")).translate(_SQUARE)
    depth = 0
    while brackets and depth <= MAX_DEPTH:
        brackets = brackets.replace(b"[]", b"")
        depth += 1
    return depth


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _read_number(text: str) -> Any:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:20]} is too large for a double")
    return number if re.search("[.eE]", text) else int(text)


def _decode_vector(members: Dict[str, Any]) -> Any:
    """The list that {"f64": …} stands for; any other object is left as it is."""
    digits = members.get("f64")
    if len(members) != 1 or not isinstance(digits, str):
        return members
    vector = array.array("d")
    try:
        vector.frombytes(base64.b64decode(digits, validate=True))
    except (ValueError, binascii.Error):
        return members
    if sys.byteorder == "big":
        vector.byteswap()
    return vector.tolist()


def loads(line: bytes) -> Any:
    """The value that the text is; ValueError with the reason where it is not strictly JSON."""
    text = line.decode("utf-8")
    if _measure_depth(line) > MAX_DEPTH:
        raise ValueError(f"it is nested deeper than {MAX_DEPTH} levels")
    large = _LARGE_NUMBER.search(text) is not None
    value = json.loads(text,
                       parse_constant=_refuse_constant,
                       parse_float=_read_number if large else None,
                       parse_int=_read_number if large else None,
                       object_hook=_decode_vector if '"f64"' in text else None)
    if _SURROGATE.search(text):
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


class _Unsendable(Exception):
    """On its way out of a value, it gathers the path."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.path: List[str] = []


class _TooDeep(_Unsendable):
    pass


def describe_number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "infinity" if value > 0 else "-infinity"


def _check_number(value: Any) -> None:
    if isinstance(value, int):
        try:
            float(value)
        except OverflowError:
            raise _Unsendable("is too large for a double, which cannot be sent") from None
    elif not math.isfinite(value):
        raise _Unsendable(f"is {describe_number(value)}, which cannot be sent: only finite numbers can")


def check_finite(name: str, value: Any) -> float:
    """The number as a float; NotSendable, which names it, where it is none or not finite."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise NotSendable(f"the value “{name}” is of type {type(value).__name__}, "
                          "but a number was expected") from None
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise NotSendable(f"the value “{name}” is {describe_number(number)}, which cannot be sent: "
                          "only finite numbers can")
    return number


def _encode_vector(values: array.array[float]) -> Dict[str, str]:
    if not all(map(math.isfinite, values)):
        index = next(i for i, value in enumerate(values) if not math.isfinite(value))
        try:
            _check_number(values[index])
        except _Unsendable as refusal:
            refusal.path.append(f"[{index}]")
            raise
    if sys.byteorder == "big":
        values = array.array("d", values)
        values.byteswap()
    return {"f64": base64.b64encode(values.tobytes()).decode("ascii")}


def _prepare_sequence(values: Any, depth: int) -> Any:
    kinds = set(map(type, values))
    if len(values) > PLAIN_MAX and all(issubclass(kind, float) for kind in kinds):
        return _encode_vector(array.array("d", values))
    if kinds <= {str, bool, type(None)}:
        return values
    prepared = []
    for index, value in enumerate(values):
        try:
            prepared.append(_prepare(value, depth))
        except _Unsendable as refusal:
            refusal.path.append(f"[{index}]")
            raise
    return prepared


def _write_name(name: Any) -> str:
    """The name of a member, as json writes it."""
    if isinstance(name, str):
        return name
    if isinstance(name, float) and not math.isfinite(name):
        raise _Unsendable(f"has a member whose name is {describe_number(name)}, but a string was expected")
    if name is None or isinstance(name, (bool, int, float)):
        return json.dumps(name)
    raise _Unsendable(f"has a member whose name is of type {type(name).__name__}, but a string was expected")


def _prepare_object(members: Dict[Any, Any], depth: int) -> Dict[str, Any]:
    prepared: Dict[str, Any] = {}
    for key, value in members.items():
        name = _write_name(key)
        if name in prepared:
            raise _Unsendable(f"has two members that are both called “{name}” in JSON: the keys {name} and “{name}” "
                              "of Python; give one of them another name")
        try:
            prepared[name] = _prepare(value, depth)
        except _Unsendable as refusal:
            refusal.path.append(f".{name}")
            raise
    return prepared


def _prepare_foreign(value: Any, depth: int) -> Any:
    """Scalars and arrays of numpy, and of the module array, which need not be there: known by what they can do."""
    if getattr(value, "ndim", 0) == 1 and getattr(getattr(value, "dtype", None), "kind", "") == "f":
        return _prepare_sequence(value.astype("float64").tolist(), depth)
    if hasattr(value, "tolist"):
        plain = value.tolist()
        if type(plain) is not type(value):
            return _prepare(plain, depth - 1)
    if inspect.isawaitable(value):
        if inspect.iscoroutine(value):
            value.close()
        raise _Unsendable("is a coroutine, which nobody has run: a step is no async function; let it return "
                          "asyncio.run(…) of one")
    raise _Unsendable(f"is of type {type(value).__name__}, which cannot be sent: numbers, strings, True, False, None, "
                      "lists and dictionaries can, and arrays of numpy")


def _prepare(value: Any, depth: int) -> Any:
    """The value in the types that json writes; depth is how many containers it is within."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        _check_number(value)
        return value
    if depth >= MAX_RESULT_DEPTH:
        raise _TooDeep(f"is nested deeper than {MAX_RESULT_DEPTH} levels")
    if isinstance(value, (list, tuple)):
        return _prepare_sequence(value, depth + 1)
    if isinstance(value, dict):
        return _prepare_object(value, depth + 1)
    return _prepare_foreign(value, depth + 1)


def _write_path(steps: List[str], name: str) -> str:
    path = "".join(reversed(steps))
    return path[1:] if path.startswith(".") else name + path


def _find_cycle(value: Any, steps: List[str]) -> List[str]:
    """How to get, by these steps from the innermost, to what holds itself; nothing where there is no such thing."""
    above: List[int] = []
    for i in range(len(steps), 0, -1):
        if id(value) in above:
            return steps[i:]
        above.append(id(value))
        try:
            value = (value[int(steps[i - 1][1:-1])] if steps[i - 1].startswith("[") else
                     next(member for key, member in value.items() if f".{_write_name(key)}" == steps[i - 1]))
        except (AttributeError, IndexError, KeyError, StopIteration, TypeError):
            return []  # of something else than lists and dictionaries
    return []


def dumps(value: Any, name: str = "result") -> str:
    """The value as JSON on one line. NotSendable names what in it cannot be sent, by its path."""
    try:
        text = json.dumps(_prepare(value, 0), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except _TooDeep as refusal:
        cycle = _find_cycle(value, refusal.path)
        if cycle:
            raise NotSendable(f"the value “{_write_path(cycle, name)}” is what holds it: a value that holds itself "
                              "has no end, and cannot be sent") from None
        raise NotSendable(f"the value “{_write_path(refusal.path, name)}” {refusal}") from None
    except _Unsendable as refusal:
        raise NotSendable(f"the value “{_write_path(refusal.path, name)}” {refusal}") from None
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotSendable(f"the {name} holds the text {ascii(text[max(error.start - 20, 0):error.end + 20])}, "
                          "which is not Unicode and cannot be sent") from None
    return text


def fresh(value: Any) -> Any:
    """A copy whose lists and dictionaries are its own."""
    if isinstance(value, dict):
        return {name: fresh(member) for name, member in value.items()}
    if isinstance(value, list):
        return [fresh(element) for element in value]
    return value


def describe(value: Any) -> str:
    """What a message says was found."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, list) else "an object"


def excerpt(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:40]
