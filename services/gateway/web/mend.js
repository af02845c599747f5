// What Swagger UI and ReDoc leave out of their own elements, put in as these appear, so that keyboards and screen readers get along.
"use strict";

/** Each rule: which elements, and what is done to one of them. A rule that was kept already changes nothing. */
const RULES = [
  // Swagger UI: a link within a button cannot be reached by itself, and the button does the same
  [".opblock-summary-control a[href]", (link) => link.removeAttribute("href")],
  ["#servers", (select) => named(select, "Server")],
  [".operation-filter-input", (input) => named(input, "Filter by tag")],
  [".swagger-ui .examples-select-element", (select) => named(select, "Example")],
  [".swagger-ui .body-param__text", (text) => named(text, "Request body")],
  [".swagger-ui .copy-to-clipboard button", (button) => named(button, "Copy")],
  [".swagger-ui .responses-table[role=region]", (table) => named(table, `Answers: ${table.id}`)],
  [".swagger-ui h3.opblock-tag", (heading) => set(heading, "aria-level", "2")],
  [".swagger-ui h4.opblock-title", (heading) => set(heading, "aria-level", "3")],
  [".swagger-ui section.models > h4", (heading) => set(heading, "aria-level", "2")],
  [".swagger-ui .opblock-body h4:not(.opblock-title), .swagger-ui .opblock-body h5", (heading) => set(heading, "aria-level", "4")],
  // ReDoc: its menu is a list of links to parts of the page, not a menu of commands
  ["#redoc [role=menu], #redoc [role=menuitem]", (part) => part.removeAttribute("role")],
  ["#redoc h5", (heading) => set(heading, "aria-level", "3")],
  ["#redoc td select", (select) => named(select, "Kind")],
  ["#redoc select", (select) => named(select, "Content type or example")],
  // such a button has a text, which is its name, and folds something
  ["#redoc button[aria-label$=' properties']", foldButton],
  // what can be scrolled must be reachable by key
  ["#redoc pre, #redoc .redoc-json, #redoc .menu-content > div, .swagger-ui pre, .swagger-ui .opblock-body table", reachable],
];

function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function named(element, name) {
  if (!element.hasAttribute("aria-label")) element.setAttribute("aria-label", name);
}

function foldButton(button) {
  set(button, "aria-expanded", String(button.getAttribute("aria-label").startsWith("collapse")));
  button.removeAttribute("aria-label");
}

function reachable(element) {
  set(element, "tabindex", "0");
}

function mend() {
  pending = false;
  for (const [selector, rule] of RULES) document.querySelectorAll(selector).forEach(rule);
}

let pending = false;
const changes = new MutationObserver(() => {
  if (!pending) requestAnimationFrame(mend);
  pending = true;
});
changes.observe(document.getElementById("main"), {
  subtree: true,
  childList: true,
  attributeFilter: ["href", "role", "aria-label"],
});
