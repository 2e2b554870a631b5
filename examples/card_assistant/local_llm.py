"""A stand-in for an OpenAI-compatible endpoint, for tests and for trying the card assistant without an account.

    python examples/card_assistant/local_llm.py --port 0 --api-key local-test-key

Prints its port, then serves ``POST /v1/chat/completions`` on 127.0.0.1 until it is stopped. The same request always
gets the same answer, made from the prompt by simple rules: mostly the first sentence of the first passage of the
help text. Words in the customer's message make it misbehave:

    [slow 2.5]    waits that many seconds before anything else (60 at most)
    [status 503]  answers with that status
    [drop]        hangs up without an answer
    [garbage]     sends what is not JSON
    [empty]       sends an empty answer
"""

import argparse
import hashlib
import hmac
import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/v1/chat/completions"
MOST_REQUEST_BYTES = 1_000_000
LONGEST_WAIT_SECONDS = 60.0


class Refused(Exception):
    """The request gets an error reply with this status, code and message."""

    def __init__(self, status, code, message="The request was refused."):
        super().__init__(message)
        self.status = status
        self.code = code


def create_server(api_key, port=0):
    """A server on 127.0.0.1 that accepts this key; ``server_port`` is its port, ``serve_forever`` runs it."""
    return ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"api_key": api_key}))


def answer_messages(messages):
    """The answer to a conversation: a function of the messages and of nothing else."""
    question = messages[-1]["content"]
    earlier = [message["content"] for message in messages[:-1] if message["role"] == "user"]
    if re.search(r"\bwhat did i (ask|say)\b", question, re.IGNORECASE):
        return f"You wrote: {earlier[-1]}" if earlier else "This is your first message."
    if re.fullmatch(r"\s*(hello|hi|good (morning|afternoon|evening))\W*", question, re.IGNORECASE):
        return "Hello. How can I help you with your card?"
    passage = re.search(r"^\[([^\]]+)\] (.*?[.!?])(?=\s|$)", messages[0]["content"], re.MULTILINE)
    if passage is None:
        return "I do not know that. Please call 0800 555 0199."
    return f"{passage[1]}: {passage[2]}"


def read_request(body):
    """Model and messages of a request body. Raises Refused."""
    try:
        request = json.loads(body)
        model, messages = request["model"], request["messages"]
        valid = isinstance(model, str) and all(
            message["role"] in ("system", "user", "assistant") and isinstance(message["content"], str)
            for message in messages
        )
        last_role = messages[-1]["role"]
    except (ValueError, LookupError, TypeError):
        raise Refused(400, "invalid_request", "a JSON object with model and messages is needed") from None
    if not valid or last_role != "user":
        raise Refused(
            400, "invalid_request", "every message needs a role and a text, and the last one is the user's"
        )
    return model, messages


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api_key = ""

    def do_POST(self):
        try:
            model, messages = self._read()
            self._answer(model, messages)
        except Refused as refused:
            error = {
                "message": str(refused),
                "type": "invalid_request_error",
                "param": None,
                "code": refused.code,
            }
            self._send(refused.status, json.dumps({"error": error}).encode())

    def _read(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_REQUEST_BYTES:
            self.close_connection = True
            raise Refused(413, "request_too_large")
        body = self.rfile.read(length)
        if self.path != PATH:
            raise Refused(404, "not_found")
        expected = f"Bearer {self.api_key}".encode()
        if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), expected):
            raise Refused(401, "invalid_api_key")
        return read_request(body)

    def _answer(self, model, messages):
        question = messages[-1]["content"]
        slow = re.search(r"\[slow (\d{1,3}(?:\.\d{1,3})?)\]", question)
        if slow:
            time.sleep(min(float(slow[1]), LONGEST_WAIT_SECONDS))
        status = re.search(r"\[status ([45]\d\d)\]", question)
        if status:
            raise Refused(int(status[1]), "asked_to_fail")
        if "[drop]" in question:
            self.close_connection = True
        elif "[garbage]" in question:
            self._send(200, b"<html>not a completion</html>")
        else:
            text = "" if "[empty]" in question else answer_messages(messages)
            self._send(200, json.dumps(_completion(model, messages, text)).encode())

    def _send(self, status, body):
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            # The caller gave up while it was told to wait.
            self.close_connection = True

    def log_message(self, *_):
        """Nothing: the conversation belongs in no log."""


def _completion(model, messages, text):
    prompt_tokens = sum(len(message["content"].split()) for message in messages)
    answer_tokens = len(text.split())
    digest = hashlib.sha256(json.dumps([model, messages]).encode()).hexdigest()
    return {
        "id": f"chatcmpl-{digest[:24]}",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"},
        ],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": answer_tokens,
            "total_tokens": prompt_tokens + answer_tokens,
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one (default: %(default)s)")
    parser.add_argument(
        "--api-key", default="local-test-key", help="the key callers must send (default: %(default)s)"
    )
    options = parser.parse_args()
    server = create_server(options.api_key, options.port)
    print(server.server_port, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()


if __name__ == "__main__":
    sys.exit(main())
