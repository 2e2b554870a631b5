"""Asks the health service, one line of JSON for each name; an empty one is the whole server.

    health_check.py HOST:PORT NAME...
"""

import sys

import grpc
from canonical import report
from grpc_health.v1 import health_pb2, health_pb2_grpc

if __name__ == "__main__":
    with grpc.insecure_channel(sys.argv[1]) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for name in sys.argv[2:]:
            try:
                answer = stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=60)
                status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
            except grpc.RpcError as error:
                status = error.code().name
            report({"name": name, "status": status})
