"""zeep as a client program: see client-program.ts for what it reads and prints."""

import json
import re
import struct
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import zeep
from lxml import etree
from zeep import xsd
from zeep.wsa import WsAddressingPlugin
from zeep_security import wsse_of


class Edits(zeep.Plugin):
    """Changes the envelope of one call on its way out, as zeep itself would not."""

    def __init__(self):
        self.edit = None
        self.action = None

    def egress(self, envelope, http_headers, operation, binding_options):
        if self.edit is not None:
            apply_edit(envelope, self.edit)
        if self.action is not None:
            quoted = '"%s"' % self.action
            http_headers["SOAPAction"] = quoted
            http_headers["Content-Type"] = re.sub('(?<=action=)".*"', quoted, http_headers["Content-Type"])
        return envelope, http_headers


class Relation(WsAddressingPlugin):
    """WS-Addressing that looks for its own MessageID in what comes back."""

    def egress(self, envelope, http_headers, operation, binding_options):
        super().egress(envelope, http_headers, operation, binding_options)
        self.sent = envelope.findtext(".//{http://www.w3.org/2005/08/addressing}MessageID")
        return envelope, http_headers

    def ingress(self, envelope, http_headers, operation):
        self.related = envelope.findtext(".//{http://www.w3.org/2005/08/addressing}RelatesTo") == self.sent
        return envelope, http_headers


def apply_edit(envelope, edit):
    if edit["change"] == "header":
        soap = etree.QName(envelope).namespace
        header = etree.Element(etree.QName(soap, "Header"))
        envelope.insert(0, header)
        block = etree.SubElement(header, etree.QName(edit["namespace"], "Block"))
        block.set(etree.QName(soap, "mustUnderstand"), "1")
        return
    element = next(envelope.iter("{*}" + edit["element"]))
    if edit["change"] == "set":
        element.text = edit["text"]
    elif edit["change"] == "remove":
        element.getparent().remove(element)
    elif edit["change"] == "rename":
        element.tag = etree.QName(etree.QName(element).namespace, edit["to"])
    elif edit["change"] == "repeat":
        element.addnext(etree.fromstring(etree.tostring(element)))


def read_moment(text):
    """XML Schema's dateTime; before Python 3.11 ``fromisoformat`` reads neither "Z" nor every fraction."""
    whole, fraction, zone = re.fullmatch(r"([^.Z+]*T[\d:]*)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?", text).groups()
    moment = datetime.fromisoformat(whole).replace(microsecond=int((fraction or "0").ljust(6, "0")))
    if zone is None:
        return moment
    if zone == "Z":
        return moment.replace(tzinfo=timezone.utc)
    sign = -1 if zone[0] == "-" else 1
    return moment.replace(tzinfo=timezone(sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))))


def write_moment(value):
    return re.sub(r"(\.\d+?)0+Z$", r"\1Z", value.isoformat().replace("+00:00", "Z"))


READ = {
    "$long": int,
    "$decimal": Decimal,
    "$double": lambda bits: struct.unpack(">d", bytes.fromhex(bits))[0],
    "$date": date.fromisoformat,
    "$dateTime": read_moment,
}
# By the type in which zeep hands a value out; bool is an int to isinstance, and a datetime a date.
WRITE = {
    int: ("$long", str),
    Decimal: ("$decimal", lambda value: format(value, "f")),
    float: ("$double", lambda value: struct.pack(">d", value).hex()),
    date: ("$date", date.isoformat),
    datetime: ("$dateTime", write_moment),
}


def read(xsd_type, value):
    """A JSON value as zeep takes it for a type of the WSDL."""
    if value is None:
        return xsd.Nil
    if not isinstance(value, dict):
        return value
    for tag, read_scalar in READ.items():
        if tag in value:
            return read_scalar(value[tag])
    return xsd_type(**read_members(xsd_type, value))


def read_members(xsd_type, value):
    elements = dict(xsd_type.elements)
    members = {name: [] for name, element in elements.items() if element.accepts_multiple}
    for name, member in value.items():
        item_type = elements[name].type
        members[name] = [read(item_type, item) for item in member] if isinstance(member, list) else read(item_type, member)
    return members


def write(value):
    """What zeep hands out; None stands for an element that is absent, and for one that is empty."""
    if type(value) in WRITE:
        tag, write_scalar = WRITE[type(value)]
        return {tag: write_scalar(value)}
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, list):
        return [write(item) for item in value]
    return {name: write(value[name]) for name in value if value[name] is not None and value[name] != []}


class Service:
    def __init__(self, wsdl):
        self.edits = Edits()
        settings = zeep.Settings(strict=True, xsd_ignore_sequence_order=False)
        self.client = zeep.Client(wsdl, settings=settings, plugins=[self.edits])

    def call(self, call):
        self.edits.edit, self.edits.action = call.get("edit"), call.get("action")
        self.client.wsse = wsse_of(call.get("security"))
        relation = Relation() if call.get("addressing") else None
        self.client.plugins = [self.edits] if relation is None else [self.edits, relation]
        outcome = self.send(call)
        return outcome if relation is None else {**outcome, "related": relation.related}

    def send(self, call):
        binding = self.client.service._binding
        operation = binding.get(call["operation"])
        service = self.client.service
        if "address" in call:
            service = self.client.create_service(binding.name.text, call["address"])
        try:
            answer = service[call["operation"]](**read_members(operation.input.body.type, call["request"]))
        except zeep.exceptions.Fault as fault:
            return {"fault": self.read_fault(operation, fault)}
        except Exception as failure:
            return {"failure": "%s: %s" % (type(failure).__name__, failure)}
        return {"result": self.write_answer(operation, answer)}

    def write_answer(self, operation, answer):
        """As the whole answer, zeep hands out a list without what wraps it, and nothing for an empty element."""
        if not isinstance(answer, list):
            return None if answer is None else write(answer)
        ((_, result),) = operation.output.body.type.elements
        ((name, _),) = result.type.elements
        return {name: write(answer)} if answer else {}

    def read_fault(self, operation, fault):
        seen = {"exception": "Fault", "code": fault.code and re.sub(".*:", "", fault.code), "reason": fault.message}
        if fault.subcodes:
            seen["subcode"] = etree.QName(fault.subcodes[0]).localname
        # zeep leaves the detail as XML; its type is that of the fault that the WSDL declares. What it cannot read as a
        # fault of its version of SOAP it hands out whole, as text.
        (declared,) = operation.faults.values()
        (part,) = declared.abstract.parts.values()
        elements = list(fault.detail) if etree.iselement(fault.detail) else []
        if [etree.QName(element) for element in elements] != [part.element.qname]:
            return seen
        return {**seen, "detail": write(part.element.parse(elements[0], self.client.wsdl.types))}


def main():
    services = {}
    for line in sys.stdin:
        call = json.loads(line)
        service = services.get(call["wsdl"])
        if service is None:
            service = services[call["wsdl"]] = Service(call["wsdl"])
        print(json.dumps(service.call(call), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
