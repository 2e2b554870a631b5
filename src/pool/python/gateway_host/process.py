"""The life of one process that runs the artifact: born by a fork, loaded, linked to the gateway, serving, gone."""

import atexit
import base64
import gc
import os
import pickle
import sys
import time
import traceback

from . import calling, channel, claims, failures, kernel, loading, serving

_ADOPTION_SECONDS = 5


def run_child(work):
    """Run ``work`` as all that this forked process does. Never returns into the frames of its parent."""
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def settle_in(parent, label, setup):
    """What every process does first: a session of its own, an end with its parent, output of its own.

    ``label`` is what the gateway knows it by.
    """
    os.setsid()
    # A fork of a fork is adopted as soon as its parent has ended; never, when the supervisor has gone meanwhile.
    latest = time.monotonic() + _ADOPTION_SECONDS
    while os.getppid() != parent:
        if time.monotonic() > latest:
            os._exit(1)
        time.sleep(0)
    kernel.die_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    kernel.ignore_farewells()
    for descriptor, stream in ((1, "stdout"), (2, "stderr")):
        channel.connect_output(setup["outputSocket"], descriptor, ("%s %s\n" % (label, stream)).encode("ascii"))


def load(report, setup):
    """Import the artifact, bind its ``main()`` and try it with the sample. Returns ``None`` when that has failed.

    The supervisor is told each step, and why it failed.
    """
    reason = "load_failed"
    try:
        report.send_json({"type": "phase", "phase": "importing"})
        loading.prepare(setup["root"])
        interface = setup["interface"]
        main = loading.load_main(setup["root"], interface.get("module", loading.ARTIFACT))
        call = calling.bind(main, interface)
        if setup["sample"] is not None:
            report.send_json({"type": "phase", "phase": "warming"})
            reason = "warm_up_failed"
            serving.try_out(call, pickle.loads(base64.b64decode(setup["sample"])), setup["maxReplyBytes"])
    except BaseException as error:
        failure = failures.describe(error)
        detail, lines = failure["message"], failure["traceback"]
        report.send_json({"type": "failed", "reason": reason, "detail": detail, "traceback": lines})
        return None
    # What is loaded now stays: the collector need not walk it at every collection, nor touch pages that forks share.
    gc.collect()
    gc.freeze()
    return call


def load_and_serve(report, setup, start):
    """The whole life of a process that imports for itself."""
    settle_in(setup["supervisor"], start["token"], setup)
    call = load(report, setup)
    report.close()
    if call is not None:
        serve(call, setup, start)


def serve(call, setup, start):
    """Answer calls until the gateway closes the call channel."""
    _limit(setup, start)
    slots = call.slots(setup["concurrency"])
    in_turn = slots == 1 and not call.is_async
    claimed = claims.Claims(claims.path(setup, start)) if setup["sendsAhead"] and in_turn else claims.NoClaims()
    greeting = {"token": start["token"], "slots": slots}
    link = channel.connect(setup["callSocket"], setup["maxRequestBytes"], greeting)
    serving.serve(link, call, setup["maxReplyBytes"], slots, claimed)
    # An artifact may have asked to be told of the end.
    sys.stdout.flush()
    atexit._run_exitfuncs()


def _limit(setup, start):
    """Memory and processor of this process, as far as the deployer has limited them."""
    if setup["memoryLimitMb"] is not None:
        import resource

        limit = setup["memoryLimitMb"] * 1024 * 1024
        # Not the address space: numerical libraries reserve far more of that than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    if setup["pinToCpu"] and hasattr(os, "sched_setaffinity"):
        cpus = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cpus[start["index"] % len(cpus)]})
