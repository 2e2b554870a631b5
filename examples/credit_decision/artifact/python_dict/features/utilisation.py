"""How much of the card limits is used."""

from math import fsum


def revolving_utilisation(lines):
    """Card balances over card limits, as a fraction; None without a card that has a limit.

    Sums use ``fsum``: the order of the lines must not change the answer, and ``sum`` of floats changed in Python 3.12.
    """
    cards = [line for line in lines if line["line_type"] == "CARD" and (line["credit_limit"] or 0) > 0]
    if not cards:
        return None
    # An overpaid card is not capacity: its negative balance must not hide what is owed on the others.
    owed = fsum(max(card["balance"], 0.0) for card in cards)
    return round(owed / fsum(card["credit_limit"] for card in cards), 4)
