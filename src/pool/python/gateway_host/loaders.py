"""The processes that import the artifact, each with a channel of its own to the supervisor."""

import os
import select
import selectors
import signal

from . import channel, kernel, process, reports, template


class Loaders:
    """Forks them, and hands their reports over until they end or become workers."""

    def __init__(self, control, setup, selector, on_report):
        self._control = control
        self._setup = setup
        self._selector = selector
        self._on_report = on_report  # called with (pid, report), may raise ValueError
        self._channels = {}  # by pid

    def pids(self):
        return set(self._channels)

    def fork(self, start):
        """A child that imports the artifact: for one start, or as the template of all. ``None``: there is none."""
        ours, theirs = channel.pair()
        try:
            pid = os.fork()
        except OSError:
            ours.close()
            theirs.close()
            return None
        if pid == 0:
            process.run_child(lambda: self._in_child(ours, theirs, start))
        theirs.close()
        self._channels[pid] = ours
        self._selector.register(ours.read_fd, selectors.EVENT_READ, lambda: self._read(pid))
        return pid

    def tell(self, pid, message):
        try:
            self._channels[pid].send_json(message)
        except OSError:
            # It has just ended, and its end says what becomes of its starts.
            pass

    def read_last_words(self, pid):
        """Hand over what a process that has ended said before."""
        while pid in self._channels and select.select([self._channels[pid].read_fd], [], [], 0)[0]:
            self._read(pid)

    def _read(self, pid):
        try:
            frames, is_open = self._channels[pid].read_available()
            for _, _, payload in frames:
                self._on_report(pid, reports.read(payload))
        except ValueError:
            # The artifact has written to a descriptor that is not its own: nothing of this process can be believed.
            kernel.kill_group(pid)
            is_open = False
        if not is_open:
            ended = self._channels.pop(pid)
            self._selector.unregister(ended.read_fd)
            ended.close()

    def _in_child(self, ours, theirs, start):
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        self._control.close()
        ours.close()
        for other in self._channels.values():
            other.close()
        if start is None:
            template.run(theirs, self._setup)
        else:
            process.load_and_serve(theirs, self._setup, start)
