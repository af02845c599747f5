// Starts ReDoc on this server's own document, light or dark as the reader has it, with fonts that are there already.
"use strict";

const scheme = matchMedia("(prefers-color-scheme: dark)");
// its colours are made when it starts
scheme.addEventListener("change", () => location.reload());

const style = getComputedStyle(document.documentElement);
const color = (name) => style.getPropertyValue(`--${name}`).trim();
const sans = color("sans");
const mono = color("mono");

// methods and answers stand on the menu, on the page and on the right panel
const answers = scheme.matches
  ? { success: "#5fd39a", error: "#ff8f83", warning: "#f2b544", info: "#87ceeb" }
  : { success: "#18794e", error: "#b42318", warning: "#8a4f05", info: "#0b6285" };
const onPanel = { success: "#5fd39a", error: "#ff9d92", redirect: "#f2b544", info: "#87ceeb" };
const responses = Object.fromEntries(
  Object.entries({ ...answers, redirect: answers.warning }).map(([kind, text]) => [
    kind,
    { color: text, backgroundColor: `${text}18`, tabTextColor: onPanel[kind] },
  ]),
);

Redoc.init(
  "/openapi.json",
  {
    nativeScrollbars: true,
    theme: {
      colors: {
        tonalOffset: scheme.matches ? 0.1 : 0.2,
        primary: { main: color("accent") },
        success: { main: answers.success },
        error: { main: answers.error },
        warning: { main: answers.warning },
        gray: { 50: color("ground"), 100: color("ground") },
        text: { primary: color("ink"), secondary: color("ink-soft") },
        border: { dark: color("line"), light: color("line") },
        responses,
        http: { get: "#1f6f33", post: "#14609a", put: "#87476e", patch: "#9a4512", delete: "#b32d2d" },
      },
      schema: { nestedBackground: color("ground"), linesColor: color("line"), typeNameColor: color("ink-soft"), typeTitleColor: color("ink-soft") },
      sidebar: {
        backgroundColor: color("surface"),
        textColor: color("ink"),
        activeTextColor: color("accent"),
        groupItems: { activeBackgroundColor: color("ground") },
        level1Items: { activeBackgroundColor: color("ground") },
      },
      rightPanel: {
        backgroundColor: "#12302e",
        textColor: "#ffffff",
        servers: { overlay: { backgroundColor: color("surface"), textColor: color("ink") }, url: { backgroundColor: color("ground") } },
      },
      codeBlock: { backgroundColor: color("code-ground") },
      fab: { backgroundColor: color("surface"), color: color("accent") },
      typography: {
        fontFamily: sans,
        headings: { fontFamily: sans, fontWeight: "600" },
        code: { fontFamily: mono, color: color("accent"), backgroundColor: color("ground") },
        links: { color: color("accent"), textDecoration: "underline", hoverTextDecoration: "underline" },
      },
    },
  },
  document.getElementById("redoc"),
);
