"""What every peer needs: its command line, the interface of the artifact, and the function to call."""

import argparse
import importlib
import json
import sys


def parse_arguments():
    """The command line that the benchmark gives to every peer; ``bench/interface.ts`` writes the interface file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--interface", required=True, help="JSON file: inputs and result of the artifact")
    parser.add_argument("--artifact", required=True, help="folder that holds python_dict/")
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--processes", required=True, type=int)
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
    print("ready", flush=True)
