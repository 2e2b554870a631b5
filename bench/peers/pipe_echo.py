"""Gives back every message that comes down a pipe: the least that a call to a Python process can cost.

Prints the numbers of the two ends that the other process opens below ``/proc``, then echoes until its standard input
is closed. A message is four bytes of length and so many bytes.
"""

import os
import sys
import threading


def main():
    read, their_write = os.pipe()
    their_read, write = os.pipe()
    print(their_write, their_read, flush=True)
    # Both ends of both pipes are open here, so that the other process can open its own: none of them ever says the end.
    threading.Thread(target=echo, args=(read, write), daemon=True).start()
    sys.stdin.read()


def echo(read, write):
    while True:
        head = os.read(read, 4)
        left = int.from_bytes(head, "little")
        body = b""
        while len(body) < left:
            body += os.read(read, left - len(body))
        os.write(write, head + body)


if __name__ == "__main__":
    main()
