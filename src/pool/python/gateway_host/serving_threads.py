"""Several calls at once on threads: whoever is free waits for the next call, so that no call changes threads."""

import sys
import threading

from . import channel, serving

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
        self._call = call
        self._limit = limit
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._unstarted = slots - 1
        self._idle = 0

    def work(self):
        """The life of every thread, the first one's too: it returns when the link is closed."""
        while True:
            self._idle += 1
            with self._reading:
                self._idle -= 1
                frame = self._link.receive()
                if frame is not None:
                    self._call_for_help()
            if frame is None:
                return
            call_id, kind, payload = frame
            if kind == channel.CALL:
                reply = serving.answer(self._call, payload, self._limit)
                with self._writing:
                    self._link.send(call_id, *reply)

    def _call_for_help(self):
        """Nobody else waits for the next call: one more thread, if there may be one. Called by the one who reads."""
        if self._idle == 0 and self._unstarted > 0:
            self._unstarted -= 1
            threading.Thread(target=self.work, daemon=True).start()
