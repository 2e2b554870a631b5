"""Makes calls that must fail and reports each status with its details, as grpcio-status reads them.

    grpc_errors.py HOST:PORT SAMPLE.json      one line of JSON for each case

The sample is a good one of credit_decision.
"""

import json
import sys
from pathlib import Path

import grpc
from canonical import report
from google.protobuf import any_pb2, json_format
from google.rpc import error_details_pb2
from grpc_service import GrpcService
from grpc_status import rpc_status

DETAILS = (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo)


def remove_product_code(request):
    request.application[0].ClearField("product_code")


def write_amount_in_words(request):
    request.application[0].requested_amount.value = "five thousand"


def encode_name_as_number(request):
    """Field 2, ``applicant_name``, as a varint: what a client with another contract would send."""
    request.application[0].ClearField("applicant_name")
    request.application[0].MergeFromString(b"\x10\x01")


def name_unknown_strategy(request):
    request.parameters.strategy = "reckless"


CASES = {
    "missing_required": remove_product_code,
    "wrong_value": write_amount_in_words,
    "wrong_type": encode_name_as_number,
    "artifact_error": name_unknown_strategy,
}


def read_error(error):
    status = rpc_status.from_call(error)
    trailers = {key: value for key, value in error.trailing_metadata() if key == "x-request-id"}
    return {
        "code": error.code().name,
        "message": error.details(),
        "details": {detail.DESCRIPTOR.name: json_format.MessageToDict(detail) for detail in unpack(status)},
        "trailers": trailers,
    }


def unpack(status):
    for packed in status.details:
        assert isinstance(packed, any_pb2.Any)
        (kind,) = [kind for kind in DETAILS if packed.Is(kind.DESCRIPTOR)]
        detail = kind()
        packed.Unpack(detail)
        yield detail


def main(target, sample_file):
    service = GrpcService(target, "credit_decision")
    sample = json.loads(Path(sample_file).read_text(encoding="utf-8"))
    for name, spoil in CASES.items():
        request = service.request(sample)
        spoil(request)
        try:
            service.evaluate(request)
        except grpc.RpcError as error:
            report({"case": name, **read_error(error)})
        else:
            raise SystemExit(f"{name}: the call was answered")


if __name__ == "__main__":
    main(*sys.argv[1:])
