"""The peer for JSON: BentoML, its service in several processes."""

import os
import sys

from common import parse_arguments


def main():
    arguments = parse_arguments()
    here = os.path.dirname(os.path.abspath(__file__))
    environment = {
        **os.environ,
        "PYTHONPATH": here,
        "BENCH_INTERFACE": arguments.interface,
        "BENCH_ARTIFACT": arguments.artifact,
        "BENCH_PROCESSES": str(arguments.processes),
        "BENCH_CONCURRENCY": str(arguments.concurrency),
        "BENTOML_HOME": os.path.join(os.path.dirname(arguments.interface), "bentoml"),
        "BENTOML_DO_NOT_TRACK": "True",
    }
    program = os.path.join(os.path.dirname(sys.executable), "bentoml")
    serve = ["serve", "bentoml_service:Artifact", "--host", "127.0.0.1", "--port", str(arguments.port)]
    os.execve(sys.executable, [sys.executable, "-B", program, *serve, "--working-dir", here], environment)


if __name__ == "__main__":
    main()
