"""Answers samples through zeep, one line of JSON each: ``zeep_samples.py WSDL_URL SAMPLE.json...``."""

import sys

from canonical import report_answers
from zeep_service import ZeepService

if __name__ == "__main__":
    report_answers(ZeepService(sys.argv[1]).call, sys.argv[2:])
