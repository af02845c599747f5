import assert from "node:assert/strict";
import { test } from "node:test";
import { createGondolaClient } from "../src/index.js";

const body = { storeId: "11111111-1111-1111-1111-111111111111", productSku: "PROD123456", quantity: 1 };

/** A client of a server that answers as told, and what it was sent. */
function scripted(answers: (number | Error)[]) {
  const sent: (string | null)[] = [];
  const fetch = async (request: Request) => {
    sent.push(request.headers.get("Idempotency-Key"));
    await request.text();
    const answer = answers[sent.length - 1] ?? 500;
    if (answer instanceof Error) throw answer;
    return new Response("{}", { status: answer, headers: { "content-type": "application/json" } });
  };
  return { client: createGondolaClient({ baseUrl: "http://gondola.test", waitMs: 1, fetch }), sent };
}

test("a hold is sent again under the same key when nobody answered", async () => {
  const { client, sent } = scripted([new TypeError("broken"), 503, 201]);
  const { response } = await client.POST("/api/v1/inventory/reserve", { body });
  assert.equal(response.status, 201);
  assert.equal(sent.length, 3);
  assert.ok(sent[0]);
  assert.deepEqual(new Set(sent).size, 1);
});

test("a refusal is final, and attempts come to an end", async () => {
  const refused = scripted([409, 201]);
  await refused.client.POST("/api/v1/inventory/reserve", { body });
  assert.equal(refused.sent.length, 1);
  const down = scripted([503, 503, 503, 503, 201]);
  const { response } = await down.client.POST("/api/v1/inventory/reserve", { body });
  assert.equal(response.status, 503);
  assert.equal(down.sent.length, 4);
});

test("what takes no key is not sent again", async () => {
  const { client, sent } = scripted([503, 200]);
  await client.POST("/api/v1/inventory/views/rebuild", {});
  assert.deepEqual(sent, [null]);
});
