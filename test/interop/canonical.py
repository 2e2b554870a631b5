"""Samples in, answers out: the form in which the clients here report to the tests that start them."""

import json
import re
from datetime import datetime, timezone
from pathlib import Path


def report_answers(call, sample_files):
    """Prints a line for each sample, ``{"sample", "answer"}``; the answer is text as in the expected files."""
    for file in sample_files:
        sample = json.loads(Path(file).read_text(encoding="utf-8"))
        report({"sample": Path(file).stem, "answer": to_text(call(sample))})


def report(record):
    print(json.dumps(record), flush=True)


def read_moment(text):
    """The moment of a sample; before Python 3.11 ``fromisoformat`` wants three or six fraction digits."""
    whole, _, fraction = text.partition(".")
    return datetime.fromisoformat(whole).replace(microsecond=int(fraction.ljust(6, "0")))


def write_moment(value):
    """A moment in UTC, without its zone and without zeros at the end; no zone means UTC already."""
    in_utc = value if value.tzinfo is None else value.astimezone(timezone.utc).replace(tzinfo=None)
    return re.sub(r"(\.\d+?)0+$", r"\1", in_utc.isoformat())


def to_text(answer):
    """Canonical JSON. Floats and integers stay apart in it, and so do a number and its text."""
    return json.dumps(answer, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
