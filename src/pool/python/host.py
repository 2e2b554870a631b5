"""Started by ``src/pool/python-process.ts``: runs the package beside this file without leaving it on ``sys.path``."""

import os
import sys

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[0] = here
    import gateway_host.__main__ as host

    sys.path.remove(here)
    host.main()
