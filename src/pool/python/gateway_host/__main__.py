"""Entry of the host: hello, set-up, and then the supervisor's work until the gateway closes the control channel."""

import os
import sys

from . import channel, kernel, supervisor

_READ_FD = 3
_WRITE_FD = 4
# Read by OpenMP, OpenBLAS, MKL, numexpr and Apple's Accelerate when they are loaded.
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def main():
    control = channel.Channel(_READ_FD, _WRITE_FD)
    version = "%d.%d.%d" % sys.version_info[:3]
    control.send_json({"type": "hello", "protocol": channel.PROTOCOL_VERSION, "python": version})
    setup = control.receive_json()
    if setup is None:
        return
    for variable in _THREAD_VARIABLES:
        os.environ.setdefault(variable, str(setup["nativeThreads"]))
    _clean_up_after_another(sys.argv[1])
    supervisor.Supervisor(control, setup).run()


def _clean_up_after_another(mark):
    """Kill what another supervisor of this pool has left behind when it was killed, and mark what this one starts.

    What is forked from here keeps these arguments, and a program that the artifact starts gets the environment.
    """
    kernel.kill_marked(mark)
    name, _, value = mark.partition("=")
    os.environ[name] = value


if __name__ == "__main__":
    main()
