// Live facts of the landing page: health, uptime, the head of the log and its latest events as they happen.
"use strict";

const REFRESH_MS = 3000;
const EVENTS_SHOWN = 6;

const element = (id) => document.getElementById(id);
const setText = (id, text) => {
  if (element(id).textContent !== text) element(id).textContent = text;
};

async function showHealth() {
  const words = { UP: "Up", DOWN: "Down", OUT_OF_SERVICE: "Shutting down" };
  let status = "DOWN";
  let text = "No answer";
  try {
    const report = await (await fetch("/health", { cache: "no-store" })).json();
    status = report.status;
    const down = Object.entries(report.components ?? {}).filter(([, part]) => part.status !== "UP");
    text = [words[status] ?? status, ...down.map(([name]) => name)].join(", ");
  } catch {
    // the texts above say so
  }
  element("status").dataset.status = status;
  setText("status", text);
}

function showUptime() {
  const uptime = element("uptime");
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(uptime.dateTime)) / 1000));
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  const parts = units.slice(first < 0 ? 3 : first).slice(0, 2).map(([name, size], index, all) => {
    const within = index === 0 ? seconds : seconds % all[index - 1][1];
    return `${Math.floor(within / size)} ${name}`;
  });
  setText("uptime", parts.join(" "));
}

async function readFeed(after, limit) {
  const answer = await fetch(`/api/v1/inventory/events?after=${after}&limit=${limit}`, { cache: "no-store" });
  return answer.ok ? answer.json() : null;
}

let head = 0;
let socket = null;
let news = [];

async function showEvents() {
  if (socket) return;
  try {
    // from a position known to be near the head, else the first page would be the oldest one
    if (head === 0) head = (await readFeed(0, 1))?.headPosition ?? 0;
    const page = await readFeed(Math.max(0, head - EVENTS_SHOWN), 100);
    if (!page) return;
    showHead(page.headPosition);
    element("events").replaceChildren(...page.items.slice(-EVENTS_SHOWN).reverse().map(row));
    element("news").hidden = page.items.length === 0;
    follow(page.nextPosition);
  } catch {
    // the status says that there is no answer
  }
}

// Each further event as it happens. Where no WebSocket can be had, pages of events are asked for as before.
function follow(after) {
  const opened = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/live?after=${after}`);
  socket = opened;
  opened.addEventListener("close", () => (socket = null));
  opened.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.id > head) head = message.id;
    // a busy chain has more of them than a screen can show
    if (news.length === 0) requestAnimationFrame(showNews);
    news = [...news, message.data].slice(-EVENTS_SHOWN);
  });
}

function showHead(position) {
  head = position;
  setText("position", head.toLocaleString("en"));
}

function showNews() {
  const shown = element("events");
  shown.prepend(...news.filter((told) => told.eventType).reverse().map(row));
  while (shown.children.length > EVENTS_SHOWN) shown.lastElementChild.remove();
  element("news").hidden = shown.children.length === 0;
  news = [];
  showHead(head);
}

function row(event) {
  const short = (id) => (id ? id.slice(0, 8) : "");
  const recorded = new Date(event.recordedAt).toLocaleTimeString();
  const cells = [event.position.toLocaleString("en"), event.eventType, short(event.productId), short(event.storeId), recorded];
  const line = document.createElement("tr");
  line.append(...cells.map((text, column) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    cell.className = ["number", "name", "id", "id", ""][column];
    return cell;
  }));
  return line;
}

function addCopyButton(call) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(call.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  call.querySelector("h3").after(button);
}

async function refresh() {
  if (!document.hidden) {
    showUptime();
    await Promise.all([showHealth(), showEvents()]);
  }
  setTimeout(refresh, REFRESH_MS);
}

for (const origin of document.querySelectorAll("[data-origin]")) origin.textContent = location.origin;
// browsers give the clipboard to secure origins only
if (navigator.clipboard) document.querySelectorAll(".call").forEach(addCopyButton);
refresh();
