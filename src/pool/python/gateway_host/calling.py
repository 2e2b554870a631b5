"""How ``main()`` is called: from the decoded inputs to its arguments, decided once when the artifact is loaded.

Inputs arrive as ``[tables, arguments, parameters]`` (``src/call/encode-inputs.ts``): for each table a list of rows, each
the list of its values in the order of the columns; the arguments that are there, by name; the runtime parameters.
"""

import inspect

_PARAMETER_NAMES = ("runtime_params", "runtime_parameters", "params")
# Calls at once of an ``async def main`` for which the deployer declares no number.
ASYNC_SLOTS = 64
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class InterfaceError(Exception):
    """``main()`` cannot be called with what ``input_info.json`` declares."""


def bind(main, interface):
    """The ``Call`` that runs ``main`` with the inputs of one call.

    Raises ``InterfaceError`` when the signature of ``main`` does not fit ``interface``
    (keys ``tables``, ``arguments``, ``parameters``; see ``src/pool/host-messages.ts``).
    """
    parameters = _signature_of(main)
    named = {p.name: p for p in parameters if p.kind not in _VARIADIC}
    open_ended = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)
    tables = [(t["alias"], [(c["alias"], c["type"]) for c in t["columns"]]) for t in interface["tables"]]
    arguments = interface["arguments"]

    params_name = next((name for name in _PARAMETER_NAMES if name in named), None)
    if interface["parameters"] and params_name is None:
        raise InterfaceError("input_info.json declares runtime parameters, but main() has no parameter runtime_params")
    missing = [name for name in arguments if name not in named and not open_ended]
    if missing:
        raise InterfaceError("main() has no parameter for the arguments " + ", ".join(missing))

    by_table = bool(tables) and all(alias in named for alias, _ in tables)
    positional = [
        p.name
        for p in parameters
        if p.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        and p.name not in arguments
        and p.name != params_name
    ]
    if tables and not by_table and not positional:
        raise InterfaceError("input_info.json declares tables, but main() takes no positional argument for them")
    filled = set(arguments) | ({alias for alias, _ in tables} if by_table else set(positional[:1] if tables else ()))
    needed = [
        name
        for name, p in named.items()
        if p.default is inspect.Parameter.empty and name not in filled and name != params_name
    ]
    if needed:
        raise InterfaceError("main() requires " + ", ".join(needed) + ", which input_info.json does not declare")
    required_arguments = [
        name for name in arguments if name in named and named[name].default is inspect.Parameter.empty
    ]

    def run(inputs):
        rows_of_tables, keywords, parameters = inputs
        for name in required_arguments:
            keywords.setdefault(name, None)
        if params_name is not None:
            keywords[params_name] = parameters or {}
        if not tables:
            return main(**keywords)
        data = {
            alias: _column_type_values(columns, rows) for (alias, columns), rows in zip(tables, rows_of_tables)
        }
        return main(**data, **keywords) if by_table else main(data, **keywords)

    return Call(run, inspect.iscoroutinefunction(main))


class Call:
    """``main()`` as a function of the inputs."""

    def __init__(self, run, is_async):
        self.is_async = is_async
        self._run = run

    def __call__(self, inputs):
        return self._run(inputs)

    def slots(self, declared):
        """How many calls may run at once, where the deployer has declared a number or nothing (``None``)."""
        if declared is not None:
            return declared
        return ASYNC_SLOTS if self.is_async else 1


def _column_type_values(columns, rows):
    """The dataset dict of one table: ``{column: {"type": ..., "values": [...]}}``, ``None`` for what is absent."""
    values = zip(*rows) if rows else ((),) * len(columns)
    return {alias: {"type": spelled, "values": list(column)} for (alias, spelled), column in zip(columns, values)}


def _signature_of(main):
    try:
        return list(inspect.signature(main).parameters.values())
    except (TypeError, ValueError) as error:
        raise InterfaceError("the signature of main() cannot be read") from error
