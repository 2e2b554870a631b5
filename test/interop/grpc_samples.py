"""Answers samples through grpcio, a line of JSON each: ``grpc_samples.py HOST:PORT ALIAS SAMPLE.json...``."""

import sys

from canonical import report_answers
from grpc_service import GrpcService

if __name__ == "__main__":
    report_answers(GrpcService(*sys.argv[1:3]).call, sys.argv[3:])
