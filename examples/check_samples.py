"""Runs the example artifacts bare, without the gateway, and compares their answers with the expected ones.

    python examples/check_samples.py                         every sample of every example
    python examples/check_samples.py credit_decision         one example
    python examples/check_samples.py --write [EXAMPLE]       rewrite the expected answers
    python examples/check_samples.py --json ARTIFACT SAMPLE  the answer of main() to one sample, as canonical JSON

It needs the standard library and whatever the artifacts need (``default_risk``: scikit-learn). It is written apart
from the gateway on purpose: agreement between the two means something only if neither copied the other. To import it,
put this folder on sys.path.
"""

import argparse
import asyncio
import importlib.util
import json
import os
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sample_types import check_value, parse_type, read_value

EXAMPLES = Path(__file__).resolve().parent


def load_main(artifact):
    """The ``main`` of an artifact, imported as a package from its real folder, where its files are."""
    folder = Path(artifact).resolve() / "python_dict"
    name = f"python_dict_of_{folder.parent.parent.name}"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    # An artifact is read-only: its digest must be the same after a run, so no __pycache__ may appear in it.
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module.main


def build_call(input_info, sample):
    """Positional and keyword arguments of ``main`` for one sample, by the calling rules of the artifact.

    Raises ValueError with the path of what does not fit ``input_info``.
    """
    tables = input_info.get("tables", [])
    parameters = input_info.get("runtime_params", [])
    arguments = input_info.get("arguments", [])
    known = {field["alias"] for field in tables + arguments} | ({"parameters"} if parameters else set())
    unknown = sorted(set(sample) - known)
    if unknown:
        raise ValueError(f"{unknown[0]}: neither a table nor an argument of the artifact")
    data = {table["alias"]: _dataset(table, sample.get(table["alias"])) for table in tables}
    positional = (data,) if tables else ()
    keywords = {field["alias"]: _with_default(field, sample, "") for field in arguments}
    if parameters:
        keywords["runtime_params"] = _parameters(parameters, sample.get("parameters") or {})
    return positional, keywords


def _dataset(table, rows):
    """One table as ``{column: {"type", "values"}}``: every column is there, an absent value is None."""
    alias, columns = table["alias"], table["columns"]
    if not rows and not table.get("nullable", True):
        raise ValueError(f"{alias}: at least one row is needed")
    for index, row in enumerate(rows or []):
        unknown = sorted(set(row) - {column["alias"] for column in columns})
        if unknown:
            raise ValueError(f"{alias}[{index}].{unknown[0]}: not a column of the table")
    return {
        column["alias"]: {
            "type": column["type"],
            "values": [_field(column, row, f"{alias}[{index}].") for index, row in enumerate(rows or [])],
        }
        for column in columns
    }


def _parameters(fields, given):
    unknown = sorted(set(given) - {field["alias"] for field in fields})
    if unknown:
        raise ValueError(f"parameters.{unknown[0]}: not a runtime parameter of the artifact")
    values = {field["alias"]: _with_default(field, given, "parameters.") for field in fields}
    return {alias: value for alias, value in values.items() if value is not None}


def _with_default(field, record, prefix):
    if record.get(field["alias"]) is None and field.get("default") is not None:
        record = {field["alias"]: field["default"]}
    return _field(field, record, prefix)


def _field(field, record, prefix):
    path = prefix + field["alias"]
    value = record.get(field["alias"])
    if value is None:
        if not field.get("nullable", True):
            raise ValueError(f"{path}: a value is needed")
        return None
    return read_value(parse_type(field["type"]), value, path)


def run_sample(artifact, sample_file):
    """The answer of ``main`` to one sample, checked against ``output_type`` of metadata.json."""
    artifact = Path(artifact)
    positional, keywords = build_call(_read_json(artifact / "input_info.json"), _read_json(sample_file))
    main = load_main(artifact)
    with _neighbours(artifact.resolve().parent):
        answer = main(*positional, **keywords)
        if asyncio.iscoroutine(answer):
            answer = asyncio.run(answer)
    check_value(parse_type(_read_json(artifact / "metadata.json")["output_type"]), answer, "result")
    return answer


def to_json(answer, indent=None):
    """Canonical JSON: sorted keys, decimals and dates as text, floats as ``repr`` writes them."""
    return json.dumps(
        answer, default=_to_text, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=indent
    )


def _to_text(value):
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        whole, _, fraction = value.isoformat().partition(".")
        return whole + ("." + fraction.rstrip("0") if fraction else "")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _read_json(file):
    return json.loads(Path(file).read_text(encoding="utf-8"))


def _neighbours(example):
    """The local language model for an example that has one, unless the environment already names another."""
    server = example / "local_llm.py"
    return _local_llm(server) if server.exists() and "OPENAI_BASE_URL" not in os.environ else nullcontext()


@contextmanager
def _local_llm(server):
    command = [sys.executable, str(server), "--port", "0", "--api-key", "local-test-key"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    settings = {"OPENAI_API_KEY": "local-test-key"}
    before = {name: os.environ.get(name) for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL")}
    try:
        settings["OPENAI_BASE_URL"] = f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        os.environ.update(settings)
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        process.kill()
        process.wait()
        process.stdout.close()


def check_example(example, write):
    """Runs every sample of an example; True when each answer is the expected one."""
    passed = True
    for sample in sorted((example / "samples").glob("*.json")):
        # NAME.expected.json is an answer, NAME.grpc.json the same sample in the JSON of protobuf.
        if "." in sample.stem:
            continue
        expected = sample.with_name(sample.stem + ".expected.json")
        answer = to_json(run_sample(example / "artifact", sample), indent=2) + "\n"
        if write:
            expected.write_text(answer, encoding="utf-8")
        same = expected.exists() and expected.read_text(encoding="utf-8") == answer
        passed = passed and same
        print(f"{'ok  ' if same else 'FAIL'} {example.name}/{sample.stem}")
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("examples", nargs="*", help="names of examples; all of them when none is given")
    parser.add_argument("--write", action="store_true", help="rewrite the expected answers")
    parser.add_argument("--json", nargs=2, metavar=("ARTIFACT", "SAMPLE"), help="print one answer")
    options = parser.parse_args()
    if options.json:
        print(to_json(run_sample(*options.json)))
        return 0
    names = options.examples or sorted(folder.parent.name for folder in EXAMPLES.glob("*/artifact"))
    results = [check_example(EXAMPLES / name, options.write) for name in names]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
