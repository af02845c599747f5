/** Makes a hold, a commit and a batch against the server at GONDOLA_URL. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createGondolaClient, type Schemas } from "../src/index.js";

const baseUrl = process.env["GONDOLA_URL"];
const place = { storeId: "11111111-1111-1111-1111-111111111111", productSku: "PROD123456" };

test("a hold, a commit and a batch", { skip: baseUrl === undefined }, async () => {
  const apiKey = process.env["GONDOLA_KEY"] ?? "";
  const client = createGondolaClient({ baseUrl: baseUrl ?? "", apiKey });
  const reserve = { params: { header: { "Idempotency-Key": "ts-hold" } }, body: { ...place, quantity: 2 } };
  const held = await client.POST("/api/v1/inventory/reserve", reserve);
  const again = await client.POST("/api/v1/inventory/reserve", reserve);
  assert.ok(held.data && again.data, JSON.stringify(held.error));
  assert.equal(again.data.reservationId, held.data.reservationId);
  assert.equal(again.response.headers.get("Idempotency-Replayed"), "true");

  const commit = { reservationId: held.data.reservationId, transactionId: "TS-1" };
  const sold = await client.POST("/api/v1/inventory/commit", { body: commit });
  assert.equal(sold.data?.status, "committed");

  const hold = (quantity: number): Schemas["BatchCommand"] => ({ op: "reserve", ...place, quantity });
  const batch = await client.POST("/api/v1/inventory/batch", { body: [hold(1), hold(2), hold(1_000_000)] });
  assert.deepEqual(batch.data?.map((answer) => answer.status), [201, 201, 409]);
  assert.equal(batch.data?.[2]?.problem?.requested, 1_000_000);
});
