"""Starts the processes that run the artifact, sees them end, and never runs a line of the artifact itself.

One loop over three kinds of news: commands of the gateway, reports of processes that are loading, and ends of children.
It is the parent of every process, by birth or by adoption, so that nothing an artifact leaves behind escapes it.

Two ways to start a process. By fork: a template imports the artifact once and is forked for every process, which takes
milliseconds and shares its memory. By import: every process imports for itself, because forking this artifact is not safe
or not wanted; the template, which has loaded already, then becomes the first of them.
"""

import json
import os
import selectors
import signal
import socket

from . import kernel, loaders


class Supervisor:
    def __init__(self, control, setup):
        self._control = control
        self._forks = setup["startMethod"] != "import" and kernel.IS_LINUX
        self._waiting = []  # starts for which there is no process yet, oldest first
        self._starts_of = {}  # pid -> the start that the process answers for
        self._template = None  # pid of the template
        self._template_ready = False
        self._phase = None  # of the template while it loads
        self._forking = []  # starts that the template was asked to fork for
        self._early_ends = {}  # pid -> status of children that ended before their birth was reported
        self._strays_due = False
        self._doomed = set()  # strays that were killed and have not ended yet
        self._selector = selectors.DefaultSelector()
        setup = {**setup, "supervisor": os.getpid()}
        self._loaders = loaders.Loaders(control, setup, self._selector, self._on_report)

    def run(self):
        """Until the gateway closes its end or is gone; then everything is killed.

        The closed end alone tells: killed by the kernel with its parent, this process could not end what has left its
        group.
        """
        self._forks = kernel.adopt_orphans() and self._forks
        # Ended by the closed channel alone; a signal meant for a whole terminal is not for us.
        kernel.ignore_farewells()
        kernel.heed_farewells_in_forks()
        wake_up, woken = socket.socketpair()
        for end in (wake_up, woken):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._control.read_fd, selectors.EVENT_READ, self._on_command)
        self._selector.register(wake_up, selectors.EVENT_READ, lambda: self._on_ends(wake_up))
        try:
            # What came in one piece with the set-up.
            self._obey(self._control.take_frames())
            while self._turn():
                pass
        finally:
            self._end_all()

    def _turn(self):
        for key, _ in self._selector.select():
            # What an earlier piece of news has ended is not registered any more.
            if key.fd in self._selector.get_map() and key.data() is False:
                return False
        return True

    def _end_all(self):
        """Until there is no child left: each end can make the orphans of another session our children."""
        try:
            while True:
                for pid in kernel.children() if kernel.IS_LINUX else self._all():
                    kernel.kill_group(pid)
                pid, _ = os.waitpid(-1, 0)
                self._starts_of.pop(pid, None)
        except ChildProcessError:
            pass

    def _on_command(self):
        frames, is_open = self._control.read_available()
        self._obey(frames)
        return is_open

    def _obey(self, frames):
        for _, _, payload in frames:
            command = json.loads(payload)
            if command["type"] == "start":
                self._waiting.append(command)
                if self._phase is not None:
                    self._tell("phase", command, phase=self._phase)
                self._advance()
            elif command["type"] == "cancel":
                self._cancel(command["token"])

    def _advance(self):
        """Bring every waiting start as far as it can go now."""
        if not self._forks:
            while self._waiting:
                self._import_for(self._waiting.pop(0))
        elif self._template_ready:
            while self._waiting:
                start = self._waiting.pop(0)
                self._forking.append(start)
                self._loaders.tell(self._template, {**start, "type": "fork"})
        elif self._template is None and self._waiting:
            self._template = self._loaders.fork(None)
            if self._template is None:
                for start in self._waiting:
                    self._tell_spawn_failed(start)
                self._waiting = []

    def _import_for(self, start):
        pid = self._loaders.fork(start)
        if pid is None:
            self._tell_spawn_failed(start)
        else:
            self._born(start, pid)

    def _on_report(self, pid, report):
        kind = report.pop("type")
        if pid == self._template:
            starts = self._waiting
        elif pid in self._starts_of and kind in ("phase", "failed"):
            starts = [self._starts_of[pid]]
        else:
            raise ValueError("a report of a process that has nothing to report")
        if kind == "phase":
            if pid == self._template:
                self._phase = report["phase"]
            for start in starts:
                self._tell("phase", start, **report)
        elif kind == "failed":
            # It is about to end, if it is what it says.
            kernel.kill_group(pid)
            for start in starts:
                self._tell("failed", start, **report)
            if pid == self._template:
                self._waiting = []
                self._forget_template()
            else:
                del self._starts_of[pid]
        elif kind == "loaded":
            if self._template_ready:
                raise ValueError("a template loads once")
            self._on_template(pid, report["reason"])
        else:
            self._on_fork(report["token"], report.get("pid"))

    def _on_fork(self, token, pid):
        """The template has forked for a start, or could not."""
        start = next((start for start in self._forking if start["token"] == token), None)
        if start is None:
            raise ValueError("nobody asked for this process")
        self._forking.remove(start)
        if pid is None:
            self._tell_spawn_failed(start)
        else:
            self._born(start, pid)
        if not self._forking:
            self._early_ends.clear()
            if self._strays_due:
                self._kill_strays()

    def _on_template(self, pid, reason):
        """The template has loaded the artifact, and may be forked unless there is a reason not to."""
        self._phase = None
        self._forks = reason is None
        self._control.send_json({"type": "template", "forks": self._forks, "reason": reason})
        if self._forks:
            self._template_ready = True
        else:
            self._template = None
            if self._waiting:
                start = self._waiting.pop(0)
                self._born(start, pid)
                self._loaders.tell(pid, {**start, "type": "become"})
            else:
                kernel.kill_group(pid)
        self._advance()

    def _born(self, start, pid):
        self._starts_of[pid] = start
        self._tell("started", start, pid=pid)
        if pid in self._early_ends:
            self._on_end(pid, self._early_ends.pop(pid))

    def _cancel(self, token):
        """A start that took too long: end whatever was to answer it, and everybody else who waits for the same."""
        for pid, start in self._starts_of.items():
            if start["token"] == token:
                kernel.kill_group(pid)
                return
        if self._template is not None:
            for start in self._waiting + self._forking:
                self._tell("failed", start, reason="start_timeout", detail="", traceback="")
            self._waiting, self._forking = [], []
            kernel.kill_group(self._template)
            self._forget_template()

    def _forget_template(self):
        self._template, self._template_ready, self._phase = None, False, None

    def _on_ends(self, wake_up):
        try:
            wake_up.recv(4096)
        except BlockingIOError:
            pass
        while True:
            pid, status = kernel.bury_child()
            if pid is None:
                return True
            self._on_end(pid, status)

    def _on_end(self, pid, status):
        # What a process said before it ended goes before its end.
        self._loaders.read_last_words(pid)
        self._doomed.discard(pid)
        start = self._starts_of.pop(pid, None)
        how, what = kernel.describe_status(status)
        if start is not None:
            self._tell("ended", start, how=how, what=what)
        elif pid == self._template:
            self._on_template_end(how, what)
        elif self._forking:
            self._early_ends[pid] = status
        # What it had started is an orphan now.
        self._kill_strays()

    def _on_template_end(self, how, what):
        was_ready = self._template_ready
        self._forget_template()
        if was_ready:
            # Nobody has run anything yet in what it was asked to fork, and another template can. What it has forked
            # and not told goes, so that no start is answered twice.
            self._waiting, self._forking = self._forking + self._waiting, []
            self._early_ends.clear()
            self._kill_strays()
        else:
            said = "killed by " + what if how == "signal" else "ended with exit code %d" % what
            for start in self._waiting:
                detail = said + " while the artifact was being loaded"
                self._tell("failed", start, reason=how, detail=detail, traceback="")
            self._waiting = []
        self._advance()

    def _tell_spawn_failed(self, start):
        detail = "the system allows no other process"
        self._tell("failed", start, reason="spawn_failed", detail=detail, traceback="")

    def _tell(self, kind, start, **more):
        self._control.send_json({"type": kind, "token": start["token"], **more})

    def _all(self):
        return set(self._starts_of) | self._loaders.pids()

    def _kill_strays(self):
        """Kill what processes of the artifact have left behind: orphans that this process has adopted.

        Those of processes that still run are among them. A process that leaves a daemon behind loses it with the next
        process that ends: an artifact has no business with either.
        """
        # A process that the template has just forked is an orphan too until its birth is reported.
        self._strays_due = len(self._forking) > 0
        if self._strays_due:
            return
        for pid in kernel.children():
            if pid not in self._all() and pid not in self._doomed:
                self._doomed.add(pid)
                kernel.kill_group(pid)
