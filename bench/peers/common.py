"""What every peer needs: its command line, the interface of the artifact, and the function to call."""

import argparse
import datetime
import decimal
import importlib
import json
import multiprocessing
import os
import signal
import sys


def parse_arguments():
    """The command line that the benchmark gives to every peer; ``bench/interface.ts`` writes the interface file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--interface", required=True, help="JSON file: inputs and result of the artifact")
    parser.add_argument("--artifact", required=True, help="folder that holds python_dict/")
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--management-port", required=True, type=int, help="for a peer that cannot do with one port")
    parser.add_argument("--processes", required=True, type=int)
    parser.add_argument("--concurrency", required=True, type=int, help="calls that main() takes at a time, in a process")
    return parser.parse_args()


def read_interface(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def load_main(artifact):
    """``main`` of the artifact: the very function that the gateway runs."""
    sys.path.insert(0, artifact)
    return importlib.import_module("python_dict").main


def say_ready():
    """Tell the benchmark that one process can answer: it waits for one such line of each."""
    # In one piece: lines of several processes must not run into one another.
    os.write(1, b"ready\n")


def run_processes(count, serve):
    """Run ``serve(parent_alive)`` in ``count`` forked processes until the signal to stop.

    ``parent_alive`` is the end of a pipe that is closed by the signal or with this process, however it ends.
    """
    parent_alive, held = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.close(held))

    def child():
        os.close(held)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        serve(parent_alive)

    children = [multiprocessing.get_context("fork").Process(target=child) for _ in range(count)]
    for process in children:
        process.start()
    for process in children:
        process.join()


# From text, as JSON and tensors carry them, to what main() gets; other kinds come as they are.
FROM_TEXT = {
    "decimal": decimal.Decimal,
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
}


def read_text(kind, values, readers=FROM_TEXT):
    """The values of one column; ``None`` stays ``None``."""
    read = readers.get(kind)
    if read is None:
        return values
    return [None if value is None else read(value) for value in values]


def dataset_from_json(interface, body, readers=FROM_TEXT):
    """The dataset dict of a decoded JSON object: tables by name, each a list of rows; ``readers`` of texts by kind."""
    return {
        table["source"]: {
            column["source"]: {
                "type": column["spelledType"],
                "values": read_text(
                    column["kind"], [row.get(column["source"]) for row in body[table["source"]]], readers
                ),
            }
            for column in table["columns"]
        }
        for table in interface["tables"]
    }
