"""Whether a process that has imported the artifact may be forked, and what a fork must not share.

A fork copies memory and descriptors but only one thread: a lock that another thread held stays locked, and two processes
that share a connection mix up its bytes. What is not certainly safe is not forked; each process then imports for itself.
"""

import os
import random
import stat
import sys

from . import kernel

_HARMLESS_FILES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def open_descriptors():
    """The descriptors that are open now, for ``reason_not_to``."""
    listed = [int(name) for name in os.listdir("/proc/self/fd")] if kernel.IS_LINUX else []
    # Not the one that the list was read from: the next file that anybody opens gets its number.
    return {descriptor for descriptor in listed if _is_open(descriptor)}


def reason_not_to(ours):
    """Why this process must not be forked, in words for the log, or ``None``. ``ours``: descriptors of the host itself."""
    if not kernel.IS_LINUX:
        return "processes are forked on Linux only"
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        return "the artifact has started %d threads" % (threads - 1)
    if kernel.children():
        return "the artifact has started a process"
    for descriptor in sorted(open_descriptors() - ours):
        kind = _kind_of(descriptor)
        if kind is not None:
            return "the artifact holds " + kind + " open"
    return None


def _is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _kind_of(descriptor):
    try:
        mode = os.fstat(descriptor).st_mode
        path = os.readlink("/proc/self/fd/%d" % descriptor)
    except OSError:
        return None
    if path in _HARMLESS_FILES:
        return None
    if stat.S_ISSOCK(mode):
        return "a connection"
    if stat.S_ISREG(mode):
        return "a file"
    return "a pipe or device"


class RandomState:
    """Keeps what the artifact did to the shared random generators at import, across a fork.

    Python gives ``random`` a new seed in every fork and numpy does not: an artifact that chose its seed would lose it to
    the one, and processes of an artifact that chose none would draw the same numbers with the other.
    """

    def __init__(self):
        self._is_chosen = False
        self._chosen = None
        self._originals = random.seed, random.setstate
        random.seed, random.setstate = self._seed, self._setstate

    def take(self):
        """The artifact is imported: keep the state of ``random`` if it has chosen one."""
        if (random.seed, random.setstate) == (self._seed, self._setstate):
            random.seed, random.setstate = self._originals
        self._chosen = random.getstate() if self._is_chosen else None

    def restore(self):
        """In the fork: the state that the artifact chose, or one of its own."""
        if self._chosen is not None:
            random.setstate(self._chosen)
        numpy = sys.modules.get("numpy.random")
        if numpy is not None and not _is_seeded(numpy):
            numpy.seed()

    def _seed(self, a=None, *more, **named):
        self._is_chosen = a is not None
        self._originals[0](a, *more, **named)

    def _setstate(self, state):
        self._is_chosen = True
        self._originals[1](state)


def _is_seeded(numpy):
    """Whether somebody chose the seed of numpy's global generator: it forgets the entropy it was born with then."""
    generator = getattr(getattr(numpy, "mtrand", None), "_rand", None)
    source = getattr(generator, "_bit_generator", None)
    if source is None:
        return True
    return getattr(source, "seed_seq", getattr(source, "_seed_seq", None)) is None
