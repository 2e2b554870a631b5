"""The peer for gRPC in the Open Inference Protocol: MLServer, whose own process hands calls to its parallel workers.

Writes MLServer's two files of settings into a folder of its own and becomes ``mlserver start``.
"""

import json
import os
import sys
import tempfile

from common import parse_arguments


def main():
    arguments = parse_arguments()
    folder = tempfile.mkdtemp(prefix="models-", dir=os.path.dirname(arguments.interface))
    settings = {
        "host": "127.0.0.1",
        "grpc_port": arguments.port,
        "http_port": arguments.management_port,
        # Their server would want a third port.
        "metrics_endpoint": None,
        "parallel_workers": arguments.processes,
        "debug": False,
    }
    model = {
        "name": "artifact",
        "implementation": "mlserver_runtime.ArtifactRuntime",
        "parameters": {
            "extra": {
                "interface": arguments.interface,
                "artifact": arguments.artifact,
                "concurrency": arguments.concurrency,
            }
        },
    }
    for name, content in (("settings.json", settings), ("model-settings.json", model)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(content, file)
    environment = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.abspath(__file__))}
    program = os.path.join(os.path.dirname(sys.executable), "mlserver")
    os.execve(sys.executable, [sys.executable, "-B", program, "start", folder], environment)


if __name__ == "__main__":
    main()
