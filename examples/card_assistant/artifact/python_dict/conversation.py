"""Builds the messages that the language model gets."""

import json
from pathlib import Path
from string import Template

SYSTEM_PROMPT = Template(
    Path(__file__).with_name("prompts").joinpath("system.txt").read_text(encoding="utf-8")
)

# Older turns are left out: the prompt, and with it the price and the time of an answer, must not grow without end.
MOST_TURNS = 20
ROLES = ("user", "assistant")


def build_messages(user_message, history, context, passages):
    """The system prompt, the latest turns and the new message, in the form of the chat completions interface.

    Raises ValueError for an empty message and for a turn that is not one of the user or the assistant: a caller who
    could add system turns could replace the rules of the prompt.
    """
    if not user_message.strip():
        raise ValueError("user_message: a text is needed")
    for index, turn in enumerate(history):
        if turn.get("role") not in ROLES:
            raise ValueError(f"history[{index}].role: user or assistant is needed")
        if not isinstance(turn.get("content"), str):
            raise ValueError(f"history[{index}].content: a text is needed")
    turns = [{"role": turn["role"], "content": turn["content"]} for turn in history[-MOST_TURNS:]]
    system = SYSTEM_PROMPT.substitute(passages=_list_passages(passages), facts=_list_facts(context))
    return [{"role": "system", "content": system}, *turns, {"role": "user", "content": user_message}]


def _list_passages(passages):
    return "\n".join(f"[{passage['title']}] {passage['text']}" for passage in passages) or "(none)"


def _list_facts(context):
    """One JSON object: quoted, a value with line ends cannot pass for another rule of the prompt."""
    return json.dumps(context, ensure_ascii=False, sort_keys=True)
