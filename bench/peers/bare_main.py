"""``main()`` by itself: what it answers to the workload's input, and how long it takes without any server."""

import argparse
import json
import time

from common import dataset_from_json, load_main, read_interface


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--interface", required=True)
    parser.add_argument("--artifact", required=True)
    parser.add_argument("--input", required=True, help="sample file: tables by name, each a list of rows")
    parser.add_argument("--seconds", type=float, default=0, help="how long to go on calling; 0 calls once")
    arguments = parser.parse_args()
    with open(arguments.input, encoding="utf-8") as file:
        data = dataset_from_json(read_interface(arguments.interface), json.load(file))
    evaluate = load_main(arguments.artifact)
    answer = evaluate(data)
    nanoseconds = []
    until = time.perf_counter() + arguments.seconds
    while time.perf_counter() < until:
        began = time.perf_counter_ns()
        evaluate(data)
        nanoseconds.append(time.perf_counter_ns() - began)
    # The peers answer scalars; what else an artifact for the gateway alone answers is not compared.
    print(json.dumps({"answer": answer, "nanoseconds": nanoseconds}, default=str))


if __name__ == "__main__":
    main()
