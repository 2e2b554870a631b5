"""Reads tables in the dict format into rows."""

import math


def read_rows(data, table):
    """Rows of a table as dicts by column, in the caller's order.

    Raises ValueError when the columns differ in length or hold a number that is not finite.
    """
    columns = {name: column["values"] for name, column in data[table].items()}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise ValueError(f"{table}: its columns must have the same number of values")
    for name, values in columns.items():
        for index, value in enumerate(values):
            _refuse_infinite(value, f"{table}[{index}].{name}")
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def _refuse_infinite(value, path):
    """NaN is false in every comparison, so it would pass every limit of the policy."""
    for number in value if isinstance(value, list) else [value]:
        if isinstance(number, float) and not math.isfinite(number):
            raise ValueError(f"{path}: a finite number is needed")
