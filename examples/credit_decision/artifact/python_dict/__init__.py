"""Credit decision, version 4: one application for a card or a loan.

``main`` is the whole artifact. It reads no clock, no network and no file outside this folder, so the same input
gives the same answer on every machine.
"""

from .features import compute_features
from .policy import decide, load_strategy
from .scorecard import score_application
from .tables import read_rows


def main(data, runtime_params=()):
    """Decide one application.

    data: ``{table: {column: {"type": ..., "values": [...]}}}`` for the tables ``application`` (exactly one row) and
    ``trade_lines`` (any number). runtime_params: ``strategy``, ``base_rate`` and ``limit_cap``, each optional.
    Returns a dict of the fields that ``output_type`` in metadata.json lists.
    Raises ValueError when the tables contradict each other or a parameter has no meaning.
    """
    parameters = {name: value for name, value in dict(runtime_params).items() if value is not None}
    strategy = load_strategy(parameters.get("strategy", "standard"))
    applications = read_rows(data, "application")
    if len(applications) != 1:
        raise ValueError("application: one row is needed, one call decides one application")
    application = applications[0]
    lines = read_rows(data, "trade_lines")
    _refuse_foreign_lines(application, lines)

    features = compute_features(application, lines)
    score, score_reasons = score_application(features)
    return decide(
        application,
        features,
        score,
        score_reasons,
        strategy,
        base_rate=parameters.get("base_rate", 0.045),
        limit_cap=parameters.get("limit_cap"),
    )


def _refuse_foreign_lines(application, lines):
    """A line of another applicant must stop the decision, not quietly become part of it."""
    for index, line in enumerate(lines):
        if line["application_id"] not in (None, application["application_id"]):
            raise ValueError(f"trade_lines[{index}].application_id: the line belongs to another application")
