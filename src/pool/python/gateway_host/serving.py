"""Answers calls: one after another, or several at once for an artifact that waits rather than computes."""

import inspect
import pickle
import struct
import time

from . import batching, channel, failures, results

_SECONDS = struct.Struct(">d")


def serve(link, call, limit, slots):
    """Answer the calls on ``link`` until it is closed. Every call gets exactly one frame back, whatever happens.

    ``limit``: bytes of the largest result. ``slots``: calls that run at once.
    """
    if call.is_async:
        from . import serving_tasks

        serving_tasks.serve(link, call, limit)
    elif slots > 1:
        from . import serving_threads

        serving_threads.serve(link, call, limit, slots)
    else:
        _serve_in_turn(link, call, limit)


def _serve_in_turn(link, call, limit):
    while True:
        frame = link.receive()
        if frame is None:
            return
        call_id, kind, payload = frame
        if kind == channel.BATCH:
            batching.answer(link, call, payload, limit)
        elif kind == channel.CALL:
            link.send(call_id, *answer(call, payload, limit))


def answer(call, payload, limit):
    """Kind and payload of the frame that answers one call."""
    began = time.perf_counter()
    try:
        result = call(pickle.loads(payload))
        if inspect.iscoroutine(result):
            result = _run(result)
    except BaseException as error:
        return channel.ARTIFACT_ERROR, failures.encode(error, time.perf_counter() - began)
    return encode(result, time.perf_counter() - began, limit)


def encode(result, seconds, limit):
    """Kind and payload of the frame that carries what ``main()`` has returned after so many seconds."""
    try:
        return channel.RESULT, _SECONDS.pack(seconds) + results.encode(result, limit)
    except results.NotData as error:
        return channel.OUTPUT_INVALID, failures.encode(error, seconds)


def try_out(call, inputs, limit):
    """One call before the first: what it loads and compiles late is there then. Raises what the artifact raises."""
    result = call(inputs)
    results.encode(_run(result) if inspect.iscoroutine(result) else result, limit)


def _run(coroutine):
    import asyncio  # needed by few artifacts, and slow to import

    return asyncio.run(coroutine)
