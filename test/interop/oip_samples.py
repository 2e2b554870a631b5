"""NVIDIA's client of the Open Inference Protocol, which knows nothing but what ModelMetadata tells it.

    python oip_samples.py TARGET MODEL TIMES SAMPLE...

Sends each sample with its rows TIMES over and prints the tensors of the answer as a line of JSON.
"""
import json
import math
import sys

import numpy as np
import tritonclient.grpc as grpcclient

NUMPY = {"BOOL": np.bool_, "INT64": np.int64, "FP64": np.float64, "BYTES": np.object_}
FILLER = {"BOOL": False, "INT64": 0, "FP64": 0.0, "BYTES": ""}
NULLS = "__is_null"


def values_of(sample, name, times):
    """The values that belong to a tensor, or None where the sample has no such thing."""
    if name in sample:
        return [sample[name]]
    table, _, column = name.rpartition(".")
    for key, rows in sample.items():
        if isinstance(rows, list) and table in ("", key) and rows and isinstance(rows[0], dict):
            if any(column in row for row in rows):
                return [row.get(column) for row in rows] * times
    return [sample["parameters"][name]] if name in sample.get("parameters", {}) else None


def as_bytes(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode()


def tensor(name, datatype, values):
    if datatype == "BYTES":
        values = [as_bytes(value) for value in values]
    data = np.array(values, dtype=NUMPY[datatype])
    made = grpcclient.InferInput(name, data.shape, datatype)
    made.set_data_from_numpy(data)
    return made


def tensors_of(metadata, sample, times):
    described = {given.name: given.datatype for given in metadata.inputs}
    for name, datatype in described.items():
        values = None if name.endswith(NULLS) else values_of(sample, name, times)
        if values is None or all(value is None for value in values):
            continue
        yield tensor(name, datatype, [FILLER[datatype] if value is None else value for value in values])
        if None in values:
            yield tensor(name + NULLS, described[name + NULLS], [value is None for value in values])


def cell(value):
    if isinstance(value, bytes):
        return value.decode()
    value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


def main(target, model, times, *files):
    client = grpcclient.InferenceServerClient(target)
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(model)
    metadata = client.get_model_metadata(model)
    for file in files:
        with open(file, encoding="utf-8") as opened:
            sample = json.load(opened)
        result = client.infer(model, list(tensors_of(metadata, sample, int(times))), request_id="of-the-test")
        response = result.get_response()
        assert (response.model_name, response.id) == (model, "of-the-test")
        assert list(metadata.versions) in ([response.model_version], [])
        tensors = [
            {
                "name": output.name,
                "datatype": output.datatype,
                "cells": [cell(value) for value in result.as_numpy(output.name)],
            }
            for output in response.outputs
        ]
        print(json.dumps({"tensors": tensors}))


main(*sys.argv[1:])
