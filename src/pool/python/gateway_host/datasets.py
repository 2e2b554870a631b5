"""Tables as ``main()`` wants them: the formats of ``src/contract/main-options.ts``, each a function of the rows.

Rows arrive as the lists of their values in the order of the columns; ``None`` stands for what is absent. Everything
that is made here is new for every call, because an artifact may change what it is given.
"""

import datetime


class RowCountError(Exception):
    """A table with another number of rows than the format can hold. The contract keeps callers from sending one."""


def encoder(columns, dataset_format, datetime_as):
    """The function from the rows of one table to its dataset.

    ``columns``: ``(name, spelled type)`` of each, in order.
    """
    encode = _ENCODERS[dataset_format](columns)
    if datetime_as == "datetime":
        return encode
    return lambda rows: encode([[as_text(value) for value in row] for row in rows])


def as_text(value):
    """The same value with every moment as ``2024-01-31 10:00:00`` and every date as ``2024-01-31``, at any depth.

    Microseconds that are not zero are kept: the text is longer then, and never another moment.
    """
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if type(value) is list:
        return [as_text(item) for item in value]
    if type(value) is dict:
        return {as_text(key): as_text(item) for key, item in value.items()}
    return value


def only_row(rows):
    """The one row there is. Raises ``RowCountError``."""
    if len(rows) != 1:
        raise RowCountError("main() takes one row at a time, not %d" % len(rows))
    return rows[0]


def _column_type_values(columns):
    def encode(rows):
        if len(rows) == 1:
            # Most calls have one row, whose values are put where they belong faster than rows are turned into columns.
            return {
                alias: {"type": spelled, "values": [value]} for (alias, spelled), value in zip(columns, rows[0])
            }
        return {
            alias: {"type": spelled, "values": list(values)}
            for (alias, spelled), values in zip(columns, _transposed(rows, columns))
        }

    return encode


def _dataset_type_values_columns(columns):
    encode = _columns(columns)
    return lambda rows: {"type": dict(columns), "values": encode(rows)}


def _dataset_type_values_rows(columns):
    encode = _rows(columns)
    return lambda rows: {"type": dict(columns), "values": encode(rows)}


def _columns(columns):
    return lambda rows: {
        alias: list(values) for (alias, _), values in zip(columns, _transposed(rows, columns))
    }


def _rows(columns):
    names = [alias for alias, _ in columns]
    return lambda rows: [dict(zip(names, row)) for row in rows]


def _row(columns):
    names = [alias for alias, _ in columns]
    return lambda rows: dict(zip(names, only_row(rows)))


def _transposed(rows, columns):
    """The values of each column; empty ones when there is no row."""
    return zip(*rows) if rows else ((),) * len(columns)


_ENCODERS = {
    "column_type_values": _column_type_values,
    "dataset_type_values_columns": _dataset_type_values_columns,
    "dataset_type_values_rows": _dataset_type_values_rows,
    "columns": _columns,
    "rows": _rows,
    "row": _row,
}
