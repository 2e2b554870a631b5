"""Several calls at once as tasks of one event loop, for ``async def main``."""

import asyncio
import pickle
from time import perf_counter

from . import batching, channel, failures, serving


def serve(link, call, limit):
    """Answer calls as they come until ``link`` is closed. A call can be cancelled while it waits for something."""
    asyncio.run(_serve(link, call, limit))


async def _serve(link, call, limit):
    loop = asyncio.get_running_loop()
    closed = loop.create_future()
    tasks = {}

    def start(call_id, payload):
        tasks[call_id] = loop.create_task(_answer(link, call, call_id, payload, limit))
        tasks[call_id].add_done_callback(lambda task: finish(call_id, task))

    def finish(call_id, task):
        del tasks[call_id]
        if task.cancelled():
            # Before its first step: nothing of it has run that could have answered.
            _send(link, call_id, channel.ARTIFACT_ERROR, failures.encode(asyncio.CancelledError(), 0))

    def on_readable():
        frames, is_open = link.read_available()
        for call_id, kind, payload in frames:
            if kind == channel.CALL:
                start(call_id, payload)
            elif kind == channel.BATCH:
                # Tasks run beside one another anyway.
                for one_id, one in batching.split(payload):
                    start(one_id, one)
            elif kind == channel.CANCEL and call_id in tasks:
                tasks[call_id].cancel()
        if not is_open and not closed.done():
            loop.remove_reader(link.read_fd)
            closed.set_result(None)

    loop.add_reader(link.read_fd, on_readable)
    await closed


async def _answer(link, call, call_id, payload, limit):
    began = perf_counter()
    try:
        reply = serving.encode(await call(pickle.loads(payload)), perf_counter() - began, limit)
    except BaseException as error:
        reply = channel.ARTIFACT_ERROR, failures.encode(error, perf_counter() - began)
    _send(link, call_id, *reply)


def _send(link, call_id, kind, payload):
    try:
        link.send(call_id, kind, payload)
    except BaseException:
        serving.end_process()
