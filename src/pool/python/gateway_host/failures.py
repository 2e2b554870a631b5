"""An exception as a message for the gateway's log."""

import json
import traceback

from . import calling, results


def describe(error, seconds=None):
    """``message``, ``traceback`` and perhaps ``seconds``; bounded: a deep recursion has thousands of lines."""
    lines = traceback.format_exception(type(error), error, error.__traceback__, limit=-40)
    report = {"message": type(error).__name__, "traceback": "".join(lines)[-16000:]}
    if isinstance(error, (results.NotData, calling.InterfaceError)):
        report["message"] = str(error)
    if seconds is not None:
        report["seconds"] = seconds
    return report


def encode(error, seconds):
    """The payload of a frame that says that a call has failed."""
    return json.dumps(describe(error, seconds)).encode("ascii")
