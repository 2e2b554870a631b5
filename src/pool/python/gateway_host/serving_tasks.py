"""Several calls at once as tasks of one event loop, for ``async def main``."""

import asyncio
import pickle
import time

from . import channel, failures, serving


def serve(link, call, limit):
    """Answer calls as they come until ``link`` is closed. A call can be cancelled while it waits for something."""
    asyncio.run(_serve(link, call, limit))


async def _serve(link, call, limit):
    loop = asyncio.get_running_loop()
    closed = loop.create_future()
    tasks = {}

    def on_readable():
        frames, is_open = link.read_available()
        for call_id, kind, payload in frames:
            if kind == channel.CALL:
                task = loop.create_task(_answer(link, call, call_id, payload, limit))
                tasks[call_id] = task
                task.add_done_callback(lambda _, done=call_id: tasks.pop(done, None))
            elif kind == channel.CANCEL and call_id in tasks:
                tasks[call_id].cancel()
        if not is_open and not closed.done():
            loop.remove_reader(link.read_fd)
            closed.set_result(None)

    loop.add_reader(link.read_fd, on_readable)
    await closed


async def _answer(link, call, call_id, payload, limit):
    began = time.perf_counter()
    try:
        result = await call(pickle.loads(payload))
    except BaseException as error:
        link.send(call_id, channel.ARTIFACT_ERROR, failures.encode(error, time.perf_counter() - began))
        return
    link.send(call_id, *serving.encode(result, time.perf_counter() - began, limit))
