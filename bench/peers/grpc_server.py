"""The peer for gRPC: grpcio's synchronous server, one for each process, all on one port by SO_REUSEPORT."""

import datetime
import decimal
import importlib
import multiprocessing
import os
import signal
import sys
from concurrent import futures

from common import load_main, parse_arguments, read_interface, say_ready

# main() holds the interpreter's lock: more threads only take turns. Of 1, 2, 4 and 10, two answered the most calls.
THREADS = 2

READERS = {
    "decimal": lambda message: decimal.Decimal(message.value),
    "date": lambda message: datetime.date(message.year, message.month, message.day),
    "datetime": lambda message: message.ToDatetime(),
}


def main():
    arguments = parse_arguments()
    parent_alive, held = os.pipe()
    # The children end when this end of the pipe is closed, by the signal or with this process, however it ends.
    signal.signal(signal.SIGTERM, lambda *_: os.close(held))

    def child():
        os.close(held)
        serve(arguments, parent_alive)

    # Forked before grpcio is imported, as it demands.
    children = [multiprocessing.get_context("fork").Process(target=child) for _ in range(arguments.processes)]
    for process in children:
        process.start()
    for process in children:
        process.join()


def serve(arguments, parent_alive):
    """One process, until the parent goes."""
    import grpc

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    interface = read_interface(arguments.interface)
    sys.path.insert(0, os.path.dirname(arguments.interface))
    messages = importlib.import_module(interface["protoModule"])
    request = getattr(messages, interface["requestMessage"])
    response = getattr(messages, interface["responseMessage"])
    handler = grpc.unary_unary_rpc_method_handler(
        create_handler(load_main(arguments.artifact), interface, response),
        request_deserializer=request.FromString,
        response_serializer=response.SerializeToString,
    )
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=THREADS), options=[("grpc.so_reuseport", 1)])
    methods = {interface["operation"]: handler}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(interface["protoService"], methods),))
    server.add_insecure_port(f"127.0.0.1:{arguments.port}")
    server.start()
    say_ready()
    os.read(parent_alive, 1)
    server.stop(None).wait()


def create_handler(main, interface, response):
    """The operation: from message to dataset dict, through ``main``, and from its dict to message."""
    tables = [
        (
            table["source"],
            table["protoName"],
            [(c["source"], c["protoName"], c["spelledType"], READERS.get(c["kind"])) for c in table["columns"]],
        )
        for table in interface["tables"]
    ]
    fields = [(field["source"], field["protoName"]) for field in interface["result"]]

    def evaluate(request, _context):
        data = {}
        for table, table_name, columns in tables:
            rows = getattr(request, table_name)
            data[table] = {
                column: {"type": spelled, "values": [read_value(row, name, reader) for row in rows]}
                for column, name, spelled, reader in columns
            }
        answer = main(data)
        return response(result={name: answer.get(source) for source, name in fields})

    return evaluate


def read_value(row, name, reader):
    if not row.HasField(name):
        return None
    value = getattr(row, name)
    return value if reader is None else reader(value)


if __name__ == "__main__":
    main()
