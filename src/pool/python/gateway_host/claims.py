"""What a process has begun of the calls it was sent, in a page of memory that the gateway sees (``src/pool/claims.ts``).

Calls may be sent ahead. When the one in front takes long, the gateway takes back those behind it and gives them to other
processes, and none of them may run twice: the number of a call is written before it is looked at whether it was taken back.
"""

import mmap
import os
import struct

# Whole numbers as doubles: both sides have them, and 32 bits would be used up in days.
_NUMBER = struct.Struct("<d")
_BEGUN_AT = 0
_REVOKED_AT = 8
_BYTES = 16


def path(setup, start):
    """Where the page of a process is a file until the gateway has opened it."""
    return os.path.join(os.path.dirname(setup["callSocket"]), "claims-" + start["token"])


class Claims:
    def __init__(self, path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.ftruncate(descriptor, _BYTES)
        self._page = mmap.mmap(descriptor, _BYTES)
        os.close(descriptor)
        self._taken = 0

    def begin(self):
        """The next call is about to run. Returns whether it may: ``False`` when the gateway has taken it back."""
        self._taken += 1
        _NUMBER.pack_into(self._page, _BEGUN_AT, self._taken)
        return self._taken > _NUMBER.unpack_from(self._page, _REVOKED_AT)[0]


class NoClaims:
    """For a gateway that sends no call ahead."""

    def begin(self):
        return True
