// The start page of a server that asks who its callers are, and has nothing in it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { assertLooksRight, launch, open } from "./browser.mjs";
import { Server } from "./server.mjs";

let server;
let browser;
before(async () => ([server, browser] = await Promise.all([Server.startWithKey("serve"), launch()])));
after(async () => Promise.all([server?.end(), browser?.close()]));

test("a key shows that nothing has happened, and then what happens", async () => {
  const { page, close } = await open(browser, { width: 390 });
  await page.goto(server.base);
  await page.locator("[data-feed=refused]").waitFor();
  await assertLooksRight(page, "start-key");

  await page.getByLabel("API key").fill("not-a-key");
  await page.getByRole("button", { name: "Show events" }).click();
  await page.getByRole("alert").filter({ hasText: "This key is not known here" }).waitFor();
  await assertLooksRight(page, "start-key-refused");
  await page.getByLabel("API key").fill(server.key);
  await page.getByRole("button", { name: "Show events" }).click();
  await page.locator("[data-feed=live]").waitFor();
  await page.locator("#none").waitFor();
  await assertLooksRight(page, "start-none");

  const pasted = await page.locator(".call code").first().textContent();
  await promisify(execFile)("bash", ["-ec", pasted], { env: { ...process.env, GONDOLA_KEY: server.key } });
  const event = page.locator(".event");
  await event.waitFor();
  await page.locator("#none").waitFor({ state: "hidden" });
  // there is no catalogue, so there are no names
  assert.equal(await event.locator(".subject").textContent(), "22222222-2222-2222-2222-222222222222");
  assert.equal(await event.locator(".quantity").textContent(), "+100");
  await assertLooksRight(page, "start-ids");
  await close();
});
