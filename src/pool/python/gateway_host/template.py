"""The process that imports the artifact once and is forked for every other: start-up in milliseconds, shared memory."""

import os

from . import forking, process


def run(report, setup):
    """Until the supervisor closes its end or is gone, or this process becomes a worker itself."""
    process.settle_in(setup["supervisor"], "template", setup)
    ours = forking.open_descriptors()
    randomness = forking.RandomState()
    call = process.load(report, setup)
    if call is None:
        return
    randomness.take()
    reason = None if setup["startMethod"] == "fork" else forking.reason_not_to(ours)
    report.send_json({"type": "loaded", "reason": reason})
    while True:
        order = report.receive_json()
        if order is None:
            return
        if order["type"] == "become":
            report.close()
            process.serve(call, setup, order)
            return
        _fork(report, call, setup, order, randomness)


def _fork(report, call, setup, start, randomness):
    """A process whose parent is the supervisor: a fork of a fork, adopted when the one between them ends.

    So it outlives the template, and the supervisor learns of its end from the kernel.
    """
    status = 0
    try:
        between = os.fork()
        if between != 0:
            status = os.waitpid(between, 0)[1]
    except ChildProcessError:
        # The artifact ignores the ends of children (SIGCHLD): there is nothing to wait for.
        pass
    except OSError:
        between, status = -1, 1
    if between != 0:
        if status != 0:
            report.send_json({"type": "unforked", "token": start["token"]})
        return

    def work():
        pid = os.fork()
        if pid != 0:
            report.send_json({"type": "forked", "token": start["token"], "pid": pid})
            os._exit(0)
        report.close()
        randomness.restore()
        process.settle_in(setup["supervisor"], start["token"], setup)
        process.serve(call, setup, start)

    process.run_child(work)
