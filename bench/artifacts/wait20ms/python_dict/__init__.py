"""A decision that waits for twenty milliseconds, as it would for a database or another service."""

import time


def main(data):
    """Wait without holding the interpreter's lock, read two fields of ``application``, and answer a small struct."""
    time.sleep(0.02)
    application = data["application"]
    score = application["fico"]["values"][0]
    return {
        "application_id": application["application_id"]["values"][0],
        "decision": "approve" if score >= 660 else "decline",
        "score": score,
    }
