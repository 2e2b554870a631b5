"""Turns what ``main()`` returned into a pickle of plain data, or says where it is not data.

Exact built-in values go straight through C code. Anything else reaches ``reducer_override``, which knows decimals,
dates, numpy and pandas values by their shape (``foreign.py``; neither library is imported) and refuses the rest. The
reader is ``src/pickle/pickle-reader.ts``; it calls nothing and knows the callables named here by name alone.
"""

import datetime
import decimal
import io
import pickle

from . import foreign
from .foreign import NotData

_BUILT_IN = (type(None), bool, int, float, str, bytes)
_MAX_DEPTH = 200
# More than any ledger has, and than the gateway reads; written out, 1E+999999999 would fill the memory.
_MOST_DIGITS = 400


def plain(value):
    """Stands in the pickle for "this built-in value in place of that object"."""
    return value


_CALLABLES = (plain, decimal.Decimal, datetime.datetime, datetime.date)


def encode(result, limit):
    """The pickle of ``result``, at most ``limit`` bytes. Raises ``NotData``."""
    out = _Bounded(limit)
    pickler = _Pickler(out, 4)
    # No memo: shared objects are written out in full, cycles are refused, and the reader needs no references.
    pickler.fast = True
    try:
        pickler.dump(result if type(result) is dict else foreign.whole(result))
    except NotData as error:
        raise NotData(_find_fault(result) or str(error)) from None
    except BaseException as error:
        # An object of the artifact has a say in how it is read, and can end the process with it.
        raise NotData(_find_fault(result) or "the result cannot be read: " + type(error).__name__) from error
    return out.getvalue()


class _Bounded(io.BytesIO):
    """Stops the pickler as soon as the result is larger than the gateway accepts."""

    def __init__(self, limit):
        super().__init__()
        self._limit = limit

    def write(self, chunk):
        if self.tell() + len(chunk) > self._limit:
            raise NotData("the result is larger than %d bytes" % self._limit)
        return super().write(chunk)


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj):
        if any(obj is known for known in _CALLABLES):
            return NotImplemented
        return _reduce(obj)


def _reduce(obj):
    """``(callable, arguments)`` for a value that is not an exact built-in."""
    if isinstance(obj, decimal.Decimal):
        if not -_MOST_DIGITS <= obj.adjusted() <= _MOST_DIGITS:
            raise NotData("is a decimal of more than %d digits" % _MOST_DIGITS)
        return decimal.Decimal, (format(obj, "f"),)
    if isinstance(obj, datetime.datetime):
        # pandas' missing time is a datetime whose year is no number.
        return (datetime.datetime, (obj.isoformat(),)) if obj == obj else (plain, (None,))
    if isinstance(obj, datetime.date):
        return datetime.date, (obj.isoformat(),)
    return plain, (foreign.as_built_in(obj),)


def _find_fault(result):
    """The path and kind of the first thing that is not data, for the log; ``None`` when there is none to be seen."""
    stack = [(result, "result", 0)]
    while stack:
        value, path, depth = stack.pop()
        if depth > _MAX_DEPTH:
            return path.partition("[")[0] + " is nested too deeply or refers to itself"
        if type(value) is dict:
            stack.extend((item, "%s[%s]" % (path, _key_name(key)), depth + 1) for key, item in reversed(value.items()))
        elif type(value) in (list, tuple):
            stack.extend((item, "%s[%d]" % (path, i), depth + 1) for i, item in reversed(list(enumerate(value))))
        elif type(value) not in _BUILT_IN:
            try:
                reduced = _reduce(value)
            except NotData as error:
                return "%s %s" % (path, error)
            except BaseException:
                return "%s is %s, which is not data" % (path, foreign.name_of(value))
            if reduced[0] is plain and reduced[1][0] is not value:
                stack.append((reduced[1][0], path, depth + 1))
    return None


def _key_name(key):
    return repr(key)[:60] if type(key) is str else type(key).__name__
