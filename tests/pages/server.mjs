// A server of its own for a test of pages: the binary that was built, a temporary folder, a port that is free.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const BINARY = process.env.GONDOLA_BIN ?? "target/debug/gondola";
const STARTS_WITHIN_MS = 60_000;

export class Server {
  #command;
  #process = null;
  #folder = mkdtempSync(join(tmpdir(), "gondola-pages-"));
  #arguments = [];
  key = null;
  base = null;

  /** One with what `command` makes of an empty folder: `demo` or `serve`. */
  static async start(command) {
    const server = new Server(command);
    await server.run();
    return server;
  }

  /** The same, for callers with a key alone, which is in `key`. */
  static async startWithKey(command) {
    const server = new Server(command);
    const keys = join(server.#folder, "keys.json");
    const made = execFileSync(BINARY, ["keys", "create", "--api-keys", keys, "--name", "pages", "--role", "admin"]);
    server.key = made.toString().trim();
    server.#arguments = ["--api-keys", keys];
    await server.run();
    return server;
  }

  constructor(command) {
    this.#command = command;
  }

  /** Starts it, at the address that it had before, if any. */
  async run() {
    const listen = this.base?.replace("http://", "") ?? "127.0.0.1:0";
    const folder = join(this.#folder, "data");
    this.#process = spawn(
      BINARY,
      [this.#command, "--data-dir", folder, "--listen", listen, "--log", "error", ...this.#arguments],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    this.base = await new Promise((found, failed) => {
      let said = "";
      this.#process.stdout.on("data", (text) => {
        said += text;
        const address = said.match(/listens on (http:\/\/\S+)/);
        if (address) found(address[1]);
      });
      this.#process.on("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
      setTimeout(() => failed(new Error(`the server does not listen: ${said}`)), STARTS_WITHIN_MS).unref();
    });
    // it listens before it is ready
    const until = Date.now() + STARTS_WITHIN_MS;
    for (;;) {
      try {
        await this.ask("GET", "/health/ready");
        return;
      } catch (problem) {
        if (Date.now() > until) throw problem;
      }
      await pause(50);
    }
  }

  /** Ends it as a machine that loses its power does. */
  async kill() {
    const [process] = [this.#process, (this.#process = null)];
    process.removeAllListeners("exit");
    const gone = new Promise((resume) => process.on("close", resume));
    process.kill("SIGKILL");
    await gone;
  }

  /** Ends it and removes its folder. */
  async end() {
    if (this.#process) await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What it answers, which must not be a problem. */
  async ask(method, path, body) {
    const headers = { "Content-Type": "application/json", ...(this.key && { "X-Api-Key": this.key }) };
    const answer = await fetch(this.base + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }
}
