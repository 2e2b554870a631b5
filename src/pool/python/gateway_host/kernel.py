"""What is asked of the operating system about processes. Linux has all of it; elsewhere the rest does without."""

import os
import signal
import sys

IS_LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_FAREWELLS = (signal.SIGTERM, signal.SIGINT)


def die_with_parent():
    """Ask the kernel to end this process when the one that is its parent now ends, however that ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans():
    """Become the parent of descendants whose own parent ends (prctl(2), PR_SET_CHILD_SUBREAPER).

    Returns whether the kernel agreed.
    """
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option, value):
    if not IS_LINUX:
        return False
    try:
        import ctypes

        return ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0
    except (ImportError, OSError, AttributeError):
        return False


def ignore_farewells():
    """Go on when asked to leave: whoever signals all processes at once means the gateway, which drains.

    By a handler, which programs that the artifact starts do not inherit.
    """
    for number in _FAREWELLS:
        signal.signal(number, _stay)


def heed_farewells_in_forks():
    """What is forked from now on has the default again, so that an artifact can end its own children."""
    # Held back meanwhile: a signal to the child must not meet the handler that it is born with.
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _FAREWELLS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _FAREWELLS),
        after_in_child=_heed_farewells,
    )


def _heed_farewells():
    for number in _FAREWELLS:
        if signal.getsignal(number) is _stay:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _FAREWELLS)


def _stay(_number, _frame):
    pass


def kill_group(pid):
    """Kill a process and everything in the group it leads."""
    for target in (-pid, pid):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass


def bury_child():
    """``(pid, status)`` of a child that has ended, with everything in the group it led killed; ``(None, None)`` for none.

    The group is killed before the child is waited for: until then its id belongs to nobody else.
    """
    try:
        if hasattr(os, "waitid"):
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return None, None
            kill_group(ended.si_pid)
            return os.waitpid(ended.si_pid, 0)
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None, None
    if pid == 0:
        return None, None
    kill_group(pid)
    return pid, status


def kill_marked(mark):
    """Kill every other process that has ``mark`` among its arguments or in its environment (Linux)."""
    for name in os.listdir("/proc") if IS_LINUX else ():
        if name.isdigit() and int(name) != os.getpid() and _is_marked(name, mark.encode()):
            kill_group(int(name))


def _is_marked(name, mark):
    for listed in ("cmdline", "environ"):
        try:
            with open("/proc/%s/%s" % (name, listed), "rb") as file:
                if mark in file.read().split(b"\0"):
                    return True
        except OSError:
            pass
    return False


def children():
    """Process ids of this process's children, strays that it has adopted among them (Linux; elsewhere none)."""
    if not IS_LINUX:
        return []
    try:
        with open("/proc/self/task/%d/children" % os.getpid()) as listed:
            return [int(pid) for pid in listed.read().split()]
    except OSError:
        return _children_by_parent()


def _children_by_parent():
    """The same for kernels without the list."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as stat:
                    parent = int(stat.read().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            if parent == os.getpid():
                found.append(int(name))
    return found


def describe_status(status):
    """``("exit", code)`` or ``("signal", name)`` of a wait status."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        try:
            return "signal", signal.Signals(number).name
        except ValueError:
            return "signal", str(number)
    return "exit", os.WEXITSTATUS(status)
