"""A decision that costs next to nothing, so that a benchmark of it measures everything around it."""


def main(data):
    """Read two fields of the one row of ``application`` and answer a small struct."""
    application = data["application"]
    score = application["fico"]["values"][0]
    return {
        "application_id": application["application_id"]["values"][0],
        "decision": "approve" if score >= 660 else "decline",
        "score": score,
    }
