"""The batch twin of ``python_dict``: the same decision for every row of a data frame."""

from pyspark.sql import functions as F


def main(application):
    """``application`` with ``decision`` and ``score`` for every row."""
    decision = F.when(F.col("fico") >= 660, "approve").otherwise("decline")
    return application.select("application_id", decision.alias("decision"), F.col("fico").alias("score"))
