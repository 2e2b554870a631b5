"""The rows that were sent: reading and writing of the same values is what is measured."""


def main(data):
    """Answer the rows of ``records``."""
    columns = data["records"]
    values = [column["values"] for column in columns.values()]
    return [dict(zip(columns, row)) for row in zip(*values)]
