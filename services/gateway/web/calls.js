// The first calls on the start page: about a store and a product that there are, with ids that were not used before.

import { ask } from "./feed.js";

// what stands for itself between quotes of a shell, in JSON and in a path
const PLAIN = /^[A-Za-z0-9._-]{1,64}$/;
const COPIED_MS = 1_500;

/** Fills the calls and puts buttons beside them. */
export function prepareCalls() {
  fill("origin", location.origin);
  freshIds();
  const fresh = document.getElementById("fresh");
  fresh.hidden = false;
  fresh.addEventListener("click", freshIds);
  document.querySelectorAll(".call").forEach(addCopyButton);
}

/** Makes the calls carry a key from the environment. */
export function askForKey() {
  fill("key", '  -H "X-Api-Key: $GONDOLA_KEY" \\\n');
}

/** Makes the calls about a shop and a product of the catalogue, where there are both. */
export async function nameSubjects() {
  const first = async (path, fits) => {
    const answer = await ask(path);
    return answer.ok ? (await answer.json()).items.find(fits) : undefined;
  };
  try {
    const store = await first("/api/v1/stores?limit=50", ({ status, kind }) => status === "active" && kind === "shop");
    const product = await first("/api/v1/products?limit=50", ({ status }) => status === "active");
    if (!store || !product) return;
    fill("store", store.storeId);
    fill("product", product.productId);
    name("store", "storeCode", store.code);
    name("product", "productSku", product.sku);
    document.getElementById("subject").textContent = `They are about ${product.name} in the store ${store.name}.`;
  } catch {
    // the ids that stand there serve as well
  }
}

/** Calls something by a name of people instead of its id, where the name needs no quoting. */
function name(subject, field, value) {
  if (!PLAIN.test(value)) return;
  fill(`${subject}-field`, field);
  fill(subject, value);
}

function freshIds() {
  fill("reservation", uuid());
  fill("transaction", `TILL-1-${uuid().slice(0, 8).toUpperCase()}`);
}

/** A random UUID; `crypto.randomUUID` is there for secure origins only. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function fill(name, text) {
  for (const place of document.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = text;
}

function addCopyButton(call) {
  const title = call.querySelector("h3");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  const say = (word) => {
    button.textContent = word;
    button.setAttribute("aria-label", `${word}: ${title.textContent}`);
  };
  say("Copy");
  button.addEventListener("click", async () => {
    say((await copied(call.querySelector("code"))) ? "Copied" : "Not copied");
    setTimeout(() => say("Copy"), COPIED_MS);
  });
  title.after(button);
}

/** Puts an element's text on the clipboard: by selecting it where the page's origin is not secure, as on a shop's own network. */
async function copied(code) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(code.textContent).then(() => true, () => false);
  }
  getSelection().selectAllChildren(code);
  const done = document.execCommand("copy");
  getSelection().removeAllRanges();
  return done;
}
