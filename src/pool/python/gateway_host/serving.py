"""Answers calls: one after another, or several at once for an artifact that waits rather than computes."""

import inspect
import os
import pickle
import struct
import traceback

# By name: an artifact that replaces the functions of ``time`` must not make a call's time something else than a number.
from time import perf_counter

from . import batching, channel, failures, results

_SECONDS = struct.Struct(">d")


def serve(link, call, limit, slots, claims):
    """Answer the calls on ``link`` until it is closed. Every call gets exactly one frame back, whatever happens.

    ``limit``: bytes of the largest result. ``slots``: calls that run at once. ``claims``: what may be begun of the calls
    that were sent while another ran.
    """
    if call.is_async:
        from . import serving_tasks

        serving_tasks.serve(link, call, limit)
    elif slots > 1:
        from . import serving_threads

        serving_threads.serve(link, call, limit, slots)
    else:
        answer_frame = answerer(link.send, call, limit)
        frame = link.receive()
        while frame is not None:
            # The gateway counts calls, and what asks to stop one is no call.
            if frame[1] == channel.CANCEL or claims.begin():
                answer_frame(frame)
            else:
                link.send(frame[0], channel.REVOKED, b"")
            frame = link.receive()


def answerer(send, call, limit):
    """The function that answers the call or the calls of one frame through ``send(id, kind, payload)``."""
    batches = batching.Batches(call, limit)

    def answer_frame(frame):
        call_id, kind, payload = frame
        if kind == channel.BATCH:
            batches.answer(send, payload)
        elif kind == channel.CALL:
            send(call_id, *answer(call, payload, limit))

    return answer_frame


def answer(call, payload, limit, look=None):
    """Kind and payload of the frame that answers one call. ``look`` is shown what ``main()`` has returned."""
    began = perf_counter()
    try:
        result = run(call, pickle.loads(payload))
        if look is not None:
            look(result)
    except BaseException as error:
        return channel.ARTIFACT_ERROR, failures.encode(error, perf_counter() - began)
    return encode(result, perf_counter() - began, limit)


def encode(result, seconds, limit):
    """Kind and payload of the frame that carries what ``main()`` has returned after so many seconds."""
    try:
        return channel.RESULT, _SECONDS.pack(seconds) + results.encode(result, limit)
    except results.NotData as error:
        return channel.OUTPUT_INVALID, failures.encode(error, seconds)


def try_out(call, inputs, limit):
    """One call before the first: what it loads and compiles late is there then. Raises what the artifact raises."""
    results.encode(run(call, inputs), limit)


def run(call, inputs):
    """What ``main()`` returns in the end, be it a coroutine at first."""
    result = call(inputs)
    if not inspect.iscoroutine(result):
        return result
    import asyncio  # needed by few artifacts, and slow to import

    return asyncio.run(result)


def end_process():
    """Called while handling an exception: a process that cannot answer must not keep its calls waiting."""
    try:
        traceback.print_exc()
    finally:
        os._exit(1)
