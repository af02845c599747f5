"""Sends again what can be repeated, under the same key."""

import re
import time
import uuid

import httpx

from gondola.repeatable import REPEATABLE
from gondola_client import Client

KEY = "Idempotency-Key"

# Answers that say that nothing was done, or that only a repetition can tell.
PASSING = {429, 502, 503, 504}

_PATHS = [
    (method, re.compile("^" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + "$"))
    for method, path in (one.split(" ") for one in sorted(REPEATABLE))
]


class RetryTransport(httpx.BaseTransport):
    """Gives each change that can be repeated an `Idempotency-Key`, and sends it again under that when nobody answered.

    `attempts` is how often a request is sent at most, `wait` the seconds before the second attempt, doubled for each further
    one; `Retry-After` goes before it.
    """

    def __init__(self, within: httpx.BaseTransport, attempts: int = 4, wait: float = 0.2):
        self._within, self._attempts, self._wait = within, attempts, wait

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        method, path = request.method, request.url.path
        if KEY not in request.headers and any(it == method and regex.match(path) for it, regex in _PATHS):
            request.headers[KEY] = str(uuid.uuid4())
        is_safe = method == "GET" or KEY in request.headers
        request.read()
        for attempt in range(1, self._attempts + 1):
            is_last = not is_safe or attempt == self._attempts
            wait = self._wait * 2 ** (attempt - 1)
            try:
                response = self._within.handle_request(request)
                if is_last or response.status_code not in PASSING:
                    return response
                told = response.headers.get("Retry-After", "")
                wait = float(told) if told.isdigit() else wait
                response.close()
            except httpx.TransportError:
                if is_last:
                    raise
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        self._within.close()


def connect(url: str, api_key: str | None = None, attempts: int = 4, wait: float = 0.2, timeout: float = 35.0) -> Client:
    """A client of the server at `url`, to be given to the operations of `gondola_client.api`."""
    headers = {} if api_key is None else {"X-Api-Key": api_key}
    transport = RetryTransport(httpx.HTTPTransport(), attempts, wait)
    return Client(base_url=url, headers=headers, timeout=httpx.Timeout(timeout), httpx_args={"transport": transport})
