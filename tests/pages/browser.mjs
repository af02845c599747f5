// Debian's Chromium, what went wrong on a page, and what must be right on each.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const SCREENSHOTS = process.env.GONDOLA_TEST_SCREENSHOTS ?? "target/pages/screenshots";
mkdirSync(SCREENSHOTS, { recursive: true });

// longer than anything takes on a machine that tests much else at the same time
const PATIENCE_MS = 60_000;

export const WIDTHS = [390, 1280];
export const SCHEMES = ["light", "dark"];

export function launch() {
  return chromium.launch({
    executablePath: process.env.GONDOLA_TEST_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page in a context of its own. `faults` gets what it throws and what the console calls an error. */
export async function open(browser, { width = 1280, colorScheme = "light", permissions = [] } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, permissions });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  return { page, faults, close: () => context.close() };
}

/** That no rule of axe is broken by anything on the page, and nothing is wider than the screen. Leaves a screenshot. */
export async function assertLooksRight(page, name) {
  // also of what a scheme has faded in
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true, animations: "disabled" });
  // pages have no frames, so it need not go to a page of its own to sum up, which takes a third of the time
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  const told = violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 5).map(({ target, failureSummary }) => `    ${target.join(" ")}: ${failureSummary}`);
    return `  ${id} (${help}) ${nodes.length} times:\n${places.join("\n")}`;
  });
  assert.equal(violations.length, 0, `${name}: axe finds\n${told.join("\n")}`);
  const { inner, whole } = await page.evaluate(() => ({
    inner: document.documentElement.clientWidth,
    whole: document.documentElement.scrollWidth,
  }));
  assert.ok(whole <= inner, `${name}: it is ${whole} pixels wide, on a screen of ${inner}`);
}
