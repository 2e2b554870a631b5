"""A gRPC service as server reflection describes it: no generated code and no .proto file from disk."""

from datetime import date, datetime, timezone
from decimal import Decimal

import grpc
from canonical import read_moment, write_moment
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

TIMEOUT_SECONDS = 60


class GrpcService:
    """The service of one artifact at ``target``; ``request_class`` and ``evaluate`` are plain grpcio."""

    def __init__(self, target, alias):
        self.channel = grpc.insecure_channel(target)
        database = ProtoReflectionDescriptorDatabase(self.channel)
        (self.name,) = [name for name in database.get_services() if name.startswith(f"{alias}.")]
        self.method = DescriptorPool(database).FindServiceByName(self.name).methods_by_name["Evaluate"]
        self.request_class = GetMessageClass(self.method.input_type)
        self._evaluate = self.channel.unary_unary(
            f"/{self.name}/Evaluate",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=GetMessageClass(self.method.output_type).FromString,
        )

    def request(self, sample):
        message = self.request_class()
        fill(message, sample)
        return message

    def evaluate(self, request):
        return self._evaluate(request, timeout=TIMEOUT_SECONDS)

    def call(self, sample):
        """The answer as plain JSON data."""
        return read(self.evaluate(self.request(sample)))["result"]


def fill(message, sample):
    """Sets the fields that the sample has; null leaves a field unset."""
    fields = message.DESCRIPTOR.fields_by_name
    for name, value in sample.items():
        field = fields[name]
        if value is None:
            continue
        if _is_map(field):
            getattr(message, name).update(value)
        elif field.is_repeated and field.message_type:
            for item in value:
                _write(getattr(message, name).add(), item)
        elif field.is_repeated:
            getattr(message, name).extend(value)
        elif field.message_type:
            getattr(message, name).SetInParent()
            _write(getattr(message, name), value)
        else:
            setattr(message, name, value)


def _write(message, value):
    WRITERS.get(message.DESCRIPTOR.full_name, fill)(message, value)


def read(message):
    """Every field as plain JSON data; an unset one is null, an empty list or an empty map."""
    write = READERS.get(message.DESCRIPTOR.full_name)
    if write:
        return write(message)
    return {field.name: _read_field(message, field) for field in message.DESCRIPTOR.fields}


def _read_field(message, field):
    value = getattr(message, field.name)
    if _is_map(field):
        return dict(value)
    if field.is_repeated:
        return [read(item) for item in value] if field.message_type else list(value)
    if not message.HasField(field.name):
        return None
    return read(value) if field.message_type else value


def _is_map(field):
    return field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type.GetOptions().map_entry


def _write_timestamp(message, text):
    moment = read_moment(text)
    message.seconds = int(moment.replace(tzinfo=timezone.utc, microsecond=0).timestamp())
    message.nanos = moment.microsecond * 1000


def _read_timestamp(message):
    microseconds, rest = divmod(message.nanos, 1000)
    assert rest == 0, "a moment finer than microseconds"
    moment = datetime.fromtimestamp(message.seconds, timezone.utc)
    return write_moment(moment.replace(microsecond=microseconds))


def _write_date(message, text):
    day = date.fromisoformat(text)
    message.year, message.month, message.day = day.year, day.month, day.day


def _read_date(message):
    return date(message.year, message.month, message.day).isoformat()


def _write_decimal(message, text):
    message.value = text


def _read_decimal(message):
    return format(Decimal(message.value), "f")


WRITERS = {
    "google.protobuf.Timestamp": _write_timestamp,
    "google.type.Date": _write_date,
    "google.type.Decimal": _write_decimal,
}
READERS = {
    "google.protobuf.Timestamp": _read_timestamp,
    "google.type.Date": _read_date,
    "google.type.Decimal": _read_decimal,
}
