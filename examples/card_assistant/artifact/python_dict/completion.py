"""Calls an OpenAI-compatible chat completions endpoint with the standard library alone.

The environment gives ``OPENAI_API_KEY`` and, for another endpoint than that of llm_settings.json, ``OPENAI_BASE_URL``
(ending in ``/v1``). Both are read at every call, so that a key can be changed under a running process.
"""

import http.client
import json
import os
import re
import socket
import urllib.error
import urllib.request
from pathlib import Path

SETTINGS = json.loads(Path(__file__).with_name("llm_settings.json").read_text(encoding="utf-8"))

# Settings that go into the request. Those that are null stay out: OpenAI refuses top_k, other servers know it.
SENT = ("model", "temperature", "seed", "top_k", "max_tokens")
MOST_REPLY_BYTES = 1_000_000


class CompletionError(Exception):
    """The language model gave no answer. The text says why and never holds the key or the conversation."""


class _RefuseRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would send the key to whatever host the reply names."""

    def redirect_request(self, *_):
        return None


_OPENER = urllib.request.build_opener(_RefuseRedirects)


def complete(messages):
    """The text of the model's first choice.

    Raises CompletionError when the key is missing, when the endpoint fails or takes longer than ``timeout_seconds``,
    and when its reply is not a chat completion. Nothing is tried twice: the caller has the deadline, not this function.
    """
    request = urllib.request.Request(
        _base_url() + "/chat/completions",
        data=json.dumps({**_sent_settings(), "messages": messages}).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer " + _api_key()},
    )
    # Each error ends here with "from None": the request inside the original ones carries the key. Before Python 3.10
    # socket.timeout is not yet TimeoutError.
    try:
        with _OPENER.open(request, timeout=SETTINGS["timeout_seconds"]) as response:
            body = response.read(MOST_REPLY_BYTES + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise CompletionError(
                f"the language model endpoint answered {error.code}{_code(error)}"
            ) from None
    except socket.timeout:
        raise CompletionError(_timeout_text()) from None
    except urllib.error.URLError as error:
        timed_out = isinstance(error.reason, socket.timeout)
        raise CompletionError(
            _timeout_text() if timed_out else f"the language model endpoint cannot be reached: {error.reason}"
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise CompletionError(f"the language model endpoint broke off: {type(error).__name__}") from None
    return _answer_text(body)


def _api_key():
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not key:
        raise CompletionError(
            "OPENAI_API_KEY is not set: give the process the key of the language model endpoint"
        )
    # http.client would print a key that cannot stand in a header in its own error.
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise CompletionError("OPENAI_API_KEY holds characters that a key cannot have")
    return key


def _base_url():
    url = (os.environ.get("OPENAI_BASE_URL") or SETTINGS["base_url"]).rstrip("/")
    # urllib also opens file: addresses, and their content would come back as an answer.
    if not re.match(r"https?://[^/\s]", url):
        raise CompletionError("OPENAI_BASE_URL: an address that begins with https:// or http:// is needed")
    return url


def _sent_settings():
    return {name: SETTINGS[name] for name in SENT if SETTINGS[name] is not None}


def _timeout_text():
    return f"the language model endpoint took longer than {SETTINGS['timeout_seconds']} seconds"


def _code(error):
    """The endpoint's error code if it is a plain word. Its message stays out: some quote the key or the prompt."""
    try:
        code = json.loads(error.read(MOST_REPLY_BYTES))["error"]["code"]
    except (ValueError, LookupError, TypeError, OSError, http.client.HTTPException):
        return ""
    return f" ({code})" if isinstance(code, str) and re.fullmatch(r"[a-z][a-z_]{0,39}", code) else ""


def _answer_text(body):
    if len(body) > MOST_REPLY_BYTES:
        raise CompletionError("the language model endpoint sent too long a reply")
    try:
        text = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise CompletionError("the language model endpoint did not send a chat completion") from None
    if not isinstance(text, str) or not text.strip():
        raise CompletionError("the language model sent an empty answer")
    return text
