"""A decision that says how it was made: in a few words, or, for a score of 0, at length."""

from datetime import date
from decimal import Decimal

FEW = 2
#: About four megabytes of SOAP.
MANY = 27_000


def main(data):
    """Read two fields of the first row of ``application``, and list as many factors as the score asks for."""
    application = data["application"]
    score = application["fico"]["values"][0]
    return {
        "application_id": application["application_id"]["values"][0],
        "decision": "approve" if score >= 660 else "decline",
        "score": score,
        "factors": [
            {
                "name": f"factor {number}",
                "value": number * 1.25,
                "weight": Decimal(number).scaleb(-4),
                "since": date(2020, 1, 1 + number % 28),
                "adverse": number % 2 == 0,
            }
            for number in range(FEW if score > 0 else MANY)
        ],
    }
