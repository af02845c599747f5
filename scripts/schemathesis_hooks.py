"""Teaches schemathesis newline-delimited JSON, and what it is not to try.

A generated text is a body as it is, an answer is its text.
"""

import json
import urllib.parse

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def as_it_is(ctx, value):
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode() + b"\n"


# The server reads no head that is longer (docs/limits.md), so neither does it judge what stands in it.
HEAD_BYTES = 48 << 10


def leaves(value):
    """All values in a value that hold no others."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def is_padded(leaf):
    """Whether a text has blanks around it: they are taken away before it is measured."""
    return isinstance(leaf, str) and leaf != leaf.strip()


@schemathesis.hook
def filter_case(ctx, case):
    """Leaves out what the document says nothing of (ADR 067), so that it is neither right nor wrong.

    Null for an optional field is taken as absent, but not promised; in a merge patch it removes a value, so there it is tried.
    """
    body = leaves(case.body)
    if case.operation.method.lower() != "patch" and None in body:
        return False
    query = urllib.parse.urlencode(case.query or {}, doseq=True)
    return len(query) < HEAD_BYTES and not any(map(is_padded, body))
