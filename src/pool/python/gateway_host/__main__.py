"""Entry of the host process: hello, set-up, then one call after another until the gateway closes the call channel."""

import gc
import inspect
import json
import os
import pickle
import signal
import struct
import sys
import time
import traceback

from . import calling, channel, loading, results

_READ_FD = 3
_WRITE_FD = 4
_PR_SET_PDEATHSIG = 1
_SECONDS = struct.Struct(">d")
# Read by OpenMP, OpenBLAS, MKL, numexpr and Apple's Accelerate when they are loaded.
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def main():
    control = channel.Channel(_READ_FD, _WRITE_FD)
    # The gateway ends this process by closing the channel; a signal meant for a whole terminal is not for us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    version = "%d.%d.%d" % sys.version_info[:3]
    control.send(0, channel.HELLO, _json({"protocol": channel.PROTOCOL_VERSION, "python": version}))
    frame = control.receive()
    if frame is None:
        return
    setup = json.loads(frame[2])
    _die_with_parent(setup["parent"])
    for variable in _THREAD_VARIABLES:
        os.environ.setdefault(variable, str(setup["nativeThreads"]))
    try:
        call = calling.bind(loading.load_main(setup["root"]), setup["interface"])
    except BaseException as error:
        control.send(0, channel.LOAD_FAILED, _failure(error))
        return
    # What is loaded now stays: the collector need not walk it again at every collection.
    gc.collect()
    gc.freeze()
    link = channel.connect(setup["socket"], setup["token"])
    control.send(0, channel.READY, b"{}")
    _serve(link, call, setup["maxReplyBytes"])


def _serve(link, call, limit):
    while True:
        frame = link.receive()
        if frame is None:
            return
        call_id, _, payload = frame
        began = time.perf_counter()
        try:
            result = call(pickle.loads(payload))
            if inspect.iscoroutine(result):
                import asyncio  # needed by few artifacts, and slow to import

                result = asyncio.run(result)
        except BaseException as error:
            link.send(call_id, channel.ARTIFACT_ERROR, _failure(error, time.perf_counter() - began))
            continue
        seconds = time.perf_counter() - began
        try:
            encoded = results.encode(result, limit)
        except results.NotData as error:
            link.send(call_id, channel.OUTPUT_INVALID, _failure(error, seconds))
            continue
        link.send(call_id, channel.RESULT, _SECONDS.pack(seconds), encoded)


def _failure(error, seconds=None):
    """The exception as JSON for the log, bounded: a traceback of a deep recursion is thousands of lines."""
    lines = traceback.format_exception(type(error), error, error.__traceback__, limit=-40)
    report = {"message": type(error).__name__, "traceback": "".join(lines)[-16000:]}
    if isinstance(error, (results.NotData, calling.InterfaceError)):
        report["message"] = str(error)
    if seconds is not None:
        report["seconds"] = seconds
    return _json(report)


def _json(value):
    return json.dumps(value).encode("ascii")


def _die_with_parent(parent):
    """Ask the kernel to end this process with the gateway, however the gateway ends (Linux; elsewhere the closed
    channel does it as soon as ``main()`` returns)."""
    if sys.platform.startswith("linux"):
        try:
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        except (ImportError, OSError, AttributeError):
            pass
    if os.getppid() != parent:
        sys.exit(0)


if __name__ == "__main__":
    main()
