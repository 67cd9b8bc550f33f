# SPDX-License-Identifier: MIT
"""What may go wrong, as exceptions."""

from typing import Optional


class StepError(Exception):
    """Why a step fails, in words for people: raised by a step, it is the reason as it stands, without a traceback."""


class Cancelled(StepError):
    """The controller no longer wants the result; raised by Task.check_cancelled()."""


class NotSendable(StepError, ValueError):
    """A value that cannot be sent, such as NaN; its message names it."""


class ProtocolError(Exception):
    """A line or a call is not as the protocol says: answered with a code of JSON-RPC."""

    def __init__(self, code: int, reason: str, call_id: Optional[str] = None) -> None:
        super().__init__(reason)
        self.code = code
        self.call_id = call_id
