"""What processes that load the artifact tell the supervisor, read with suspicion: the artifact can write there, too."""

import json

PHASES = ("importing", "warming")
FAILURES = ("load_failed", "warm_up_failed")
# Together well below the longest control frame of the gateway, even as JSON.
_LONGEST_DETAIL = 1000
_LONGEST_TRACEBACK = 16_000


def read(payload):
    """The report in a frame; its ``type`` is a key of ``_MEMBERS``, its other members are as listed there.

    Raises ``ValueError`` for anything else.
    """
    try:
        report = json.loads(payload)
        kind = report["type"]
        return {"type": kind, **{name: take(report[name]) for name, take in _MEMBERS[kind].items()}}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a report") from error


def _text(longest):
    def take(value):
        if type(value) is not str:
            raise ValueError("not a text")
        return value[:longest]

    return take


def _one_of(known):
    def take(value):
        if value not in known:
            raise ValueError("an unknown word")
        return value

    return take


def _text_or_none(value):
    return None if value is None else _text(_LONGEST_DETAIL)(value)


def _process_id(value):
    # To kill, 0 and -1 are everybody, and 1 is the first process of the machine.
    if type(value) is not int or value <= 1:
        raise ValueError("not the id of a process")
    return value


_MEMBERS = {
    "phase": {"phase": _one_of(PHASES)},
    # It cannot load the artifact, and ends.
    "failed": {
        "reason": _one_of(FAILURES),
        "detail": _text(_LONGEST_DETAIL),
        "traceback": _text(_LONGEST_TRACEBACK),
    },
    # The template has the artifact; ``reason`` says why it must not be forked.
    "loaded": {"reason": _text_or_none},
    "forked": {"token": _text(100), "pid": _process_id},
    # The system has not let it fork.
    "unforked": {"token": _text(100)},
}
