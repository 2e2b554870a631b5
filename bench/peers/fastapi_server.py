"""The peer for JSON: FastAPI with orjson, served by uvicorn with uvloop and httptools, without models of pydantic."""

import asyncio
from concurrent import futures
from contextlib import asynccontextmanager

import orjson
import uvicorn
from common import dataset_from_json, load_main, parse_arguments, read_interface, say_ready
from fastapi import FastAPI, Request, Response


def create():
    """What uvicorn calls in each of its processes, which have the command line of the first."""
    arguments = parse_arguments()
    interface = read_interface(arguments.interface)
    main = load_main(arguments.artifact)
    threads = futures.ThreadPoolExecutor(max_workers=arguments.concurrency)

    @asynccontextmanager
    async def lifespan(_application):
        say_ready()
        yield

    application = FastAPI(lifespan=lifespan)

    @application.post("/evaluate")
    async def evaluate(request: Request):
        data = dataset_from_json(interface, orjson.loads(await request.body()))
        if arguments.concurrency == 1:
            answer = main(data)
        else:
            answer = await asyncio.get_running_loop().run_in_executor(threads, main, data)
        return Response(orjson.dumps(answer), media_type="application/json")

    return application


def main():
    arguments = parse_arguments()
    uvicorn.run(
        "fastapi_server:create",
        factory=True,
        host="127.0.0.1",
        port=arguments.port,
        workers=arguments.processes,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
