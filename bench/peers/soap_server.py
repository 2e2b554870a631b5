"""The peer for SOAP: a spyne application, served by granian.

Of granian and gunicorn (threads, with keep-alive), granian answered up to twice as many calls.
"""

from common import load_main, parse_arguments, read_interface, say_ready
from granian import Granian
from spyne import Application, Array, ComplexModel, ServiceBase, rpc
from spyne import Boolean, Date, DateTime, Decimal, Double, Integer64, Unicode
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

TYPES = {
    "string": Unicode,
    "boolean": Boolean,
    "double": Double,
    "integer": Integer64,
    "date": Date,
    "datetime": DateTime,
}


def field_type(field):
    """The spyne type of a column or result field, under the XML name that the gateway gives it."""
    name = field["xmlName"]
    if field["kind"] == "decimal":
        return Decimal(total_digits=field["totalDigits"], fraction_digits=field["fractionDigits"], sub_name=name)
    return TYPES[field["kind"]](sub_name=name)


def record_type(name, namespace, fields):
    """A spyne class with these fields, in this order."""
    members = [(field["source"], field_type(field)) for field in fields]
    return type(name, (ComplexModel,), {"__namespace__": namespace, "_type_info": members})


def create_application(main, interface):
    """The WSGI application: from objects to dataset dict, through ``main``, and from its dict to an object."""
    namespace = interface["namespace"]
    tables = interface["tables"]
    result_type = record_type(interface["resultType"], namespace, interface["result"])

    def evaluate(_context, *sent):
        data = {
            table["source"]: {
                column["source"]: {
                    "type": column["spelledType"],
                    "values": [getattr(row, column["source"]) for row in rows or ()],
                }
                for column in table["columns"]
            }
            for table, rows in zip(tables, sent)
        }
        return result_type(**main(data))

    row_types = [record_type(table["rowType"], namespace, table["columns"]) for table in tables]
    operation = rpc(
        *(Array(row_type, member_name="row") for row_type in row_types),
        _args=[table["xmlName"] for table in tables],
        _operation_name=interface["operation"],
        _out_variable_name="result",
        _returns=result_type,
    )
    service = type("Service", (ServiceBase,), {"evaluate": operation(evaluate)})
    protocols = {"in_protocol": Soap11(validator="lxml"), "out_protocol": Soap11()}
    return WsgiApplication(Application([service], namespace, **protocols))


def create():
    """What granian calls in each of its processes, which have the command line of the first."""
    arguments = parse_arguments()
    application = create_application(load_main(arguments.artifact), read_interface(arguments.interface))
    say_ready()
    return application


def main():
    arguments = parse_arguments()
    Granian(
        "soap_server:create",
        factory=True,
        interface="wsgi",
        address="127.0.0.1",
        port=arguments.port,
        workers=arguments.processes,
        # main() holds the interpreter's lock: more threads only take turns, and spyne got slower with them. One that
        # waits lets go of it.
        blocking_threads=arguments.concurrency,
        log_level="warning",
    ).serve()


if __name__ == "__main__":
    main()
