"""The rules around the score: what is declined, what a person must look at, and what an approval offers."""

import json
from datetime import timedelta
from pathlib import Path

from .pricing import annual_rate, credit_limit

STRATEGIES = json.loads(Path(__file__).with_name("strategies.json").read_text(encoding="utf-8"))

ADULT_YEARS = 18
SERIOUS_ARREARS = 3
SMALLEST_AMOUNT = 100


def load_strategy(name):
    """The strategy of that name. Raises ValueError for a name that strategies.json does not have."""
    if name not in STRATEGIES:
        raise ValueError("parameters.strategy: one of " + ", ".join(sorted(STRATEGIES)) + " is needed")
    return STRATEGIES[name]


def decide(application, features, score, score_reasons, strategy, base_rate, limit_cap):
    """The answer for one application: the strictest of the rules and the score wins.

    Reasons are the rules that led to the decision, then what the scorecard missed most; an approval has none.
    """
    offer = credit_limit(application, strategy, limit_cap)
    declines = _decline_rules(features, score, strategy)
    refers = _refer_rules(application, features, score, strategy, offer)
    decision = "DECLINE" if declines else "REFER" if refers else "APPROVE"
    declined = decision == "DECLINE"
    rules = declines or refers
    decided_at = application["submitted_at"]
    return {
        "application_id": application["application_id"],
        "decision": decision,
        "credit_limit": None if declined else offer,
        "apr": None if declined else annual_rate(base_rate, score),
        "score": score,
        "reason_codes": rules + score_reasons if rules else [],
        "features": {alias: float(value) for alias, value in features.items() if value is not None},
        "valid_until": None if declined else decided_at.date() + timedelta(days=strategy["offer_days"]),
        "decided_at": decided_at,
    }


def _decline_rules(features, score, strategy):
    age = features["age_in_years"]
    debt = features["debt_to_income"]
    rules = {
        "D01": age is not None and age < ADULT_YEARS,
        "D02": features["worst_recent_arrears"] >= SERIOUS_ARREARS,
        "D03": debt is not None and debt > strategy["max_debt_to_income"],
        # A low score for want of an income says nothing about the applicant: that is for a person to look at.
        "D04": debt is not None and score < strategy["refer_score"],
    }
    return [code for code, fired in rules.items() if fired]


def _refer_rules(application, features, score, strategy, offer):
    rules = {
        "R01": not application["applicant_name"],
        "R02": application["birth_date"] is None,
        "R03": features["debt_to_income"] is None,
        "R04": application["is_employed"] is not True,
        "R05": offer < SMALLEST_AMOUNT,
        "R06": application["product_code"] == "LOAN" and offer < application["requested_amount"],
        "R07": strategy["refer_score"] <= score < strategy["approve_score"],
    }
    return [code for code, fired in rules.items() if fired]
