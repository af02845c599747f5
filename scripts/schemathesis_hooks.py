"""Teaches schemathesis newline-delimited JSON: a generated text is a body as it is, an answer is its text."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def as_it_is(ctx, value):
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode() + b"\n"
