"""The batch twin of ``python_dict``: one conversation per row, for simulation over recorded messages.

Every row goes through the very function that answers single calls. The artifact's root folder must be on PYTHONPATH of
the driver and of the executors, and the executors need ``OPENAI_API_KEY``.
"""

from pyspark.sql import functions as F
from pyspark.sql.types import MapType, StringType, StructField, StructType
from python_dict import main as answer_message

ANSWER = StructType(
    [StructField("output", StringType()), StructField("context", MapType(StringType(), StringType()))]
)


def main(data):
    """Answer every row.

    data: DataFrame with the columns ``user_message``, ``history`` and ``context`` of input_info.json.
    Returns the same rows with the columns of ``output_type`` in metadata.json in place of the input ones.
    """

    @F.udf(ANSWER)
    def answer_row(user_message, history, context):
        turns = [turn.asDict() for turn in history or []]
        return answer_message(user_message, history=turns, context=context)

    answers = data.select(answer_row("user_message", "history", "context").alias("answer"))
    return answers.select("answer.*")
