"""The batch twin of ``python_dict``: many applications at once, the same answer for each.

Spark groups the trade lines by application and hands every application to the very function that answers single
calls, so the two cannot drift apart. The artifact's root folder must be on PYTHONPATH of the driver and of the
executors.
"""

from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    DateType,
    DecimalType,
    DoubleType,
    LongType,
    MapType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)
from python_dict import main as decide_application

DECISION = StructType(
    [
        StructField("application_id", StringType()),
        StructField("decision", StringType()),
        StructField("credit_limit", DecimalType(11, 2)),
        StructField("apr", DoubleType()),
        StructField("score", LongType()),
        StructField("reason_codes", ArrayType(StringType())),
        StructField("features", MapType(StringType(), DoubleType())),
        StructField("valid_until", DateType()),
        StructField("decided_at", TimestampType()),
    ]
)


def main(data, runtime_params=()):
    """Decide every row of ``application``.

    data: ``{"application": DataFrame, "trade_lines": DataFrame}`` with the columns of input_info.json; lines belong to
    the application whose ``application_id`` they carry. The session's time zone must be UTC.
    Returns a DataFrame with one row per application and the fields of ``output_type`` in metadata.json.
    """
    parameters = dict(runtime_params)
    application_columns = data["application"].columns
    line_columns = data["trade_lines"].columns

    def decide_row(application, lines):
        tables = {
            "application": _to_columns([application], application_columns),
            "trade_lines": _to_columns(lines or [], line_columns),
        }
        return decide_application(tables, runtime_params=parameters)

    lines = (
        data["trade_lines"]
        .groupBy("application_id")
        .agg(F.collect_list(F.struct(*line_columns)).alias("lines"))
    )
    application = F.struct(*application_columns).alias("application")
    decisions = (
        data["application"]
        .select("application_id", application)
        .join(lines, "application_id", "left")
        .select(F.udf(decide_row, DECISION)("application", "lines").alias("decision"))
    )
    return decisions.select("decision.*")


def _to_columns(rows, columns):
    return {name: {"type": None, "values": [row[name] for row in rows]} for name in columns}
