"""The batch twin of ``python_dict``: the same model over a DataFrame of any size.

Each partition is scored in batches by the very function that answers single calls. The artifact's root folder must be
on PYTHONPATH of the driver and of the executors, and both need the libraries of versions.json.
"""

from itertools import islice

from pyspark.sql.types import DoubleType, StringType, StructField, StructType
from python_dict import main as score_accounts

BATCH_ROWS = 10_000
SCORES = StructType(
    [
        StructField("account_id", StringType()),
        StructField("default_probability", DoubleType()),
        StructField("band", StringType()),
    ]
)


def main(data):
    """Score every row of ``accounts``.

    data: ``{"accounts": DataFrame}`` with the columns of input_info.json.
    Returns a DataFrame with one row per account and the fields of ``output_type`` in metadata.json.
    """
    accounts = data["accounts"]
    columns = accounts.columns

    def score_partition(rows):
        rows = iter(rows)
        while batch := list(islice(rows, BATCH_ROWS)):
            tables = {name: {"type": None, "values": [row[name] for row in batch]} for name in columns}
            for score in score_accounts({"accounts": tables}):
                yield tuple(score[field] for field in SCORES.names)

    return accounts.rdd.mapPartitions(score_partition).toDF(SCORES)
