"""The runtime that MLServer loads in each of its workers: the artifact's ``main()`` behind tensors."""

import asyncio
from concurrent import futures

from common import load_main, read_interface, read_text
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput

DATATYPES = {"double": "FP64", "integer": "INT64", "boolean": "BOOL"}


class ArtifactRuntime(MLModel):
    """One tensor for each column of the one table; one for each field of the answer."""

    async def load(self):
        extra = self.settings.parameters.extra
        interface = read_interface(extra["interface"])
        self.main = load_main(extra["artifact"])
        (table,) = interface["tables"]
        self.table = table["source"]
        self.columns = {column["source"]: column for column in table["columns"]}
        self.result = [(field["source"], DATATYPES.get(field["kind"], "BYTES")) for field in interface["result"]]
        concurrency = extra["concurrency"]
        self.threads = futures.ThreadPoolExecutor(max_workers=concurrency) if concurrency > 1 else None
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        data = {self.table: {tensor.name: self.read_column(tensor) for tensor in payload.inputs}}
        if self.threads is None:
            answer = self.main(data)
        else:
            answer = await asyncio.get_running_loop().run_in_executor(self.threads, self.main, data)
        outputs = [
            ResponseOutput(name=name, datatype=datatype, shape=[1], data=[to_element(answer[name])])
            for name, datatype in self.result
        ]
        return InferenceResponse(id=payload.id, model_name=self.name, outputs=outputs)

    def read_column(self, tensor):
        column = self.columns[tensor.name]
        if tensor.datatype == "BYTES":
            values = read_text(column["kind"], StringCodec.decode_input(tensor))
        else:
            values = NumpyCodec.decode_input(tensor).tolist()
        return {"type": column["spelledType"], "values": values}


def to_element(value):
    """What a tensor holds: text as its bytes."""
    return value.encode() if isinstance(value, str) else value
