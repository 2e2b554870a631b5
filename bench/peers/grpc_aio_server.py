"""The peer for gRPC: grpcio's asyncio server, one for each process, all on one port by SO_REUSEPORT."""

import asyncio
from concurrent import futures

from common import load_main, parse_arguments, read_interface, run_processes, say_ready
from grpc_messages import create_evaluate, create_service, load_messages


def main():
    arguments = parse_arguments()
    # Forked before grpcio is imported, as it demands.
    run_processes(arguments.processes, lambda parent_alive: asyncio.run(serve(arguments, parent_alive)))


async def serve(arguments, parent_alive):
    """One process, until the parent goes."""
    import grpc

    interface = read_interface(arguments.interface)
    request, response = load_messages(arguments.interface, interface)
    evaluate = create_evaluate(load_main(arguments.artifact), interface, response)
    server = grpc.aio.server(options=[("grpc.so_reuseport", 1)])
    handler = create_async(evaluate, arguments.concurrency)
    server.add_generic_rpc_handlers((create_service(grpc, interface, request, response, handler),))
    server.add_insecure_port(f"127.0.0.1:{arguments.port}")
    await server.start()
    say_ready()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_reader(parent_alive, stopped.set)
    await stopped.wait()
    await server.stop(None)


def create_async(evaluate, concurrency):
    """``evaluate`` in the event loop; in threads when it may wait, so that the loop does not."""
    if concurrency == 1:

        async def handle(request, context):
            return evaluate(request, context)

        return handle
    threads = futures.ThreadPoolExecutor(max_workers=concurrency)

    async def handle_in_thread(request, context):
        return await asyncio.get_running_loop().run_in_executor(threads, evaluate, request, context)

    return handle_in_thread


if __name__ == "__main__":
    main()
