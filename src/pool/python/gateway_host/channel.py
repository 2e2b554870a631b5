"""Frames to and from the gateway: ``[u32 payload length][u32 id][u8 kind][payload]``, little endian.

The other end is ``src/pool/frames.ts``; kinds and payloads are listed in ``src/pool/host-messages.ts``. There are two
kinds of channel: the control channel on descriptors 3 and 4 of the supervisor, whose frames are JSON, and the call
channel of each process over a Unix socket. The supervisor and its children speak JSON frames over socket pairs.
"""

import fcntl
import json
import os
import socket
import struct

PROTOCOL_VERSION = 5

# To the host.
COMMAND = 1
CALL = 2
CANCEL = 3
BATCH = 4

# From the host.
EVENT = 1
LINK = 2
RESULT = 3
ARTIFACT_ERROR = 4
OUTPUT_INVALID = 5
REVOKED = 6

HEADER = struct.Struct("<IIB")
_LOWEST_DESCRIPTOR = 200
_READ_BYTES = 1 << 16


class Channel:
    """One end of the protocol, on descriptors of its own."""

    def __init__(self, read_fd, write_fd, longest=1 << 20):
        # Moved out of the way of code that closes or writes to low descriptors, and not inherited by what it starts.
        self.read_fd = _move_up(read_fd)
        self._write_fd = _move_up(write_fd)
        self._unread = b""
        self._longest = longest

    def receive(self):
        """The next ``(id, kind, payload)``, or ``None`` when the other end has closed."""
        unread = self._unread
        if len(unread) < HEADER.size:
            unread = self._read_until(unread, HEADER.size)
            if unread is None:
                return None
        length, call_id, kind = HEADER.unpack_from(unread)
        end = HEADER.size + length
        if len(unread) < end:
            unread = self._read_until(unread, end)
            if unread is None:
                return None
        self._unread = unread[end:]
        return call_id, kind, unread[HEADER.size : end]

    def _read_until(self, unread, size):
        """``unread`` and what follows it, at least ``size`` bytes; ``None`` when the other end closes before."""
        pieces = [unread]
        missing = size - len(unread)
        while missing > 0:
            chunk = os.read(self.read_fd, max(_READ_BYTES, missing))
            if not chunk:
                return None
            pieces.append(chunk)
            missing -= len(chunk)
        return b"".join(pieces)

    def read_available(self):
        """What has arrived, when something has: ``(frames, is_open)``. Never waits for the rest of a frame.

        Raises ``ValueError`` for a frame longer than any message.
        """
        chunk = os.read(self.read_fd, _READ_BYTES)
        self._unread += chunk
        return self.take_frames(), bool(chunk)

    def take_frames(self):
        """The whole frames that have been read and not taken."""
        frames = []
        while len(self._unread) >= HEADER.size:
            length, call_id, kind = HEADER.unpack_from(self._unread)
            end = HEADER.size + length
            if length > self._longest:
                raise ValueError("a frame longer than any message")
            if len(self._unread) < end:
                break
            frames.append((call_id, kind, self._unread[HEADER.size : end]))
            self._unread = self._unread[end:]
        return frames

    def send(self, call_id, kind, payload):
        """Write one frame."""
        frame = HEADER.pack(len(payload), call_id, kind) + payload
        written = os.write(self._write_fd, frame)
        if written < len(frame):
            view = memoryview(frame)[written:]
            while view:
                view = view[os.write(self._write_fd, view) :]

    def receive_json(self):
        """The next message, or ``None`` when the other end has closed."""
        frame = self.receive()
        return None if frame is None else json.loads(frame[2])

    def send_json(self, message):
        """Write one message. A frame of a few kilobytes arrives whole, whoever else writes to the channel."""
        self.send(0, EVENT, json.dumps(message).encode("ascii"))

    def close(self):
        os.close(self.read_fd)
        if self._write_fd != self.read_fd:
            os.close(self._write_fd)


def pair():
    """Two ends of a channel between a process and the one that it is about to fork."""
    return tuple(Channel(os.dup(end.fileno()), end.detach()) for end in socket.socketpair())


def connect(path, longest, greeting):
    """A channel to the gateway's socket at ``path`` for frames of at most ``longest`` bytes.

    One connection for each direction: when this process ends with calls unread, the gateway's next write to it fails, and
    answers on the same connection would be lost with it. ``greeting``: what the gateway is told of the channel.
    """
    calls, answers = _connect(path), _connect(path)
    for connection, carries in ((calls, "calls"), (answers, "answers")):
        payload = json.dumps({**greeting, "carries": carries}).encode("ascii")
        connection.sendall(HEADER.pack(len(payload), 0, LINK) + payload)
    return Channel(calls.detach(), answers.detach(), longest)


def connect_output(path, descriptor, greeting):
    """Make ``descriptor`` a connection to the gateway's socket that begins with ``greeting``."""
    connection = _connect(path)
    connection.sendall(greeting)
    os.dup2(connection.fileno(), descriptor)
    connection.close()


def _connect(path):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    return connection


def _move_up(fd):
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _LOWEST_DESCRIPTOR)
    os.close(fd)
    return moved
