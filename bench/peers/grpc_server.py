"""The peer for gRPC: grpcio's synchronous server, one for each process, all on one port by SO_REUSEPORT."""

import os
from concurrent import futures

from common import load_main, parse_arguments, read_interface, run_processes, say_ready
from grpc_messages import create_evaluate, create_service, load_messages

# main() holds the interpreter's lock: more threads only take turns. Of 1, 2, 4 and 10, two answered the most calls.
THREADS = 2


def main():
    arguments = parse_arguments()
    # Forked before grpcio is imported, as it demands.
    run_processes(arguments.processes, lambda parent_alive: serve(arguments, parent_alive))


def serve(arguments, parent_alive):
    """One process, until the parent goes."""
    import grpc

    interface = read_interface(arguments.interface)
    request, response = load_messages(arguments.interface, interface)
    evaluate = create_evaluate(load_main(arguments.artifact), interface, response)
    threads = futures.ThreadPoolExecutor(max_workers=max(THREADS, arguments.concurrency))
    server = grpc.server(threads, options=[("grpc.so_reuseport", 1)])
    server.add_generic_rpc_handlers((create_service(grpc, interface, request, response, evaluate),))
    server.add_insecure_port(f"127.0.0.1:{arguments.port}")
    server.start()
    say_ready()
    os.read(parent_alive, 1)
    server.stop(None).wait()


if __name__ == "__main__":
    main()
