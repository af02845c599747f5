// Starts ReDoc on this server's own document, with fonts that are there already.
"use strict";

const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const mono = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace';

Redoc.init(
  "/openapi.json",
  {
    nativeScrollbars: true,
    theme: {
      colors: { primary: { main: "#0f6b64" } },
      rightPanel: { backgroundColor: "#12302e" },
      typography: {
        fontFamily: sans,
        headings: { fontFamily: sans, fontWeight: "600" },
        code: { fontFamily: mono, color: "#0b4f4a", backgroundColor: "#eef4f2" },
      },
    },
  },
  document.getElementById("redoc"),
);
