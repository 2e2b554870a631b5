"""Finds the passages of the help text that share most words with a question."""

import re
from pathlib import Path

TEXT = Path(__file__).with_name("knowledge").joinpath("card_services.md").read_text(encoding="utf-8")

# How many passages go into the prompt.
MOST_PASSAGES = 2
# A word of the title says more about a passage than one of its text.
TITLE_WEIGHT = 3
COMMON_WORDS = frozenset(
    """
    a about after all am an and any are ask at be been before but by can card cards could did do does for from get
    had has have how i if in into is it its me my need no not of on one or our out please so that the their them
    there they this to under until up want was we what when where which who will with without would you your
    """.split()
)


def find_passages(question):
    """The best passages as ``{"title", "text"}``, best first; equal ones in the order of the file."""
    wanted = _words(question)
    scored = ((_overlap(wanted, passage), passage) for passage in PASSAGES)
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return [passage for _, passage in best[:MOST_PASSAGES]]


def _overlap(wanted, passage):
    return TITLE_WEIGHT * len(wanted & _words(passage["title"])) + len(wanted & _words(passage["text"]))


def _words(text):
    return {
        word.removesuffix("s") for word in re.findall(r"\w+", text.casefold()) if word not in COMMON_WORDS
    }


def _split_passages(text):
    """One passage per second-level heading."""
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    parts = (section.partition("\n") for section in sections)
    return [{"title": title.strip(), "text": body.strip()} for title, _, body in parts]


PASSAGES = _split_passages(TEXT)
