"""Card assistant, version 2: a chat pipeline over the bank's card services help text.

It keeps no state. The caller sends the conversation and the context of the previous answer with every message.
"""

import re

from .completion import complete
from .conversation import build_messages
from .knowledge_base import find_passages


def main(user_message, history=(), context=None):
    """Answer one message of a customer.

    user_message: text. history: list of ``{"role", "content"}``, oldest first. context: the context of the previous
    answer, a dict of texts, or None. Returns ``{"output": text, "context": dict of texts}``.
    Raises ValueError for input without meaning, ``CompletionError`` when the language model gives no answer.
    """
    context = dict(context or {})
    passages = find_passages(user_message) or find_passages(context.get("topic", ""))
    messages = build_messages(user_message, history or [], context, passages)
    answer = complete(messages)
    return {"output": answer, "context": _next_context(context, passages)}


def _next_context(context, passages):
    """The caller's own keys stay; ``turns`` counts the answers and ``topic`` names the help text used last."""
    turns = context.get("turns", "0")
    if not re.fullmatch("[0-9]{1,9}", turns):
        raise ValueError("context.turns: a whole number is needed, as an earlier answer returned it")
    following = {**context, "turns": str(int(turns) + 1)}
    if passages:
        following["topic"] = passages[0]["title"]
    return following
