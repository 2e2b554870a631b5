"""What is asked of the operating system about processes. Linux has all of it; elsewhere the rest does without."""

import os
import signal
import sys

IS_LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


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


def kill_group(pid):
    """Kill a process and everything in the group it leads."""
    for target in (-pid, pid):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass


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
