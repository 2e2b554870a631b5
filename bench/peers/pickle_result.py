"""A value as the gateway's host in Python answers it. Arguments: the folder of the host. Pickle in, pickle out."""

import pickle
import sys

MOST_BYTES = 1 << 30


def main():
    sys.path.insert(0, sys.argv[1])
    from gateway_host import results

    sys.stdout.buffer.write(results.encode(pickle.load(sys.stdin.buffer), MOST_BYTES))


if __name__ == "__main__":
    main()
