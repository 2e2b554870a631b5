"""The gateway's own gRPC contract for the grpcio peers: its messages, as protoc makes them, and what is between them."""

import datetime
import decimal
import importlib
import os
import sys

READERS = {
    "decimal": lambda message: decimal.Decimal(message.value),
    "date": lambda message: datetime.date(message.year, message.month, message.day),
    "datetime": lambda message: message.ToDatetime(),
}


def load_messages(interface_file, interface):
    """Classes of the request and the response; protoc's modules lie beside the interface file."""
    sys.path.insert(0, os.path.dirname(interface_file))
    module = importlib.import_module(interface["protoModule"])
    return getattr(module, interface["requestMessage"]), getattr(module, interface["responseMessage"])


def create_evaluate(main, interface, response):
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


def create_service(grpc, interface, request, response, evaluate):
    """The handler of the service with its one operation, for either kind of server."""
    handler = grpc.unary_unary_rpc_method_handler(
        evaluate,
        request_deserializer=request.FromString,
        response_serializer=response.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(interface["protoService"], {interface["operation"]: handler})
