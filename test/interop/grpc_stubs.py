"""Calls a service through the modules that grpcio-tools generated: ``grpc_stubs.py FOLDER PACKAGE SERVICE TARGET``.

Reads one request in ProtoJSON per line and prints one line of ProtoJSON for each answer. ``grpc_stubs.py FOLDER --import
MODULE...`` imports modules instead, with every warning an error.
"""

import importlib
import json
import sys
import warnings

import grpc
from google.protobuf import json_format

TIMEOUT_SECONDS = 60


def main(package, service, target):
    alias = package.split(".")[0]
    messages = importlib.import_module(f"{package}.{alias}_pb2")
    stubs = importlib.import_module(f"{package}.{alias}_pb2_grpc")
    with grpc.insecure_channel(target) as channel:
        stub = getattr(stubs, f"{service}Stub")(channel)
        for line in sys.stdin:
            request = json_format.Parse(line, messages.EvaluateRequest())
            answer = stub.Evaluate(request, timeout=TIMEOUT_SECONDS)
            print(json.dumps(json_format.MessageToDict(answer)), flush=True)


def import_all(modules):
    warnings.simplefilter("error")
    for name in modules:
        importlib.import_module(name)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    if sys.argv[2] == "--import":
        import_all(sys.argv[3:])
    else:
        main(*sys.argv[2:])
