"""Frames to and from the gateway: ``[u32 payload length][u32 id][u8 kind][payload]``, little endian.

The other end is ``src/pool/frames.ts``; kinds and payloads are listed in ``src/pool/host-messages.ts``. There are two
channels: the control channel on descriptors 3 and 4, and the call channel over a Unix socket.
"""

import fcntl
import os
import socket
import struct

PROTOCOL_VERSION = 2

SETUP = 1
CALL = 2

HELLO = 1
READY = 2
LOAD_FAILED = 3
RESULT = 4
ARTIFACT_ERROR = 5
OUTPUT_INVALID = 6
LINK = 7

_HEADER = struct.Struct("<IIB")
_LOWEST_DESCRIPTOR = 200


class Channel:
    """One end of the protocol, on descriptors of its own."""

    def __init__(self, read_fd, write_fd):
        # Moved out of the way of code that closes or writes to low descriptors, and not inherited by what it starts.
        self._reader = os.fdopen(_move_up(read_fd), "rb", buffering=1 << 16)
        self._write_fd = _move_up(write_fd)

    def receive(self):
        """The next ``(id, kind, payload)``, or ``None`` when the gateway has closed its end."""
        header = self._reader.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return None
        length, call_id, kind = _HEADER.unpack(header)
        payload = self._reader.read(length)
        if len(payload) < length:
            return None
        return call_id, kind, payload

    def send(self, call_id, kind, *parts):
        """Write one frame whose payload is the parts, joined."""
        payload = b"".join(parts)
        view = memoryview(_HEADER.pack(len(payload), call_id, kind) + payload)
        while view:
            view = view[os.write(self._write_fd, view) :]


def connect(path, token):
    """The call channel: a connection to the gateway's socket that has said which process it belongs to."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    link = Channel(os.dup(connection.fileno()), connection.detach())
    link.send(0, LINK, token.encode("ascii"))
    return link


def _move_up(fd):
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _LOWEST_DESCRIPTOR)
    os.close(fd)
    return moved
