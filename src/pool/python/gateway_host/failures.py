"""An exception as a message for the gateway's log."""

import json
import traceback

from . import call_styles, results

_LONGEST_MESSAGE = 1000
_LONGEST_TRACEBACK = 16_000
# As JSON, in which a character can take twelve bytes: a failure has to stay below REPLY_MARGIN_BYTES.
_LONGEST_JSON = 48_000


def describe(error, seconds=None):
    """``message``, ``traceback`` and perhaps ``seconds``; bounded: a deep recursion has thousands of lines."""
    report = {"message": type(error).__name__[:_LONGEST_MESSAGE], "traceback": _traceback_of(error)}
    if isinstance(error, (results.NotData, call_styles.InterfaceError)):
        report["message"] = str(error)[:_LONGEST_MESSAGE]
    if seconds is not None:
        report["seconds"] = seconds
    return report


def encode(error, seconds):
    """The payload of a frame that says that a call has failed."""
    return json.dumps(describe(error, seconds)).encode("ascii")


def _traceback_of(error):
    try:
        lines = traceback.format_exception(type(error), error, error.__traceback__, limit=-40)
    except BaseException:
        # The artifact's own exception has a say in how it is written, and memory may be short.
        return "(no traceback: the exception cannot be written)"
    text = "".join(lines)[-_LONGEST_TRACEBACK:]
    return text if len(json.dumps(text)) <= _LONGEST_JSON else text[-_LONGEST_JSON // 12 :]
