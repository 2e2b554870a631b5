"""Whether the income carries the payments."""

from math import fsum


def debt_to_income(application, lines):
    """Yearly payments, housing included, over yearly income; None when the income is unknown or zero.

    Mortgage payments on the bureau report count only when no housing cost was stated, else they would count twice.
    """
    income = application["annual_income"]
    if income is None or income <= 0:
        return None
    housing = application["monthly_housing_cost"]
    payments = [
        line["monthly_payment"] or 0.0 for line in lines if housing is None or line["line_type"] != "MORTGAGE"
    ]
    return round(12 * fsum([housing or 0.0, *payments]) / income, 4)


def income_per_head(application):
    """Yearly income divided by the people who live on it; None when the income is unknown."""
    if application["annual_income"] is None:
        return None
    dependants = application["dependants"] or 0
    if dependants < 0:
        raise ValueError("application[0].dependants: zero or more is needed")
    return round(application["annual_income"] / (1 + dependants), 2)
