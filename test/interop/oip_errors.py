"""What NVIDIA's client sees of failures, a line of JSON each: python oip_errors.py TARGET"""
import json
import sys

import numpy as np
import tritonclient.grpc as grpcclient
from tritonclient.utils import InferenceServerException

client = grpcclient.InferenceServerClient(sys.argv[1])


def tensor(name, values, datatype, dtype):
    data = np.array(values, dtype=dtype)
    made = grpcclient.InferInput(name, data.shape, datatype)
    made.set_data_from_numpy(data)
    return made


def tell(case, call):
    try:
        call()
        print(json.dumps({"case": case, "status": "OK"}))
    except InferenceServerException as failed:
        print(json.dumps({"case": case, "status": failed.status(), "message": failed.message()}))


amount = tensor("application.requested_amount", [b"five thousand"], "BYTES", np.object_)
number = tensor("application.application_id", [7], "INT64", np.int64)
tell("no such model", lambda: client.get_model_metadata("nobody"))
tell("no such version", lambda: client.is_model_ready("credit_decision", "0"))
tell("wrong value", lambda: client.infer("credit_decision", [amount]))
tell("wrong datatype", lambda: client.infer("credit_decision", [number]))
tell("nothing", lambda: client.infer("credit_decision", []))
unknown = grpcclient.InferRequestedOutput("nobody")
tell("no such output", lambda: client.infer("credit_decision", [], outputs=[unknown]))
shared = grpcclient.InferInput("strategy", [1], "BYTES")
shared.set_shared_memory("region", 8)
tell("shared memory", lambda: client.infer("credit_decision", [shared]))
tell("timeout", lambda: client.infer("credit_decision", [], timeout=1))
tell("sequence", lambda: client.infer("credit_decision", [], sequence_id=7))
tell("extension", lambda: client.get_model_repository_index())
