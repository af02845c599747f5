/** A client whose paths, bodies and answers are those of the OpenAPI document, and that tries again where that is safe. */
import createFetchClient, { type Client, type ClientOptions } from "openapi-fetch";
import { REPEATABLE } from "./repeatable.js";
import type { components, paths } from "./schema.js";

/** Every schema of the document by its name, such as `Schemas["Reservation"]`. */
export type Schemas = components["schemas"];

export type { components, paths } from "./schema.js";

/** How to reach the server. */
export interface GondolaOptions extends Omit<ClientOptions, "fetch"> {
  /** Where it is, such as `http://localhost:8080`. */
  baseUrl: string;
  /** A key from `gondola keys create`. */
  apiKey?: string;
  /** How often a request is sent at most; 4 unless stated. */
  attempts?: number;
  /** The wait before the second attempt in milliseconds, doubled for each further one; 200 unless stated. `Retry-After` goes before it. */
  waitMs?: number;
  /** What sends a request; the platform's `fetch` unless stated. */
  fetch?: (request: Request) => Promise<Response>;
}

/** What is read of answers; a batch can also be lines, which no JSON client reads. */
type Media = "application/json" | "application/problem+json";

/** Answers that say that nothing was done, or that only a repetition can tell. */
const PASSING = new Set([429, 502, 503, 504]);

const KEY = "Idempotency-Key";

/**
 * A client for `baseUrl`.
 *
 * Each change that can be repeated gets an `Idempotency-Key`, unless it has one. Reads, and what has such a key, are sent again
 * under the same key when the connection broke or the server could not answer; so nothing is done twice.
 */
export function createGondolaClient(options: GondolaOptions): Client<paths, Media> {
  const { apiKey, attempts = 4, waitMs = 200, fetch = globalThis.fetch, ...others } = options;
  const client = createFetchClient<paths, Media>({ ...others, fetch: retrying(fetch, attempts, waitMs) });
  client.use({
    onRequest({ request, schemaPath }) {
      if (apiKey !== undefined) request.headers.set("X-Api-Key", apiKey);
      if (REPEATABLE.has(`${request.method} ${schemaPath}`) && !request.headers.has(KEY)) {
        request.headers.set(KEY, crypto.randomUUID());
      }
      return request;
    },
  });
  return client;
}

type Fetch = (request: Request) => Promise<Response>;

function retrying(fetch: Fetch, attempts: number, waitMs: number): Fetch {
  return async (request) => {
    const isSafe = request.method === "GET" || request.headers.has(KEY);
    for (let attempt = 1; ; attempt++) {
      const isLast = !isSafe || attempt >= attempts || request.signal.aborted;
      let wait = waitMs * 2 ** (attempt - 1);
      try {
        const response = await fetch(isLast ? request : request.clone());
        if (isLast || !PASSING.has(response.status)) return response;
        const told = Number(response.headers.get("Retry-After"));
        if (told > 0) wait = told * 1000;
        await response.body?.cancel();
      } catch (error) {
        if (isLast || request.signal.aborted) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
}
