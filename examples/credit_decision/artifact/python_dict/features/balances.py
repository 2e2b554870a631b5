"""What the current account holds back."""

from math import fsum


def balance_cushion_months(application):
    """Months of housing cost that the average month-end balance pays for.

    None without balances or without a housing cost to measure them by.
    """
    balances = application["monthly_balances"]
    housing = application["monthly_housing_cost"]
    if not balances or housing is None or housing <= 0:
        return None
    return round(fsum(balances) / len(balances) / housing, 2)
