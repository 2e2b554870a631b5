"""How ``main()`` is called: from the decoded inputs to its arguments, decided once when the artifact is loaded.

Inputs arrive as ``[tables, arguments, parameters]`` (``src/call/encode-inputs.ts``): for each table a list of rows, each
the list of its values in the order of the columns; the arguments that are there, by name; the runtime parameters.
"""

import inspect

from . import call_styles, datasets

# Calls at once of an ``async def main`` for which the deployer declares no number.
ASYNC_SLOTS = 64


def bind(main, interface):
    """The ``Call`` that runs ``main`` with the inputs of one call.

    Raises ``call_styles.InterfaceError`` when the signature of ``main`` does not fit ``interface``, which is the
    ``MainInterface`` of ``src/pool/host-messages.ts``.
    """
    options = interface["options"]
    plan = call_styles.plan(main, interface)
    run = _runner(main, interface, plan)
    if options["datetimeAs"] == "text":
        run = _with_texts(run)
    is_by_row = bool(interface["tables"]) and options["datasetFormat"] != "row"
    return Call(run, inspect.iscoroutinefunction(main), is_by_row)


class Call:
    """``main()`` as a function of the inputs."""

    def __init__(self, run, is_async, is_by_row):
        self.is_async = is_async
        # Whether one call can take the rows of several.
        self.is_by_row = is_by_row
        self._run = run

    def __call__(self, inputs):
        return self._run(inputs)

    def slots(self, declared):
        """How many calls may run at once, where the deployer has declared a number or nothing (``None``)."""
        if declared is not None:
            return declared
        return ASYNC_SLOTS if self.is_async else 1


def _runner(main, interface, plan):
    """The function that calls ``main`` as ``plan`` says."""
    options = interface["options"]
    tables = [
        (table["alias"], datasets.encoder(_columns_of(table), options["datasetFormat"], options["datetimeAs"]))
        for table in interface["tables"]
    ]
    call = _caller(main, interface["arguments"], tables, plan)
    complete = _completer(interface, plan)
    if complete is None:
        return call

    def run(inputs):
        complete(inputs[1], inputs[2])
        return call(inputs)

    return run


def _columns_of(table):
    return [(column["alias"], column["type"]) for column in table["columns"]]


def _caller(main, arguments, tables, plan):
    """The function that calls ``main`` with inputs whose second member is all that it is given by name."""
    data_name = plan.data_name

    def by_name(inputs):
        return main(**inputs[1])

    def columns_by_name(inputs):
        return main(**tables[0][1](inputs[0][0]), **inputs[1])

    def tables_by_name(inputs):
        data = {alias: encode(rows) for (alias, encode), rows in zip(tables, inputs[0])}
        return main(**data, **inputs[1])

    def tables_in_one(inputs):
        data = {alias: encode(rows) for (alias, encode), rows in zip(tables, inputs[0])}
        return main(data, **inputs[1]) if data_name is None else main(**{data_name: data}, **inputs[1])

    def arguments_in_one(inputs):
        # One that is absent is there as ``None``, like an absent value of a table.
        data = {name: inputs[1].pop(name, None) for name in arguments}
        return main(data, **inputs[1]) if data_name is None else main(**{data_name: data}, **inputs[1])

    if plan.style == "data":
        return tables_in_one if tables else arguments_in_one
    if plan.style == "tables":
        return tables_by_name
    return columns_by_name if tables else by_name


def _completer(interface, plan):
    """The function that adds to a call's keywords what was not sent by name.

    These are the runtime parameters, and ``None`` for what ``main()`` requires and nobody sent. ``None`` where there is
    nothing to add.
    """
    parameters_as = interface["options"]["parametersAs"]
    by_name = interface["parameters"] if parameters_as == "names" else ()
    in_one = plan.style == "data" and not interface["tables"]
    needed = [name for name in (*(() if in_one else interface["arguments"]), *by_name) if name in plan.required]
    params_name, as_pairs = plan.params_name, parameters_as == "pairs"

    def complete(keywords, parameters):
        if params_name is not None:
            keywords[params_name] = tuple((parameters or {}).items()) if as_pairs else parameters or {}
        elif by_name:
            keywords.update(parameters or {})
        for name in needed:
            keywords.setdefault(name, None)

    return complete if params_name is not None or by_name or needed else None


def _with_texts(run):
    """The same call with texts in place of moments; tables are seen to by their encoders."""

    def run_with_texts(inputs):
        tables, arguments, parameters = inputs
        return run([tables, datasets.as_text(arguments), datasets.as_text(parameters)])

    return run_with_texts
