"""Loads WSDLs strictly, one line of JSON each: ``zeep_load.py WSDL...``. A Python warning ends it."""

import logging
import sys
import warnings

import zeep
from canonical import report
from zeep import xsd


class Collected(logging.Handler):
    """What any library logs as a warning or worse."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def main(files):
    warnings.simplefilter("error")
    collected = Collected()
    logging.getLogger().addHandler(collected)
    for file in files:
        client = zeep.Client(file, settings=zeep.Settings(strict=True))
        operation = client.service._binding.get("Evaluate")
        made = [_make(xsd_type) for xsd_type in client.wsdl.types.types if isinstance(xsd_type, xsd.ComplexType)]
        report({"signature": operation.input.signature(), "types": len(made), "logged": collected.messages})


def _make(xsd_type):
    """An empty object of a type: zeep finds its members only when one is made."""
    return xsd_type()


if __name__ == "__main__":
    main(sys.argv[1:])
