"""The service that BentoML loads in each of its processes: the artifact's ``main()`` behind JSON."""

import os

import bentoml
from common import dataset_from_json, load_main, read_interface, say_ready

CONCURRENCY = int(os.environ["BENCH_CONCURRENCY"])


@bentoml.service(
    workers=int(os.environ["BENCH_PROCESSES"]),
    threads=CONCURRENCY,
    logging={"access": {"enabled": False}},
    metrics={"enabled": False},
)
class Artifact:
    """Tables by name, each a list of rows."""

    def __init__(self):
        self.interface = read_interface(os.environ["BENCH_INTERFACE"])
        self.main = load_main(os.environ["BENCH_ARTIFACT"])
        say_ready()

    if CONCURRENCY == 1:
        # In the event loop, for what does not wait: BentoML's threads cost more than such a call.
        @bentoml.api
        async def evaluate(self, application: list) -> dict:
            return self.main(dataset_from_json(self.interface, {"application": application}))

    else:

        @bentoml.api
        def evaluate(self, application: list) -> dict:
            return self.main(dataset_from_json(self.interface, {"application": application}))
