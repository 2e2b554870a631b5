"""A decision by a model of scikit-learn, which ``bench/fit_model.py`` has fitted and put beside this file."""

import os
import pickle

import numpy

FEATURES = (
    "fico",
    "annual_income",
    "monthly_housing_cost",
    "monthly_payments",
    "debt_to_income",
    "revolving_utilisation",
    "revolving_balance",
    "average_balance",
    "bureau_score_change",
    "cash_advance_share",
    "dependants",
    "open_lines",
    "inquiries_6m",
    "months_on_book",
)

with open(os.path.join(os.path.dirname(__file__), "model.pickle"), "rb") as file:
    MODEL = pickle.load(file)


def main(data):
    """The risk of every row of ``application``: how many there are, the mean and the highest."""
    application = data["application"]
    columns = [application[name]["values"] for name in FEATURES]
    risks = MODEL.predict_proba(numpy.array(columns, dtype=float).T)[:, 1]
    return {"rows": len(risks), "mean_risk": float(risks.mean()), "highest_risk": float(risks.max())}
