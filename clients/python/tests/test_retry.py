"""What is sent again, and under which key."""

import unittest

import httpx

from gondola.retry import KEY, RetryTransport

RESERVE = "http://gondola.test/api/v1/inventory/reserve"
REBUILD = "http://gondola.test/api/v1/inventory/views/rebuild"


class Scripted(httpx.BaseTransport):
    """A server that answers as told, and what it was sent."""

    def __init__(self, *answers):
        self.answers, self.keys = list(answers), []

    def handle_request(self, request):
        self.keys.append(request.headers.get(KEY))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


def post(server, url):
    with httpx.Client(transport=RetryTransport(server, wait=0.001)) as client:
        return client.post(url, json={"quantity": 1}).status_code


class Retry(unittest.TestCase):
    def test_a_hold_is_sent_again_under_the_same_key_when_nobody_answered(self):
        server = Scripted(httpx.ConnectError("broken"), 503, 201)
        self.assertEqual(post(server, RESERVE), 201)
        self.assertEqual(len(server.keys), 3)
        self.assertIsNotNone(server.keys[0])
        self.assertEqual(len(set(server.keys)), 1)

    def test_a_refusal_is_final_and_attempts_come_to_an_end(self):
        refused = Scripted(409, 201)
        self.assertEqual(post(refused, RESERVE), 409)
        self.assertEqual(post(Scripted(503, 503, 503, 503, 201), RESERVE), 503)

    def test_what_takes_no_key_is_not_sent_again(self):
        server = Scripted(503, 200)
        self.assertEqual(post(server, REBUILD), 503)
        self.assertEqual(server.keys, [None])


if __name__ == "__main__":
    unittest.main()
