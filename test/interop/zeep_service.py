"""A SOAP service as zeep sees it, with samples turned into the types of its WSDL and answers turned back.

Nothing here knows the gateway: names that differ from those of the artifact are read from the documentation
of the WSDL ("Source name: trade_lines."), as a developer would read them.
"""

import re
from datetime import date, datetime
from decimal import Decimal

import zeep
from canonical import read_moment, write_moment
from lxml import etree
from zeep import xsd

XSD = "{http://www.w3.org/2001/XMLSchema}"
# From JSON, to JSON, and what zeep must make of the declared type: an int is no float and a text no date.
LEAVES = {
    xsd.String: (str, str, str),
    xsd.Boolean: (bool, bool, bool),
    xsd.Double: (float, float, float),
    xsd.Integer: (int, int, int),
    xsd.Decimal: (Decimal, lambda value: format(value, "f"), Decimal),
    xsd.Date: (date.fromisoformat, date.isoformat, date),
    xsd.DateTime: (read_moment, write_moment, datetime),
}


class ZeepService:
    """The only service of a WSDL. ``call`` answers a sample; ``client`` and ``operation`` are zeep's own."""

    def __init__(self, wsdl_url, plugins=()):
        settings = zeep.Settings(strict=True, xsd_ignore_sequence_order=False)
        self.client = zeep.Client(wsdl_url, settings=settings, plugins=list(plugins))
        self.operation = self.client.service._binding.get("Evaluate")
        self._sources = _read_source_names(self.client.transport.load(wsdl_url))

    def call(self, sample):
        """The answer as plain JSON data, by the names of the artifact."""
        request = self.operation.input.body.type
        response = self.operation.output.body.type
        inputs = self._members(request, "Evaluate", sample)
        ((_, result),) = response.elements
        return self._to_json(result.type, self.client.service.Evaluate(**inputs))

    def _members(self, record_type, owner, sample):
        by_source = {self._source(owner, name): (name, element) for name, element in record_type.elements}
        members = {}
        for source, value in sample.items():
            name, element = by_source[source]
            members[name] = xsd.Nil if value is None else self._from_json(element.type, value)
        return members

    def _from_json(self, xsd_type, value):
        if not isinstance(xsd_type, xsd.ComplexType):
            read, _, _ = _leaf(xsd_type)
            return read(value)
        name, item = _repeated(xsd_type)
        if item is None:
            return xsd_type(**self._members(xsd_type, xsd_type.qname.localname, value))
        if not isinstance(value, dict):
            return xsd_type(**{name: [self._from_json(item.type, part) for part in value]})
        types = {part: element.type for part, element in item.type.elements}
        entries = [
            item.type(key=self._from_json(types["key"], key), value=self._from_json(types["value"], part))
            for key, part in value.items()
        ]
        return xsd_type(**{name: entries})

    def _to_json(self, xsd_type, value):
        if value is None:
            return _nothing(xsd_type)
        if not isinstance(xsd_type, xsd.ComplexType):
            _, write, python_type = _leaf(xsd_type)
            assert type(value) is python_type, type(value)
            return write(value)
        name, item = _repeated(xsd_type)
        if item is None:
            owner = xsd_type.qname.localname
            return {
                self._source(owner, part): self._to_json(element.type, value[part])
                for part, element in xsd_type.elements
            }
        # As the whole answer, zeep hands out a list without what wraps it.
        parts = value if isinstance(value, list) else value[name]
        if name != "entry":
            return [self._to_json(item.type, part) for part in parts]
        types = {part: element.type for part, element in item.type.elements}
        return {part.key: self._to_json(types["value"], part.value) for part in parts}

    def _source(self, owner, name):
        return self._sources.get((owner, name), name)


def _repeated(xsd_type):
    """Name and element of what a list or map repeats; ``(None, None)`` for a record."""
    if len(xsd_type.elements) == 1 and xsd_type.elements[0][1].accepts_multiple:
        return xsd_type.elements[0]
    return None, None


def _nothing(xsd_type):
    """What None stands for: zeep reads an empty list and an absent one alike. The examples have no null lists."""
    name, item = _repeated(xsd_type) if isinstance(xsd_type, xsd.ComplexType) else (None, None)
    return None if item is None else {} if name == "entry" else []


def _leaf(xsd_type):
    """The nearest built-in type: zeep derives Long from Integer, and Integer from Decimal."""
    return next(LEAVES[base] for base in type(xsd_type).__mro__ if base in LEAVES)


def _read_source_names(wsdl):
    names = {}
    for element in etree.fromstring(wsdl).iter(f"{XSD}element"):
        documentation = element.findtext(f"{XSD}annotation/{XSD}documentation") or ""
        found = re.search(r"Source name: (.*?)\. Type:", documentation)
        owner = next((above.get("name") for above in element.iterancestors() if above.get("name")), None)
        if found:
            names[owner, element.get("name")] = found[1]
    return names
