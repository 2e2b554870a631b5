"""Default risk, version 7: a logistic regression over ten measurements of a card account."""

import json
import math
import pickle
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FEATURES = json.loads((HERE / "features.json").read_text(encoding="utf-8"))
# Unpickling runs code: this file is as trusted as the artifact it lies in, and no other path is ever read.
MODEL = pickle.loads((HERE / "model.pkl").read_bytes())

# (probability below which the band holds, band), lowest risk first.
BANDS = ((0.02, "A"), (0.1, "B"), (0.3, "C"), (0.6, "D"), (math.inf, "E"))


def main(data):
    """Score every row of ``accounts``.

    data: ``{"accounts": {column: {"type": ..., "values": [...]}}}``; None in a number means unknown, and the median of
    the training data takes its place. Returns one dict per row, in the order of the rows: ``account_id``,
    ``default_probability`` (0 to 1, six decimals) and ``band`` (A to E).
    Raises ValueError for a number that is not finite.
    """
    accounts = data["accounts"]
    identifiers = accounts["account_id"]["values"]
    if not identifiers:
        return []
    features = np.column_stack([_to_array(name, accounts[name]["values"]) for name in FEATURES])
    # Six decimals are more than the model can tell apart, and fewer than differ between processors.
    probabilities = np.round(MODEL.predict_proba(features)[:, 1], 6).tolist()
    return [
        {"account_id": identifier, "default_probability": probability, "band": _band(probability)}
        for identifier, probability in zip(identifiers, probabilities)
    ]


def _to_array(name, values):
    """Floats with NaN for None. A NaN that was sent is refused: it would pass for an unknown value."""
    for index, value in enumerate(values):
        if value is not None and not math.isfinite(value):
            raise ValueError(f"accounts[{index}].{name}: a finite number is needed")
    return np.array(values, dtype=float)


def _band(probability):
    return next(band for limit, band in BANDS if probability < limit)
