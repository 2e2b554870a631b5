"""Which parameter of ``main()`` gets what, decided once from its signature.

The styles are those of ``src/contract/main-options.ts``. Where a signature can be read in two ways nothing is guessed:
the artifact does not start, and its owner is told the candidates and the setting that decides.
"""

import inspect
from collections import namedtuple

_PARAMETER_NAMES = ("runtime_params", "runtime_parameters", "params")
# Words that mean "all inputs" rather than one table or column of that name.
_WORDS_FOR_DATA = ("data", "inputs", "input", "input_data", "tables", "datasets", "dataset")
# What the platform injects by itself, and callers never send.
_INJECTED = ("cache", "model", "prompt")
_DECIDE = "; set main.%s in the contract lock to %s"

# ``style`` is one of "none", "data", "tables" and "arguments". ``data_name`` is the parameter that gets one dict of all
# inputs, ``None`` where it is simply the first positional one. ``params_name`` is the one that gets all runtime
# parameters, if any. ``required`` are the names of the parameters without a default.
Plan = namedtuple("Plan", "style data_name params_name required")


class InterfaceError(Exception):
    """``main()`` cannot be called with what ``input_info.json`` declares. The text names parameters, never values."""


class Signature:
    """The parameters of ``main()``, as far as a caller must know them."""

    def __init__(self, main):
        try:
            found = list(inspect.signature(main).parameters.values())
        except (TypeError, ValueError) as error:
            raise InterfaceError("the signature of main() cannot be read") from error
        self.takes_any_positional = any(p.kind is p.VAR_POSITIONAL for p in found)
        self.takes_any_name = any(p.kind is p.VAR_KEYWORD for p in found)
        fixed = [p for p in found if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        self.names = [p.name for p in fixed]
        self.positional = [p.name for p in fixed if p.kind is not p.KEYWORD_ONLY]
        self.by_name = {p.name for p in fixed if p.kind is not p.POSITIONAL_ONLY}
        self.required = {p.name for p in fixed if p.default is p.empty}

    def accepts(self, name):
        """Whether a value can be given by this name."""
        return name in self.by_name or (self.takes_any_name and name not in self.names)


def plan(main, interface):
    """The ``Plan`` by which ``main`` is called. ``interface``: ``MainInterface`` of ``src/pool/host-messages.ts``.

    Raises ``InterfaceError`` when the signature does not fit, or fits in more than one way.
    """
    signature = Signature(main)
    tables = {table["alias"]: [column["alias"] for column in table["columns"]] for table in interface["tables"]}
    arguments, parameters, options = interface["arguments"], interface["parameters"], interface["options"]
    style = options["callStyle"]
    params_name = _parameter_for_parameters(signature, {*tables, *arguments}, parameters, options["parametersAs"])
    single = parameters if options["parametersAs"] == "names" else []
    free = [name for name in signature.names if name not in {*arguments, *single, params_name}]
    if style == "auto":
        style = _recognise(signature, free, tables, arguments)
    data_name = None
    if style == "data":
        names = free if tables else [name for name in signature.names if name != params_name]
        data_name = _parameter_for_data(signature, names)
        given = {data_name or next(iter(signature.positional), None)}
        by_name = arguments if tables else []
    else:
        given, by_name = set(), [*_GIVEN_BY_NAME[style](tables, options["datasetFormat"]), *arguments]
    if style == "none" and by_name:
        raise InterfaceError("call style none: main() would not get " + ", ".join(by_name))
    by_name = [*by_name, *single]
    if len(set(by_name)) < len(by_name):
        raise InterfaceError("call style %s: two inputs have the same name" % style)
    unknown = [name for name in by_name if not signature.accepts(name)]
    if unknown:
        raise InterfaceError("call style %s: main() has no parameter for %s" % (style, ", ".join(unknown)))
    needed = signature.required - given - set(by_name) - {params_name}
    missing = [name for name in signature.names if name in needed]
    if missing:
        raise InterfaceError("main() requires " + ", ".join(missing) + ", which input_info.json does not declare")
    return Plan(style, data_name, params_name, signature.required)


def _recognise(signature, free, tables, arguments):
    """The style that the signature shows. Raises ``InterfaceError`` when it shows none, or more than one."""
    if not tables:
        return _recognise_arguments(signature, free, arguments)
    named = [alias for alias in tables if alias in signature.by_name]
    if len(named) == len(tables):
        if len(tables) == 1 and named[0] in _WORDS_FOR_DATA:
            raise _ambiguous("its parameter %s can be the table or all tables" % named[0], "tables", "data")
        return "tables"
    if named:
        others = ", ".join(alias for alias in tables if alias not in named)
        raise _ambiguous("it has parameters for the tables " + ", ".join(named) + " and none for " + others, "data")
    candidates = [name for name in free if name not in _INJECTED]
    required = [name for name in candidates if name in signature.required]
    likely = [name for name in candidates if name in _WORDS_FOR_DATA]
    if not candidates:
        possible = {"data": signature.takes_any_positional, "tables": signature.takes_any_name}
        if any(possible.values()):
            raise _ambiguous("it takes anything, which does not say what", *(s for s in possible if possible[s]))
        raise InterfaceError("input_info.json declares tables, but main() takes no positional argument for them")
    found = (required or likely or candidates)[0]
    columns = next(iter(tables.values())) if len(tables) == 1 else []
    if found in columns and found not in _WORDS_FOR_DATA:
        raise _ambiguous(
            "its parameter %s can be the column of that name or all tables" % found,
            "data",
            "arguments (with main.datasetFormat row)",
        )
    if not required and not likely and len(candidates) > 1:
        raise _ambiguous("any of its parameters " + ", ".join(candidates) + " can be the one for all tables", "data")
    return "data"


def _recognise_arguments(signature, free, arguments):
    if not arguments:
        return "none"
    missing = [name for name in arguments if not signature.accepts(name)]
    if not missing:
        return "arguments"
    if len(missing) == len(arguments) and any(name in _WORDS_FOR_DATA for name in free):
        return "data"
    hint = _DECIDE % ("callStyle", "data if it takes them in one dict") if signature.positional else ""
    raise InterfaceError("main() has no parameter for the arguments " + ", ".join(missing) + hint)


def _ambiguous(why, *candidates):
    decide = _DECIDE % ("callStyle", " or ".join(candidates))
    return InterfaceError("it is not certain how main() is called: " + why + decide)


def _parameter_for_parameters(signature, declared, parameters, parameters_as):
    """The name of the parameter that gets all runtime parameters; ``None`` where there is none."""
    if parameters_as == "names":
        return None
    found = next((n for n in _PARAMETER_NAMES if n in signature.by_name and n not in declared), None)
    if parameters:
        if found is None:
            hint = all(signature.accepts(name) for name in parameters)
            raise InterfaceError(
                "input_info.json declares runtime parameters, but main() has no parameter runtime_params"
                + (_DECIDE % ("parametersAs", "names") if hint else "")
            )
    elif declared and [name for name in signature.names if name not in _INJECTED] == [found]:
        # Nothing else could take the inputs, and there are no parameters: the name means something else here.
        return None
    return found


def _parameter_for_data(signature, free):
    """The parameter that gets one dict of all inputs: a required one, one with a telling name, or the first.

    ``None`` stands for the first positional one, which is given without its name.
    """
    required = [name for name in free if name in signature.required]
    likely = [name for name in free if name in _WORDS_FOR_DATA]
    found = next(iter(required or likely or [name for name in free if name not in _INJECTED]), None)
    if found is None and not signature.takes_any_positional:
        raise InterfaceError("call style data: main() has no parameter for a dict of its inputs")
    if found is None or [found] == signature.positional[:1]:
        return None
    if found not in signature.by_name:
        raise InterfaceError("call style data: the parameter %s cannot be given by its name" % found)
    return found


def _columns_as_arguments(tables, dataset_format):
    if not tables:
        return []
    if len(tables) > 1 or dataset_format != "row":
        raise InterfaceError(
            "call style arguments gives main() the columns of one row: that takes one table, and main.datasetFormat row"
        )
    return next(iter(tables.values()))


def _tables_by_name(tables, _):
    if not tables:
        raise InterfaceError("call style tables: input_info.json declares no tables")
    return tables


# What each style gives ``main()`` by name, besides the arguments.
_GIVEN_BY_NAME = {
    "none": lambda tables, _: tables,
    "tables": _tables_by_name,
    "arguments": _columns_as_arguments,
}
