// The latest events on the start page: in words, with names, newest first, told to screen readers in summaries.

import { ask, follow, useKey } from "./feed.js";

const SHOWN = 6;
// a busy chain has more events than a screen can show
const RENDER_EVERY_MS = 250;
const ANNOUNCE_EVERY_MS = 10_000;
const NAMES_MOST = 1_000;
// which events of a quantity change what is on hand, and in which direction
const ON_HAND = { StockAddedEvent: 1, StockTransferredInEvent: 1, StockCommittedEvent: -1, StockTransferredOutEvent: -1 };

const element = (id) => document.getElementById(id);
const list = element("events");

const names = new Map();
let following = null;
let waiting = [];
let replacing = false;
let rendering = null;
let unannounced = 0;
let announcing = null;

/**
 * Shows events from now on. `tell.live(wasAway)` hears that the server tells them, at first or again, `tell.head(position)` how far the
 * log is, and `tell.refused()` that a key is needed.
 */
export function showEvents(tell) {
  let wasAway = false;
  const start = () => {
    setFeed("connecting", "Connecting");
    following = follow(SHOWN, {
      live(recent, head) {
        waiting = [];
        replacing = true;
        told(recent);
        setFeed("live", "Live");
        tell.head(head);
        tell.live(wasAway);
        wasAway = false;
      },
      event(event) {
        unannounced += 1;
        told([event]);
      },
      head: tell.head,
      refused() {
        following = null;
        setFeed("refused", "Key needed");
        // it was given before, and did not do
        if (element("key").value) element("refusal").textContent = "This key is not known here, or may not read events.";
        tell.refused();
      },
      away() {
        wasAway = true;
        const stale = list.children.length > 0 ? " What is below may be out of date." : "";
        element("away").textContent = `This server does not answer. It is asked again every few seconds.${stale}`;
        setFeed("away", "Away");
      },
    });
  };

  element("pause").addEventListener("click", () => {
    const paused = following !== null;
    element("pause").setAttribute("aria-pressed", String(paused));
    if (paused) {
      following.stop();
      following = null;
      setFeed("paused", "Paused");
    } else {
      start();
    }
  });
  element("credential").addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    useKey(element("key").value);
    names.clear();
    element("refusal").textContent = "";
    start();
  });
  // a page that nobody sees holds no connection
  let hidden = false;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && following) {
      hidden = true;
      following.stop();
    } else if (!document.hidden && hidden) {
      hidden = false;
      start();
    }
  });
  start();
}

function setFeed(state, text) {
  element("feed").dataset.feed = state;
  element("feed").textContent = text;
  element("away").hidden = state !== "away";
  element("credential").hidden = state !== "refused";
  element("pause").hidden = !["live", "paused"].includes(state);
  if (state === "refused") list.replaceChildren();
}

function told(events) {
  waiting = [...waiting, ...events].slice(-SHOWN);
  rendering ??= setTimeout(render, replacing ? 0 : RENDER_EVERY_MS);
}

/** Puts the waiting events on top once their names are known. */
async function render() {
  const [events, whole] = [waiting, replacing];
  [waiting, replacing] = [[], false];
  const rows = (await Promise.all(events.map(row))).reverse();
  // another connection may have begun while names were asked for: its own come next, in place of all
  if (!replacing) {
    if (whole) list.replaceChildren(...rows);
    else list.prepend(...rows);
    while (list.children.length > SHOWN) list.lastElementChild.remove();
    element("none").hidden = list.children.length > 0;
  }
  rendering = waiting.length > 0 || replacing ? setTimeout(render, RENDER_EVERY_MS) : null;
  if (announcing === null) announce();
}

/** Says how many events came, and which was the last, at most every ten seconds: screen readers speak slower than a chain sells. */
function announce() {
  announcing = null;
  if (unannounced === 0) return;
  const count = unannounced === 1 ? "1 new event" : `${unannounced} new events, the last one`;
  element("announced").textContent = `${count}: ${list.firstElementChild?.dataset.words}`;
  unannounced = 0;
  announcing = setTimeout(announce, ANNOUNCE_EVERY_MS);
}

/** The name of a store or product; its code or SKU, or else its id, where the catalogue does not have it. */
function nameOf(kind, id, code) {
  const known = names.get(id);
  if (known) return known;
  if (names.size >= NAMES_MOST) names.clear();
  const name = ask(`/api/v1/${kind}/${encodeURIComponent(id)}`)
    .then(async (answer) => (answer.ok ? (await answer.json()).name : null))
    .catch(() => null)
    .then((found) => {
      // asked again with the next event
      if (found === null) names.delete(id);
      return found ?? code ?? id;
    });
  names.set(id, name);
  return name;
}

async function row(event) {
  const { data, productId, productSku, storeId, storeCode } = event;
  const [product, store] = await Promise.all([
    nameOf("products", productId, productSku),
    nameOf("stores", storeId, storeCode),
  ]);
  const what = inWords(event.eventType);
  const quantity = quantityOf(event.eventType, data);
  const line = make("li", "event");
  line.dataset.words = `${what}, ${quantity} ${product}, ${store}`;
  line.dataset.position = event.position;

  const details = document.createElement("details");
  const summary = make("summary", "");
  const recorded = make("time", "when", timeOf(event.recordedAt));
  recorded.dateTime = event.recordedAt;
  recorded.title = event.recordedAt;
  const subject = make("span", "subject");
  subject.append(make("strong", "", product), make("span", "sku", productSku === product ? "" : productSku));
  const place = make("span", "place", store);
  place.append(make("span", "sku", storeCode === store ? "" : storeCode));
  summary.append(
    make("span", "quantity", quantity),
    make("span", "what", what),
    subject,
    place,
    recorded,
    make("span", "ids", [`#${event.position}`, ...idsOf(data)].join(" \u00b7 ")),
  );
  details.append(summary, make("pre", "", JSON.stringify(event, null, 2)));
  line.append(details);
  return line;
}

/** `StockReservedEvent` as `Stock reserved`. */
function inWords(eventType) {
  return eventType.replace(/Event$/, "").replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Units, with a sign where they change what is on hand; none for what is not about units. */
function quantityOf(eventType, { quantity, delta }) {
  const signed = delta ?? (ON_HAND[eventType] ?? 0) * quantity;
  if (signed) return `${signed > 0 ? "+" : "\u2212"}${Math.abs(signed)}`;
  return String(delta ?? quantity ?? "");
}

function idsOf(data) {
  const ids = { order: "orderId", reservation: "reservationId", transfer: "transferId", transaction: "transactionId" };
  const known = Object.entries(ids).filter(([, field]) => data[field]);
  return known.map(([word, field]) => `${word} ${data[field]}`);
}

function timeOf(recordedAt) {
  const moment = new Date(recordedAt);
  const today = moment.toDateString() === new Date().toDateString();
  return today ? moment.toLocaleTimeString() : moment.toLocaleString();
}

function make(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
