"""Several calls as one ``main()`` over the rows of all of them, for an artifact whose rows do not depend on one another.

A caller's answer is never a guess. Only calls that differ in nothing but the values of their rows are run together, and
none before a call by itself has shown that the result has one item for every row. Where the items cannot be told apart,
or anything fails, every call is run by itself.
"""

import pickle
import struct
from time import perf_counter

from . import foreign, serving

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
        # Whether results have an item for every row: unknown until a call by itself has shown it, and of no interest
        # where main() takes one row at a time.
        self._is_by_row = None if call.is_by_row else False

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

    A result is a list with one item for every row, or a dataset dict that names its values. Lists by the names of
    columns are not shared out: as well they can be the lists of a single record.
    """
    total = sum(counts)
    result = foreign.whole(result)
    cut = (
        _cut_list(result, total)
        or _cut_columns(result, total, _cut_wrapped)
        or _cut_wrapped(result, total)
        or _cut_wrapped(result, total, _cut_columns)
    )
    return None if cut is None else [cut(end - count, end) for end, count in _ends(counts)]


def _cut_list(value, total):
    """The function that gives the items from one row to another; ``None`` unless there is one for every row."""
    listed = _listed(value)
    if type(listed) not in (list, tuple) or len(listed) != total:
        return None
    return lambda start, end: list(listed[start:end])


def _cut_wrapped(value, total, cut_values=_cut_list):
    """The same for values that stand in a dict beside their type."""
    # Anything else beside them could be about all rows together.
    if type(value) is not dict or "values" not in value or not value.keys() <= {"type", "values"}:
        return None
    cut = cut_values(value["values"], total)
    return None if cut is None else lambda start, end: {**value, "values": cut(start, end)}


def _cut_columns(value, total, cut_column=_cut_list):
    """The same for a dict of columns."""
    if type(value) is not dict or not value:
        return None
    cuts = {name: cut_column(column, total) for name, column in value.items()}
    if None in cuts.values():
        return None
    return lambda start, end: {name: cut(start, end) for name, cut in cuts.items()}


def _listed(value):
    """A table or an array as the list of its rows or values; anything else as it is."""
    if type(value) in (dict, list, tuple, str):
        return value
    try:
        return foreign.as_built_in(value)
    except BaseException:
        # Whoever runs the call by itself says to its caller what is wrong.
        return value


def _ends(counts):
    end = 0
    for count in counts:
        end += count
        yield end, count
