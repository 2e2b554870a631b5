"""Messages from and to the tagged values of test/interop/soap/tagged-values.ts, in the types that protobuf has for them."""

import datetime
import struct

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor


def fill(message, value):
    """Sets the fields that are there. @returns the message"""
    tag, text = next(iter(value.items()), (None, None))
    if tag in MESSAGES:
        MESSAGES[tag](message, text)
        return message
    # A message without fields is there all the same.
    message.SetInParent()
    for name, member in value.items():
        field = message.DESCRIPTOR.fields_by_name[name]
        target = getattr(message, name)
        if _is_map(field):
            for key, item in member.items():
                target[key] = _scalar(item)
        elif field.is_repeated and field.message_type:
            for item in member:
                fill(target.add(), item)
        elif field.is_repeated:
            target.extend(map(_scalar, member))
        elif field.message_type:
            fill(target, member)
        else:
            setattr(message, name, _scalar(member))
    return message


def _scalar(value):
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    return SCALARS[tag](text)


def _fill_decimal(message, text):
    message.value = text


def _fill_date(message, text):
    day = datetime.date.fromisoformat(text)
    message.year, message.month, message.day = day.year, day.month, day.day


MESSAGES = {
    "$decimal": _fill_decimal,
    "$date": _fill_date,
    "$dateTime": lambda message, text: message.FromJsonString(text),
}
SCALARS = {"$long": int, "$double": lambda bits: struct.unpack(">d", bytes.fromhex(bits))[0]}


def read(message):
    """Every field that is set, by name."""
    known = READERS.get(message.DESCRIPTOR.full_name)
    if known:
        return known(message)
    return {field.name: _read_field(field, value) for field, value in message.ListFields()}


def _read_field(field, value):
    if _is_map(field):
        one = field.message_type.fields_by_name["value"]
        return {key: _read_one(one, value[key]) for key in value}
    if field.is_repeated:
        return [_read_one(field, item) for item in value]
    return _read_one(field, value)


def _read_one(field, value):
    if field.message_type:
        return read(value)
    if field.type in (FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_INT32):
        return {"$long": str(value)}
    if field.type == FieldDescriptor.TYPE_DOUBLE:
        return {"$double": struct.pack(">d", value).hex()}
    return value


def _is_map(field):
    return field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type.GetOptions().map_entry


READERS = {
    "google.type.Decimal": lambda message: {"$decimal": message.value},
    "google.type.Date": lambda message: {"$date": "%04d-%02d-%02d" % (message.year, message.month, message.day)},
    "google.protobuf.Timestamp": lambda message: {"$dateTime": message.ToJsonString()},
    "google.rpc.Status": json_format.MessageToDict,
}
