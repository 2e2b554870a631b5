"""Makes the calls that it reads, a line of JSON each, and prints what grpcio hands out of them: ``grpc_client.py STUBS``.

STUBS is the folder of the generated modules. The lines are those of test/interop/grpc/client-program.ts.
"""

import collections
import importlib
import json
import sys
import threading

import grpc
from google.protobuf import descriptor_pool, empty_pb2, json_format
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2  # noqa: F401  the details of errors are printed by their types
from grpc_status import rpc_status
from grpc_values import fill, read

SERVICES = ("anything", "every_value", "single_row", "trouble")
# Answered calls of a load between two lines about it.
PROGRESS = 50

_printing = threading.Lock()


def report(**line):
    with _printing:
        print(json.dumps(line), flush=True)


class Channels:
    """Channels by what they are asked for."""

    def __init__(self):
        self._opened = {}

    def open(self, options):
        key = json.dumps(options, sort_keys=True)
        if key not in self._opened:
            self._opened[key] = _open(options)
        return self._opened[key]


def _open(options):
    settings = []
    if "keepaliveMs" in options:
        settings.append(("grpc.keepalive_time_ms", options["keepaliveMs"]))
        # By itself it stops after two.
        settings.append(("grpc.http2.max_pings_without_data", 0))
    # Otherwise channels to one address share their connections.
    settings.append(("grpc.use_local_subchannel_pool", 1))
    if "ca" not in options:
        return grpc.insecure_channel(options["target"], settings)
    if "authority" in options:
        settings.append(("grpc.ssl_target_name_override", options["authority"]))
    identity = [_bytes_of(options[name]) for name in ("key", "certificate") if name in options]
    return grpc.secure_channel(
        options["target"], grpc.ssl_channel_credentials(_bytes_of(options["ca"]), *identity), settings
    )


def _bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


class Method:
    """A method of the generated stubs. One that the contract does not have takes and gives empty messages."""

    def __init__(self, channel, path):
        service, name = path.split("/")
        package, stub = service.rsplit(".", 1)
        found = descriptor_pool.Default().FindServiceByName(service).methods_by_name.get(name)
        if found is None:
            self.request_class = empty_pb2.Empty
            self.call = channel.unary_unary(
                f"/{path}", empty_pb2.Empty.SerializeToString, empty_pb2.Empty.FromString
            )
        else:
            self.request_class = GetMessageClass(found.input_type)
            stubs = importlib.import_module(f"{package}.{package.split('.')[0]}_pb2_grpc")
            self.call = getattr(getattr(stubs, f"{stub}Stub")(channel), name)
        self.streams = isinstance(self.call, grpc.StreamStreamMultiCallable)

    def requests(self, values):
        return [fill(self.request_class(), value) for value in values]


class Client:
    def __init__(self):
        self._channels = Channels()
        # What ends the calls and loads in progress, by id.
        self._cancels = {}

    def take(self, line):
        command = json.loads(line)
        if command["do"] == "cancel":
            # A call that has just ended has nothing to cancel.
            self._cancels.pop(command["id"], lambda: None)()
            return
        method = Method(self._channels.open(command["channel"]), command["method"])
        {"call": self._call, "load": self._load}[command["do"]](method, command)

    def _call(self, method, command):
        requests = method.requests(command["requests"])
        timeout = command["timeoutMs"] / 1000 if "timeoutMs" in command else None
        compression = grpc.Compression.Gzip if command.get("gzip") else None
        options = {"timeout": timeout, "compression": compression}
        if method.streams:
            call = method.call(iter(requests), **options)
        else:
            call = method.call.future(requests[0], **options)
        self._cancels[command["id"]] = call.cancel
        threading.Thread(target=_follow, args=(command["id"], call, method.streams)).start()

    def _load(self, method, command):
        stopping = threading.Event()
        self._cancels[command["id"]] = stopping.set
        (request,) = method.requests(command["requests"])
        load = Load(command["id"], method, request, stopping)
        threading.Thread(target=load.run, args=(command["atOnce"],)).start()


def _follow(call_id, call, streams):
    """Prints each answer as it comes, and then the status."""
    try:
        for answer in call if streams else [call.result()]:
            report(id=call_id, answer=read(answer))
        status = {}
    except grpc.RpcError as error:
        status = _status_of(error)
    except grpc.FutureCancelledError:
        status = _status_of(call)
    report(id=call_id, status=status)


def _status_of(error):
    rich = rpc_status.from_call(error)
    if rich is not None:
        return json_format.MessageToDict(rich)
    return {"code": error.code().value[0], "message": error.details()}


class Load:
    """Repeats one unary call, so many at once, until it is stopped; no call is cancelled."""

    def __init__(self, load_id, method, request, stopping):
        self._id, self._method, self._request, self._stopping = load_id, method, request, stopping
        self._lock = threading.Lock()
        self._answered = 0
        self._failed = collections.Counter()

    def run(self, at_once):
        callers = [threading.Thread(target=self._repeat) for _ in range(at_once)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        report(id=self._id, answered=self._answered, failed=self._failed)

    def _repeat(self):
        while not self._stopping.is_set():
            try:
                self._method.call(self._request)
            except grpc.RpcError as error:
                with self._lock:
                    self._failed[f"{error.code().name}: {error.details()}"] += 1
                continue
            with self._lock:
                self._answered += 1
                answered = self._answered
            if answered % PROGRESS == 0:
                report(id=self._id, answered=answered)


def main(stubs):
    sys.path.insert(0, stubs)
    for name in SERVICES:
        importlib.import_module(f"{name}.v1.{name}_pb2")
    client = Client()
    for line in sys.stdin:
        client.take(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
