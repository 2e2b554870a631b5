"""Applies scorecard.json: points per characteristic, and the reasons for the points that were missed."""

import json
from pathlib import Path

SCORECARD = json.loads(Path(__file__).with_name("scorecard.json").read_text(encoding="utf-8"))

# The most reasons a customer is told; four is the usual ceiling of adverse-action notices.
MOST_REASONS = 4


def score_application(features):
    """The score as an int, and the reason codes of the characteristics that cost most points, worst first."""
    score = SCORECARD["base_points"]
    losses = []
    for characteristic in SCORECARD["characteristics"]:
        points = _points(characteristic, features[characteristic["alias"]])
        score += points
        losses.append((_best_points(characteristic) - points, characteristic["reason_code"]))
    # Equal losses go by reason code, so that the order never depends on the file.
    worst = sorted((loss for loss in losses if loss[0] > 0), key=lambda loss: (-loss[0], loss[1]))
    return score, [code for _, code in worst[:MOST_REASONS]]


def _points(characteristic, value):
    if value is None:
        return characteristic["missing_points"]
    return next(
        step["points"] for step in characteristic["bins"] if "below" not in step or value < step["below"]
    )


def _best_points(characteristic):
    return max(characteristic["missing_points"], *(step["points"] for step in characteristic["bins"]))
