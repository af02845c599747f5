// Each page, narrow and wide, light and dark: no violation of axe, no error in the console, no sideways scrolling, itself marked.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SCHEMES, WIDTHS, assertLooksRight, launch, open } from "./browser.mjs";
import { Server } from "./server.mjs";

/** Address, what it is marked as in the bar on top, what tells that it is there, and what is done before it is looked at. */
const PAGES = [
  { name: "start", path: "/", mark: "Start", there: ".event:nth-child(6)", then: unfoldEvent },
  { name: "problems", path: "/problems", mark: "Error codes", there: "table.codes" },
  { name: "problem", path: "/problems/insufficient-stock", mark: "Error codes", there: "article" },
  { name: "swagger", path: "/swagger", mark: "Swagger UI", there: ".opblock", then: executeOperation, viewer: true },
  { name: "redoc", path: "/redoc", mark: "ReDoc", there: "#redoc h2", then: unfoldSchema, viewer: true },
];

/** What the viewers are shown: axe needs minutes for all operations, which look alike. `GONDOLA_TEST_DOCUMENT=whole` is for those who have them. */
const OPERATIONS = ["/api/v1/inventory/reserve", "/api/v1/inventory/batch", "/api/v1/stores/{store}", "/health/live"];
const ANSWERS = ["200", "201", "422"];

let server;
let browser;
before(async () => ([server, browser] = await Promise.all([Server.start("demo"), launch()])));
after(async () => Promise.all([server?.end(), browser?.close()]));

// as many at a time as a small machine has cores
describe("looks", { concurrency: 2 }, () => {
  for (const { name, path, mark, there, then, viewer } of PAGES) {
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        test(`${path} at ${width} pixels, ${colorScheme}`, async () => {
          const { page, faults, close } = await open(browser, { width, colorScheme });
          if (viewer && process.env.GONDOLA_TEST_DOCUMENT !== "whole") await page.route("**/openapi.json", excerpt);
          await page.goto(server.base + path);
          await page.locator(there).first().waitFor();
          await then?.(page);
          await assertLooksRight(page, `${name}-${width}-${colorScheme}`);
          assert.equal(await page.locator("html").getAttribute("lang"), "en");
          assert.match(await page.title(), /Gondola/);
          assert.deepEqual(await page.locator("nav[aria-label=Site] [aria-current]").allTextContents(), [mark]);
          assert.equal(await darkAt(page, width / 2), colorScheme === "dark", "its ground is of the other scheme");
          assert.deepEqual(faults, []);
          await assertFocusIsSeen(page);
          await close();
        });
      }
    }
  }
});

async function excerpt(route) {
  const answer = await route.fetch();
  const document = await answer.json();
  const paths = OPERATIONS.map((path) => [path, document.paths[path]]);
  const operations = paths.flatMap(([, item]) => Object.values(item));
  for (const operation of operations) {
    const kept = Object.entries(operation.responses).filter(([status]) => ANSWERS.includes(status));
    operation.responses = Object.fromEntries(kept);
  }
  document.paths = Object.fromEntries(paths);
  document.tags = document.tags.filter(({ name }) => operations.some(({ tags }) => tags.includes(name)));
  await route.fulfill({ response: answer, json: document });
}

async function unfoldEvent(page) {
  await page.locator("[data-feed=live]").waitFor();
  await page.locator(".event summary").first().click();
}

/** Opens an operation and sends its example, so that everything about it is shown. */
async function executeOperation(page) {
  await page.locator(".opblock-post .opblock-summary-control").first().click();
  await page.locator(".opblock-post .execute").click();
  await page.locator(".live-responses-table .microlight").first().waitFor();
}

async function unfoldSchema(page) {
  await page.locator("#redoc td button").first().click();
  await page.locator("#redoc .api-content button:has(strong)").first().click();
}

/** Whether the ground in the middle of the page is dark. */
function darkAt(page, x) {
  return page.evaluate((x) => {
    let ground = document.elementFromPoint(x, 500);
    const color = () => getComputedStyle(ground).backgroundColor.match(/[\d.]+/g).map(Number);
    while (color()[3] === 0) ground = ground.parentElement;
    return color().slice(0, 3).every((part) => part < 80);
  }, x);
}

/** That the Tab key leads on visibly, from where the page was used and from its beginning. */
async function assertFocusIsSeen(page) {
  for (const begin of [async () => {}, () => page.locator(".skip").focus()]) {
    await begin();
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press("Tab");
      const { text, seen } = await page.evaluate(() => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
        const outlined = outlineStyle !== "none" && outlineWidth !== "0px";
        return { text: document.activeElement.textContent.trim().slice(0, 40), seen: outlined || boxShadow !== "none" };
      });
      assert.ok(seen, `nothing shows that ${JSON.stringify(text)} has the focus`);
    }
  }
}
