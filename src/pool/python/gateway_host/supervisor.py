"""Starts the processes that run the artifact, sees them end, and never runs a line of the artifact itself.

One loop over three kinds of news: commands of the gateway, reports of processes that are loading, and ends of children.
It is the parent of every process, by birth or by adoption, so that nothing an artifact leaves behind escapes it.

Two ways to start a process. By fork: a template imports the artifact once and is forked for every process, which takes
milliseconds and shares its memory. By import: every process imports for itself, because forking this artifact is not safe
or not wanted; the template, which has loaded already, then becomes the first of them.
"""

import json
import os
import select
import selectors
import signal
import socket

from . import channel, kernel, process, template


class Supervisor:
    def __init__(self, control, setup):
        self._control = control
        self._setup = {**setup, "supervisor": os.getpid()}
        self._forks = setup["startMethod"] != "import" and kernel.IS_LINUX
        self._waiting = []  # starts for which there is no process yet, oldest first
        self._starts_of = {}  # pid -> the start that the process answers for
        self._loading = {}  # pid -> channel of a process that is importing the artifact
        self._template = None  # pid of the template
        self._template_ready = False
        self._phase = None  # of the template while it loads
        self._forking = []  # starts that the template was asked to fork for
        self._early_ends = {}  # pid -> status of children that ended before their birth was reported
        self._strays_due = False
        self._doomed = set()  # strays that were killed and have not ended yet
        self._selector = selectors.DefaultSelector()

    def run(self):
        """Until the gateway closes its end or is gone; then everything is killed."""
        kernel.die_with_parent()
        self._forks = kernel.adopt_orphans() and self._forks
        # Ended by the closed channel alone; a signal meant for a whole terminal is not for us.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
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
            for pid in [*self._all(), *kernel.children()]:
                kernel.kill_group(pid)

    def _turn(self):
        for key, _ in self._selector.select():
            # What an earlier piece of news has ended is not registered any more.
            if key.fd in self._selector.get_map() and key.data() is False:
                return False
        return True

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
            report = self._loading[self._template]
            while self._waiting:
                start = self._waiting.pop(0)
                self._forking.append(start)
                _send(report, {"type": "fork", **start})
        elif self._template is None and self._waiting:
            self._template = self._fork_loader(None)

    def _import_for(self, start):
        self._born(start, self._fork_loader(start))

    def _fork_loader(self, start):
        """A child that imports the artifact: for one start, or as the template of all."""
        ours, theirs = channel.pair()
        pid = os.fork()
        if pid == 0:
            process.run_child(lambda: self._in_child(ours, theirs, start))
        theirs.close()
        self._loading[pid] = ours
        self._selector.register(ours.read_fd, selectors.EVENT_READ, lambda: self._on_report(pid))
        return pid

    def _in_child(self, ours, theirs, start):
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        self._control.close()
        ours.close()
        for report in self._loading.values():
            report.close()
        if start is None:
            template.run(theirs, self._setup)
        else:
            process.load_and_serve(theirs, self._setup, start)

    def _on_report(self, pid):
        report = self._loading[pid]
        try:
            frames, is_open = report.read_available()
            for _, _, payload in frames:
                self._on_message(pid, json.loads(payload))
        except (ValueError, KeyError, TypeError, StopIteration):
            # The artifact has written to a descriptor that is not its own: nothing of this process can be believed.
            kernel.kill_group(pid)
            is_open = False
        if not is_open:
            self._forget_report(pid)

    def _on_message(self, pid, message):
        kind = message["type"]
        starts = self._waiting if pid == self._template else [self._starts_of[pid]]
        if kind == "phase":
            if pid == self._template:
                self._phase = message["phase"]
            for start in starts:
                self._tell("phase", start, phase=message["phase"])
        elif kind == "failed":
            for start in starts:
                self._tell("failed", start, **message["why"])
            if pid == self._template:
                self._waiting = []
                self._forget_template()
            else:
                del self._starts_of[pid]
        elif kind == "loaded":
            self._on_template(pid, message["reason"])
        elif kind == "forked":
            start = next(start for start in self._forking if start["token"] == message["token"])
            self._forking.remove(start)
            self._born(start, message["pid"])
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
                _send(self._loading[pid], {"type": "become", **start})
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
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            self._on_end(pid, status)
        return True

    def _on_end(self, pid, status):
        # What a process said before it ended goes before its end.
        while pid in self._loading and _is_readable(self._loading[pid].read_fd):
            self._on_report(pid)
        start = self._starts_of.pop(pid, None)
        how, what = kernel.describe_status(status)
        if start is not None:
            kernel.kill_group(pid)
            self._tell("ended", start, how=how, what=what)
            self._kill_strays()
        elif pid == self._template:
            kernel.kill_group(pid)
            self._on_template_end(how, what)
        elif pid in self._doomed:
            # What it had started has become an orphan in its turn.
            self._doomed.remove(pid)
            self._kill_strays()
        elif self._forking:
            self._early_ends[pid] = status

    def _on_template_end(self, how, what):
        was_ready = self._template_ready
        self._forget_template()
        if was_ready:
            # Nobody has run anything yet in what it was asked to fork, and another template can.
            self._waiting, self._forking = self._forking + self._waiting, []
        else:
            said = "killed by " + what if how == "signal" else "ended with exit code %d" % what
            for start in self._waiting:
                detail = said + " while the artifact was being loaded"
                self._tell("failed", start, reason=how, detail=detail, traceback="")
            self._waiting = []
        self._advance()

    def _forget_report(self, pid):
        report = self._loading.pop(pid)
        self._selector.unregister(report.read_fd)
        report.close()

    def _tell(self, kind, start, **more):
        self._control.send_json({"type": kind, "token": start["token"], **more})

    def _all(self):
        return set(self._starts_of) | set(self._loading)

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


def _send(report, message):
    try:
        report.send_json(message)
    except OSError:
        # It has just ended, and its end says what becomes of its starts.
        pass


def _is_readable(descriptor):
    return bool(select.select([descriptor], [], [], 0)[0])
