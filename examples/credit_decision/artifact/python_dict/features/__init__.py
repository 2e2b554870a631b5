"""The features of the policy, each in the module named after what it looks at.

A feature that cannot be computed from what was sent is None; the scorecard has points for that case.
"""

from .affordability import debt_to_income, income_per_head
from .balances import balance_cushion_months
from .delinquency import months_since_late, worst_recent_arrears
from .history import age_in_years, lines_opened_12m, oldest_line_months
from .utilisation import revolving_utilisation


def compute_features(application, lines):
    """All features of one application, by alias."""
    today = application["submitted_at"].date()
    return {
        "revolving_utilisation": revolving_utilisation(lines),
        "debt_to_income": debt_to_income(application, lines),
        "months_since_late": months_since_late(lines),
        "worst_recent_arrears": worst_recent_arrears(lines),
        "oldest_line_months": oldest_line_months(lines, today),
        "lines_opened_12m": lines_opened_12m(lines, today),
        "income_per_head": income_per_head(application),
        "balance_cushion_months": balance_cushion_months(application),
        "existing_customer": 1 if application["is_existing_customer"] else 0,
        "age_in_years": age_in_years(application["birth_date"], today),
    }
