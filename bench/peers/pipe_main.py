"""``main()`` behind a pipe, for a peer that is no Python program: a call in each line of standard input.

A line is JSON, ``[id, tables]``, and is answered by the line ``[id, answer]``.
"""

import os
import sys
import threading
from concurrent import futures

import orjson
from common import FROM_TEXT, dataset_from_json, load_main, parse_arguments, read_interface

# JSON as JavaScript writes it has no integers of 64 bits.
READERS = {**FROM_TEXT, "integer": int}


def main():
    arguments = parse_arguments()
    interface = read_interface(arguments.interface)
    # What the artifact prints must not look like an answer.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    evaluate = load_main(arguments.artifact)
    lock = threading.Lock()

    def answer(line):
        call, tables = orjson.loads(line)
        text = orjson.dumps([call, evaluate(dataset_from_json(interface, tables, READERS))]) + b"\n"
        with lock:
            out.write(text)

    out.write(b"ready\n")
    if arguments.concurrency == 1:
        for line in sys.stdin.buffer:
            answer(line)
    else:
        with futures.ThreadPoolExecutor(max_workers=arguments.concurrency) as threads:
            for line in sys.stdin.buffer:
                threads.submit(answer, line)


if __name__ == "__main__":
    main()
