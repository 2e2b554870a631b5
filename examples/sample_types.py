"""The types of input_info.json, as far as the examples use them: JSON text to Python values, and a check of answers.

A type is a tuple: ``("Numerical",)``, ``("decimal", 11, 2)``, ``("Array", items)``, ``("Map", key, value)`` or
``("Struct", {field: type})``.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

INTEGERS = ("int", "bigint", "long")
PYTHON_TYPES = {
    "String": str,
    "Boolean": bool,
    "DateTime": datetime,
    "date": date,
    "decimal": Decimal,
    "Array": list,
    "Map": dict,
    "Struct": dict,
    **dict.fromkeys(INTEGERS, int),
}


def parse_type(text):
    """A type from its spelling. Raises ValueError for one that the examples do not use."""
    text = text.strip()
    decimal = re.fullmatch(r"decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)", text)
    if decimal:
        return ("decimal", int(decimal[1]), int(decimal[2]))
    if text == "Numerical" or text in PYTHON_TYPES and text not in ("decimal", "Array", "Map", "Struct"):
        return (text,)
    generic = re.fullmatch(r"(Array|Map|Struct)\[(.*)\]", text)
    if not generic:
        raise ValueError(f"unknown type: {text}")
    parts = _split(generic[2])
    if generic[1] == "Struct":
        fields = (part.split(":", 1) for part in parts)
        return ("Struct", {name.strip(): parse_type(spelled) for name, spelled in fields})
    if len(parts) != {"Array": 1, "Map": 2}[generic[1]]:
        raise ValueError(f"wrong number of types: {text}")
    return (generic[1], *map(parse_type, parts))


def _split(text):
    """Splits at the commas that stand outside every bracket."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "[(") - (char in "])")
        if char == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return parts + [text[start:]]


def read_value(kind, value, path):
    """The Python value that ``main`` gets for a JSON value. Raises ValueError with the path when it does not fit."""
    name = kind[0]
    try:
        if name == "Array":
            return [
                read_value(kind[1], item, f"{path}[{index}]") for index, item in enumerate(_is(list, value))
            ]
        if name == "Map":
            return {
                read_value(kind[1], key, path): read_value(kind[2], item, path) for key, item in value.items()
            }
        if name == "Struct":
            _is(dict, value)
            return {
                field: None
                if value.get(field) is None
                else read_value(inner, value[field], f"{path}.{field}")
                for field, inner in kind[1].items()
            }
        if name == "Numerical":
            return float(_is((int, float), value))
        if name == "decimal":
            return Decimal(_is(str, value))
        if name in ("date", "DateTime"):
            return PYTHON_TYPES[name].fromisoformat(_is(str, value))
        return _is(PYTHON_TYPES[name], value)
    except (TypeError, InvalidOperation):
        raise ValueError(f"{path}: a value of type {name} is needed") from None


def _is(python_type, value):
    """The value itself; True and False do not pass for numbers."""
    if not isinstance(value, python_type) or (isinstance(value, bool) and python_type is not bool):
        raise TypeError
    return value


def check_value(kind, value, path):
    """Raises ValueError with the path of what is not plain data of this type. None is allowed for every field."""
    name = kind[0]
    # Not isinstance: a bool is an int and a numpy float is a float, and neither is plain data of the type.
    if type(value) not in ((int, float) if name == "Numerical" else (PYTHON_TYPES[name],)):
        raise ValueError(f"{path}: {type(value).__name__} is not a {name}")
    if name == "decimal" and not _fits_decimal(value, kind[1], kind[2]):
        raise ValueError(f"{path}: more digits than decimal({kind[1]},{kind[2]}) has")
    if name == "Array":
        for index, item in enumerate(value):
            check_value(kind[1], item, f"{path}[{index}]")
    if name == "Map":
        for key, item in value.items():
            check_value(kind[1], key, f"{path} key")
            check_value(kind[2], item, f"{path}.{key}")
    if name == "Struct":
        if set(value) - set(kind[1]):
            raise ValueError(f"{path}: a field that output_type does not have")
        for field, inner in kind[1].items():
            if value.get(field) is not None:
                check_value(inner, value[field], f"{path}.{field}")


def _fits_decimal(value, digits, scale):
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= scale and abs(value) < Decimal(10) ** (digits - scale)
