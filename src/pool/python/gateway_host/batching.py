"""Several calls as one ``main()`` over the rows of all of them, for an artifact whose rows do not depend on one another.

A caller's answer is never a guess. Only calls that differ in nothing but the values of their rows are run together, and
none before a call by itself has shown that the result has one item for every row. Where the items cannot be told apart,
or anything fails, every call is run by itself.
"""

import pickle
import struct
from time import perf_counter

from . import serving

_LENGTH_AND_ID = struct.Struct("<II")


def split(payload):
    """``(id, pickled inputs)`` of each call: ``[u32 length][u32 id][inputs]``, one behind the other."""
    at = 0
    while at < len(payload):
        length, call_id = _LENGTH_AND_ID.unpack_from(payload, at)
        at += _LENGTH_AND_ID.size + length
        yield call_id, payload[at - length : at]


class Batches:
    """Answers the calls that came as one frame, each with a frame of its own."""

    def __init__(self, call, limit):
        self._call = call
        self._limit = limit
        # Whether results have an item for every row: unknown until a call by itself has shown it.
        self._is_by_row = None

    def answer(self, send, payload):
        for group in _alike(split(payload)):
            replies = self._answer_together(group) if len(group) > 1 and self._is_by_row else None
            for index, (call_id, pickled, inputs) in enumerate(group):
                send(call_id, *(self._answer_alone(pickled, inputs) if replies is None else replies[index]))

    def _answer_alone(self, pickled, inputs):
        """The reply to one call; what it shows of the shape of results is kept."""
        rows = _rows_of(inputs)

        def look(result):
            if rows and self._is_by_row is not False:
                self._is_by_row = _share_out(result, [len(rows)]) is not None

        return serving.answer(self._call, pickled, self._limit, look)

    def _answer_together(self, group):
        """The reply of each call, or ``None`` when they have to be run by themselves."""
        began = perf_counter()
        tables = [_rows_of(inputs) for _, _, inputs in group]
        _, arguments, parameters = group[0][2]
        try:
            rows = [row for table in tables for row in table]
            result = serving.run(self._call, [[rows], arguments, parameters])
            shares = _share_out(result, [len(table) for table in tables])
        except BaseException:
            return None
        if shares is None:
            return None
        seconds = perf_counter() - began
        return [serving.encode(share, seconds, self._limit) for share in shares]


def _alike(calls):
    """Lists of ``(id, pickled inputs, inputs)`` that may be run together, in the order of their first calls."""
    groups = {}
    for call_id, pickled in calls:
        inputs = pickle.loads(pickled)
        rows = _rows_of(inputs)
        # Not by comparison: 1, 1.0 and True are equal and not the same. The types of the rows count, too, because one
        # None or float among integers would change how numpy and pandas hold, and answer, the other calls' rows.
        types = frozenset(tuple(map(type, row)) for row in rows or ())
        key = (pickle.dumps(inputs[1:]), types) if rows else call_id
        groups.setdefault(key, []).append((call_id, pickled, inputs))
    return list(groups.values())


def _rows_of(inputs):
    """The rows of the only table, or ``None``: calls with other inputs, or a row that is none, stay by themselves."""
    tables = inputs[0]
    if len(tables) != 1 or not all(type(row) is list for row in tables[0]):
        return None
    return tables[0]


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
        # Anything else beside the values could be about all rows together.
        if type(column) is not dict or "values" not in column or not column.keys() <= {"type", "values"}:
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
