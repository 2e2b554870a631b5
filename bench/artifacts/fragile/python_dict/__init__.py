"""A decision that dies of a score of 0 and hangs on a score of 1."""

import os
import signal
import time


def main(data):
    """Answer two fields of the one row of ``application``, or die, or hang."""
    application = data["application"]
    score = application["fico"]["values"][0]
    if score == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    while score == 1:
        time.sleep(1)
    return {"application_id": application["application_id"]["values"][0], "score": score}
