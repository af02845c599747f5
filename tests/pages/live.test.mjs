// The start page of a server that runs: events as they happen, calls that work when pasted, and a server that is killed and comes back.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { assertLooksRight, launch, open } from "./browser.mjs";
import { Server } from "./server.mjs";

const STORE = { code: "SP-PAULISTA", name: "Avenida Paulista" };
const PRODUCT = { sku: "PROD123456", name: "Wireless headphones" };
// on a machine that tests much else at the same time
const ARRIVES_WITHIN_MS = 10_000;
const TOLD_EVERY_MS = 10_000;
const RECOVERS_WITHIN_MS = 30_000;

let server;
let browser;
let shown;
before(async () => {
  [server, browser] = await Promise.all([Server.start("demo"), launch()]);
  shown = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await shown.page.goto(server.base);
  await shown.page.locator("[data-feed=live]").waitFor();
  await shown.page.locator(".event:nth-child(6)").waitFor();
});
after(async () => Promise.all([server?.end(), browser?.close()]));

function hold(quantity) {
  return server.ask("POST", "/api/v1/inventory/reserve", { storeCode: STORE.code, productSku: PRODUCT.sku, quantity });
}

/** The event of a position on the page. */
function eventAt(position) {
  return shown.page.locator(`.event[data-position="${position}"]`);
}

test("the latest events stand there with names", async () => {
  const { items } = await server.ask("GET", "/api/v1/inventory/events?limit=1000");
  const expected = items.slice(-6).reverse().map(({ position }) => String(position));
  const events = await shown.page.locator(".event").evaluateAll((all) => all.map(({ dataset }) => dataset.position));
  assert.deepEqual(events, expected);
  for (const words of await shown.page.locator(".event .subject strong, .event .place").allTextContents()) {
    assert.match(words, /^[A-Z][a-z]+/, `${words} is no name`);
  }
});

test("a hold arrives with its product, store, quantity and id", async () => {
  const { reservationId, position } = await hold(3);
  const made = Date.now();
  const event = eventAt(position);
  await event.waitFor({ timeout: ARRIVES_WITHIN_MS });
  console.log(`the hold was there after ${Date.now() - made} ms`);
  const part = (name) => event.locator(`.${name}`).first().textContent();
  assert.equal(await part("what"), "Stock reserved");
  assert.equal(await part("quantity"), "3");
  assert.equal(await part("subject"), PRODUCT.name + PRODUCT.sku);
  assert.equal(await part("place"), STORE.name + STORE.code);
  assert.match(await part("ids"), new RegExp(`^#${position} .*reservation ${reservationId}`));
  assert.equal(await shown.page.locator(".event").count(), 6, "older ones make place");
  assert.equal(await shown.page.locator("#position").textContent(), String(position));
});

test("screen readers hear summaries, not each event", async () => {
  const announced = shown.page.locator("#announced");
  await announced.evaluate((element) => {
    element.told = [];
    new MutationObserver(() => element.told.push(element.textContent)).observe(element, { childList: true });
  });
  assert.equal(await announced.getAttribute("role"), "status", "it is read politely");
  assert.equal(await shown.page.locator("#events[aria-live], #events [aria-live]").count(), 0);
  const begun = Date.now();
  for (let made = 0; made < 5; made += 1) {
    const { position } = await hold(1);
    await eventAt(position).waitFor();
  }
  // the hold of the test before has been told, so these wait for their turn
  const counted = (told) => told.reduce((sum, words) => sum + Number(words.match(/^\d+/)), 0);
  let told = [];
  while (counted(told) < 5) {
    assert.ok(Date.now() - begun < 30_000, `not all of five events are told: ${told}`);
    await shown.page.waitForTimeout(200);
    told = await announced.evaluate((element) => element.told);
  }
  const most = 1 + Math.floor((Date.now() - begun) / TOLD_EVERY_MS);
  assert.ok(told.length <= most, `told ${told.length} times, not ${most}: ${told.join("; ")}`);
  assert.match(told.at(-1), /^\d new events?(, the last one)?: Stock reserved, 1 Wireless headphones, Avenida Paulista$/);
});

test("who pauses sees nothing move, and all of it afterwards", async () => {
  const pause = shown.page.getByRole("button", { name: "Pause" });
  await pause.click();
  assert.equal(await pause.getAttribute("aria-pressed"), "true");
  const first = shown.page.locator(".event").first();
  const before = await first.getAttribute("data-position");
  const { position } = await hold(2);
  await shown.page.waitForTimeout(1_000);
  assert.equal(await first.getAttribute("data-position"), before);
  await pause.click();
  await eventAt(position).waitFor({ timeout: ARRIVES_WITHIN_MS });
});

test("the calls work as they are pasted, and each has ids of its own", async () => {
  const { page } = shown;
  const reservation = page.locator("[data-fill=reservation]").first();
  const first = await reservation.textContent();
  await page.getByRole("button", { name: "New ids" }).click();
  assert.notEqual(await reservation.textContent(), first);
  const folder = mkdtempSync(join(tmpdir(), "gondola-curl-"));
  writeFileSync(join(folder, ".curlrc"), "silent\nshow-error\nfail-with-body\n");
  const calls = page.locator(".call");
  assert.equal(await calls.count(), 4);
  for (const call of await calls.all()) {
    await call.getByRole("button").click();
    await call.getByText("Copied").waitFor();
    const pasted = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(pasted, await call.locator("code").textContent());
    assert.match(pasted, /^(curl -X POST |STORE=)/);
    await promisify(execFile)("bash", ["-ec", pasted], { env: { ...process.env, CURL_HOME: folder } });
  }
  rmSync(folder, { recursive: true });
  const id = await reservation.textContent();
  assert.equal((await server.ask("GET", `/api/v1/inventory/reservations/${id}`)).status, "committed");
  const sold = page.locator(".event", { hasText: `reservation ${id}` }).filter({ hasText: "Stock committed" });
  await sold.waitFor({ timeout: ARRIVES_WITHIN_MS });
  assert.equal(await sold.locator(".quantity").textContent(), "\u22125");
});

test("copying works where the origin is not secure", async () => {
  const { page, close } = await open(browser);
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.goto(server.base);
  const call = page.locator(".call").first();
  await call.getByRole("button").click();
  await call.getByText("Copied").waitFor();
  await close();
  const pasted = await shown.page.evaluate(() => navigator.clipboard.readText());
  assert.match(pasted, /^curl -X POST .*\/api\/v1\/inventory\/stock/);
});

test("no fault was heard of so far", () => assert.deepEqual(shown.faults, []));

test("a server that is killed is said to be away, and events go on when it is back", async () => {
  const { page } = shown;
  await server.kill();
  await page.locator("[data-feed=away]").waitFor();
  await page.locator("#away").waitFor();
  await page.locator("#status", { hasText: "No answer" }).waitFor();
  await assertLooksRight(page, "start-away");
  const started = await page.locator("#uptime").getAttribute("datetime");
  await server.run();
  await page.locator("[data-feed=live]").waitFor({ timeout: RECOVERS_WITHIN_MS });
  await page.locator("#away").waitFor({ state: "hidden" });
  const { position } = await hold(4);
  await eventAt(position).waitFor({ timeout: ARRIVES_WITHIN_MS });
  await page.locator("#status", { hasText: "Up" }).waitFor();
  assert.notEqual(await page.locator("#uptime").getAttribute("datetime"), started, "it tells of the process before");
});
