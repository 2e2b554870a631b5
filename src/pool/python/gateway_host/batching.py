"""Several calls as one ``main()`` over the rows of all of them, for an artifact whose rows do not depend on one another.

A caller's answer is never a guess: where the rows of the result cannot be told apart, or anything fails, every call is run
by itself.
"""

import pickle
import struct
import time

from . import serving

_LENGTH_AND_ID = struct.Struct("<II")


def answer(link, call, payload, limit):
    """Answer the calls that one frame holds, each with a frame of its own, in their order."""
    calls = list(_split(payload))
    replies = _answer_together(call, [inputs for _, inputs in calls], limit)
    for index, (call_id, inputs) in enumerate(calls):
        link.send(call_id, *(serving.answer(call, inputs, limit) if replies is None else replies[index]))


def _split(payload):
    """``(id, pickled inputs)`` of each call: ``[u32 length][u32 id][inputs]``, one behind the other."""
    at = 0
    while at < len(payload):
        length, call_id = _LENGTH_AND_ID.unpack_from(payload, at)
        at += _LENGTH_AND_ID.size + length
        yield call_id, payload[at - length : at]


def _answer_together(call, pickles, limit):
    """The reply of each call, or ``None`` when they have to be run by themselves."""
    began = time.perf_counter()
    try:
        inputs = [pickle.loads(one) for one in pickles]
        first = inputs[0]
        if any(one[1:] != first[1:] or len(one[0]) != 1 for one in inputs):
            return None
        counts = [len(one[0][0]) for one in inputs]
        rows = [row for one in inputs for row in one[0][0]]
        result = call([[rows], dict(first[1]), first[2]])
        shares = _share_out(result, counts)
    except BaseException:
        return None
    if shares is None:
        return None
    seconds = time.perf_counter() - began
    return [serving.encode(share, seconds, limit) for share in shares]


def _share_out(result, counts):
    """The part of the result that belongs to each call, or ``None`` when that cannot be told.

    A result is a list with one item for every row, or a dataset dict whose columns have one value for every row.
    """
    total = sum(counts)
    if hasattr(result, "columns") and hasattr(result, "to_dict"):
        result = result.to_dict("records")
    elif hasattr(result, "tolist"):
        result = result.tolist()
    if type(result) in (list, tuple):
        if len(result) != total:
            return None
        return [list(result[end - count : end]) for end, count in _ends(counts)]
    if type(result) is not dict or not result:
        return None
    columns = {}
    for name, column in result.items():
        if type(column) is not dict or "values" not in column:
            return None
        values = column["values"]
        values = values.tolist() if hasattr(values, "tolist") else values
        if type(values) not in (list, tuple) or len(values) != total:
            return None
        columns[name] = {**column, "values": values}
    return [
        {name: {**column, "values": list(column["values"][end - count : end])} for name, column in columns.items()}
        for end, count in _ends(counts)
    ]


def _ends(counts):
    end = 0
    for count in counts:
        end += count
        yield end, count
