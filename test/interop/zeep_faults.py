"""Makes calls that must fail and reports each fault as zeep sees it.

    zeep_faults.py WSDL_URL SAMPLE.json      one line of JSON for each case

The sample is a good one of credit_decision. zeep itself refuses to write most of what is wrong here, so
a plugin changes the envelope on its way out; reading the fault is zeep's own work.
"""

import json
import sys
from pathlib import Path

import zeep
from canonical import report
from lxml import etree
from zeep_service import ZeepService


class Edit(zeep.Plugin):
    """Changes every envelope that goes out by the function ``edit``, while there is one."""

    edit = None

    def egress(self, envelope, http_headers, operation, binding_options):
        if self.edit is not None:
            self.edit(envelope)
        return envelope, http_headers


def find(envelope, name):
    return next(envelope.iter(f"{{*}}{name}"))


def remove_product_code(envelope):
    element = find(envelope, "productCode")
    element.getparent().remove(element)


def write_amount_in_words(envelope):
    find(envelope, "requestedAmount").text = "five thousand"


def add_unknown_column(envelope):
    row = find(find(envelope, "tradeLines"), "row")
    etree.SubElement(row, etree.QName(etree.QName(row).namespace, "shoeSize")).text = "43"


def name_unknown_strategy(sample):
    return {**sample, "parameters": {"strategy": "reckless"}}


CASES = {
    "missing_required": (remove_product_code, None),
    "wrong_type": (write_amount_in_words, None),
    "unknown_column": (add_unknown_column, None),
    "artifact_error": (None, name_unknown_strategy),
}


def read_fault(service, fault):
    """The fault with its detail as an object of the type that the WSDL declares."""
    (declared,) = service.operation.faults.values()
    (part,) = declared.abstract.parts.values()
    (element,) = fault.detail
    assert etree.QName(element) == part.element.qname, element.tag
    detail = part.element.parse(element, service.client.wsdl.types)
    fields = ("code", "message", "path", "row", "requestId")
    return {
        "faultcode": fault.code,
        "faultstring": fault.message,
        **{name: getattr(detail, name) for name in fields},
    }


def main(wsdl_url, sample_file):
    plugin = Edit()
    service = ZeepService(wsdl_url, [plugin])
    sample = json.loads(Path(sample_file).read_text(encoding="utf-8"))
    for name, (edit, change) in CASES.items():
        plugin.edit = edit
        try:
            service.call(change(sample) if change else sample)
        except zeep.exceptions.Fault as fault:
            report({"case": name, **read_fault(service, fault)})
        else:
            raise SystemExit(f"{name}: the call was answered")


if __name__ == "__main__":
    main(*sys.argv[1:])
