"""Teaches schemathesis newline-delimited JSON: one generated object is a body of one line."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def one_line(ctx, value):
    return json.dumps(value).encode() + b"\n"


@schemathesis.deserializer("application/x-ndjson")
def first_line(ctx, response):
    return json.loads(response.text.splitlines()[0]) if response.text.strip() else {}
