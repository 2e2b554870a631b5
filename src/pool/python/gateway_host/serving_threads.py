"""Several calls at once on threads: whoever is free waits for the next call, so that no call changes threads."""

import sys
import threading

from . import serving

# A thread that computes lets the others wait this long for the interpreter; Python's own 5 ms would be felt by every call.
_SWITCH_SECONDS = 0.0005
# Enough for Python's own recursion limit. The default, of the size of a main thread's stack, counts against memory limits.
_STACK_BYTES = 2 << 20


def serve(link, call, limit, slots):
    """Answer calls on up to ``slots`` threads, started as they are needed, until ``link`` is closed."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    threading.stack_size(_STACK_BYTES)
    _Crew(link, call, limit, slots).work()


class _Crew:
    def __init__(self, link, call, limit, slots):
        self._link = link
        self._answer_frame = serving.answerer(self._send, call, limit)
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._counting = threading.Lock()
        self._unstarted = slots - 1
        self._idle = 0

    def work(self):
        """The life of every thread, the first one's too: it returns when the link is closed."""
        try:
            frame = self._next()
            while frame is not None:
                self._answer_frame(frame)
                frame = self._next()
        except BaseException:
            # A thread that ends alone would leave its call without an answer.
            serving.end_process()

    def _next(self):
        self._count(1)
        with self._reading:
            frame = self._link.receive()
            self._count(-1)
            if frame is not None:
                self._call_for_help()
        return frame

    def _count(self, change):
        with self._counting:
            self._idle += change

    def _call_for_help(self):
        """Nobody else waits for the next call: one more thread, if there may be one. Called by the one who reads."""
        if self._idle > 0 or self._unstarted == 0:
            return
        try:
            threading.Thread(target=self.work, daemon=True).start()
            self._unstarted -= 1
        except (RuntimeError, MemoryError):
            # The system allows no other thread now; the call that has come is run all the same.
            pass

    def _send(self, call_id, kind, payload):
        with self._writing:
            self._link.send(call_id, kind, payload)
