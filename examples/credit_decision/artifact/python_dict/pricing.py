"""Limit and rate of an offer. Amounts are Decimal from end to end and are cut to cents once, at the end."""

from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")

# (lowest score, margin per year over the base rate), best first.
MARGINS = ((700, 0.049), (660, 0.069), (620, 0.099), (580, 0.139), (0, 0.179))


def credit_limit(application, strategy, limit_cap):
    """The amount on offer: what was asked for, cut to income, product ceiling and the cap of the run.

    Raises ValueError for a product the strategy does not know and for a negative cap.
    """
    product = application["product_code"]
    if product not in strategy["ceiling"]:
        raise ValueError(
            "application[0].product_code: one of " + ", ".join(sorted(strategy["ceiling"])) + " is needed"
        )
    bounds = [
        application["requested_amount"],
        Decimal(strategy["ceiling"][product]),
        _exact(application["annual_income"] or 0.0) * Decimal(strategy["income_multiple"][product]),
    ]
    if limit_cap is not None:
        if limit_cap < 0:
            raise ValueError("parameters.limit_cap: zero or more is needed")
        bounds.append(_exact(limit_cap))
    return max(min(bounds), Decimal(0)).quantize(CENT, ROUND_DOWN)


def annual_rate(base_rate, score):
    """Rate per year as a fraction, to four decimals."""
    margin = next(margin for lowest, margin in MARGINS if score >= lowest)
    return round(base_rate + margin, 4)


def _exact(number):
    """The float as its caller wrote it: 0.1 becomes 0.1, not 0.1000000000000000055."""
    return Decimal(repr(number))
