// The start page: how this server fares, the first calls and the latest events.

import { askForKey, nameSubjects, prepareCalls } from "./calls.js";
import { showEvents } from "./events.js";

const REFRESH_MS = 3_000;

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
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(element("uptime").dateTime)) / 1000));
  const units = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  const parts = units.slice(first < 0 ? 3 : first).slice(0, 2).map(([name, size], index, all) => {
    const within = index === 0 ? seconds : seconds % all[index - 1][1];
    return `${Math.floor(within / size)} ${name}`;
  });
  setText("uptime", parts.join(" "));
}

/** Takes over what the page says about the process, which is another one after a restart. */
async function refreshFacts() {
  const answer = await fetch("/");
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const position = element("position").textContent;
  element("facts").replaceWith(page.getElementById("facts"));
  setText("position", position);
  await refreshHealth();
}

async function refreshHealth() {
  showUptime();
  await showHealth();
}

async function refresh() {
  if (!document.hidden) await refreshHealth();
  setTimeout(refresh, REFRESH_MS);
}

prepareCalls();
refresh();
showEvents({
  live(wasAway) {
    nameSubjects();
    if (wasAway) refreshFacts().catch(() => {});
  },
  head: (position) => setText("position", position.toLocaleString("en")),
  refused: askForKey,
});
