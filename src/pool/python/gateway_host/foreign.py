"""Values of numpy, pandas and their like as built-in ones, told by their shape: none of these libraries is imported.

Nothing is rounded: what a built-in value cannot hold exactly is no data.
"""

import enum


class NotData(Exception):
    """The result holds something that is not data; the text says what, never a value."""


def whole(result):
    """What ``main()`` returned, where its labels say what it is: a labelled series is one record, not a column."""
    if type(result) in (dict, list, tuple) or not _is_series(result):
        return result
    labels = list(result.index)
    if not labels or not all(type(label) is str for label in labels) or len(set(labels)) < len(labels):
        return result
    return dict(zip(labels, result.tolist()))


def as_built_in(obj):
    """The built-in value that stands for ``obj``; its parts may be foreign again. Raises ``NotData``."""
    if isinstance(obj, enum.Enum):
        return obj.value
    if isinstance(obj, tuple) and hasattr(obj, "_asdict"):
        return dict(obj._asdict())
    for built_in in (dict, list, tuple, bool, int, float, str, bytes):
        if isinstance(obj, built_in) and type(obj) is not built_in:
            return built_in(obj)
    if not isinstance(obj, type):
        if _is_missing(obj):
            return None
        if is_frame(obj):
            return rows_of(obj)
        if hasattr(obj, "tolist"):
            return _listed(obj)
        if hasattr(obj, "to_list"):
            return obj.to_list()
    raise NotData("is " + name_of(obj) + ", which is not data")


def is_frame(obj):
    """Whether it is a table of named columns: a DataFrame of pandas or of polars."""
    return hasattr(obj, "columns") and (hasattr(obj, "to_dict") or hasattr(obj, "to_dicts"))


def rows_of(frame):
    """The rows of a table as dicts; its index is no column. Raises ``NotData``."""
    names = list(frame.columns)
    if len(set(names)) < len(names):
        # pandas would leave out all but one of them.
        raise NotData("is a table with two columns of the same name")
    return frame.to_dicts() if hasattr(frame, "to_dicts") else frame.to_dict("records")


def name_of(obj):
    return "%s.%s" % (type(obj).__module__, type(obj).__qualname__)


def _is_series(obj):
    return hasattr(obj, "index") and hasattr(obj, "tolist") and hasattr(obj, "to_dict")


def _is_missing(obj):
    """``pandas.NA``, which is equal to nothing and has no value."""
    kind = type(obj)
    return kind.__name__ == "NAType" and kind.__module__.partition(".")[0] == "pandas"


def _listed(obj):
    """An array, a series or a single value of one, by its ``tolist()``, unless that would lose something."""
    if name_of(obj).partition(".")[0] != "numpy":
        return obj.tolist()
    if obj.dtype.names:
        return _records(obj, obj.dtype.names)
    if obj.dtype.kind == "M":
        return _moments(obj)
    if obj.dtype.kind == "m":
        raise NotData("is a duration, which is not data")
    listed = obj.tolist()
    # A long double stays what it is: no built-in value has its digits.
    if type(listed) is type(obj):
        raise NotData("is " + name_of(obj) + ", which is not data")
    return listed


def _records(obj, names):
    """The rows of a structured array, or its one record, with their names, which ``tolist()`` leaves out."""
    if getattr(obj, "shape", ()):
        return [_records(record, names) for record in obj]
    return {name: obj[name] for name in names}


def _moments(obj):
    """``datetime64`` as datetimes and ``NaT`` as ``None``; as nanoseconds, ``tolist()`` would give mere integers."""
    if str(obj.dtype) == "datetime64[D]":
        return obj.tolist()
    rounded = obj.astype("datetime64[us]")
    listed = rounded.tolist()
    if not ((rounded == obj) | (obj != obj)).all() or any(type(item) is int for item in _flat(listed)):
        raise NotData("has a time that no datetime holds exactly")
    return listed


def _flat(listed):
    if type(listed) is not list:
        yield listed
        return
    for item in listed:
        yield from _flat(item)
