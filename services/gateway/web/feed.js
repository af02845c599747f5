// The live feed of stock events: what happened last, then each event as it happens, over a connection that is made again whenever it ends.

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 8_000;
// the server says something every 15 s
const SILENCE_MS = 40_000;

let credential = null;

/** Asks this server, with the key that was given, if any. */
export function ask(path, options = {}) {
  const headers = { ...options.headers, ...(credential && { "X-Api-Key": credential }) };
  return fetch(path, { cache: "no-store", ...options, headers });
}

/** Makes all that is asked from now on carry this API key. */
export function useKey(key) {
  credential = key;
}

/**
 * Follows the log until `stop()` of what is returned. `tell` has functions: `live(events, head)` with the last `shown` events once they
 * are known, at the beginning and after each interruption; `event(event)` with each further one; `head(position)`; `refused()` where a
 * credential is missing or does not do, after which nothing more is asked; and `away()` where no answer came; it is asked again.
 */
export function follow(shown, tell) {
  const stopping = new AbortController();
  run(shown, tell, stopping.signal);
  return { stop: () => stopping.abort() };
}

async function run(shown, tell, stopped) {
  let failures = 0;
  while (!stopped.aborted) {
    try {
      await session(shown, { ...tell, live: (...told) => ((failures = 0), tell.live(...told)) }, stopped);
    } catch (fault) {
      if (stopped.aborted) return;
      if (fault.refused) return tell.refused();
      const delay = Math.max(fault.retryAfterMs ?? 0, Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_MOST_MS));
      failures += 1;
      tell.away();
      await new Promise((resume) => setTimeout(resume, delay));
    }
  }
}

/** One connection, from what happened last until it ends. A connection that was ended in order is just made again. */
async function session(shown, tell, stopped) {
  const silence = new AbortController();
  const given = { signal: AbortSignal.any([stopped, silence.signal]) };
  let alarm = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const { headPosition } = await (await answered("/api/v1/inventory/events?limit=1", given)).json();
    const after = Math.max(0, headPosition - shown);
    const recent = await (await answered(`/api/v1/inventory/events?after=${after}&limit=1000`, given)).json();
    const stream = await answered(`/api/v1/live?after=${recent.nextPosition}`, {
      ...given,
      headers: { Accept: "text/event-stream" },
    });
    tell.live(recent.items.slice(-shown), recent.headPosition);
    for await (const { event, id, data } of messages(stream.body)) {
      clearTimeout(alarm);
      alarm = setTimeout(() => silence.abort(), SILENCE_MS);
      if (event === "ended") throw new Error(JSON.parse(data).reason);
      if (id) tell.head(Number(id));
      if (data && event.endsWith("Event")) tell.event(JSON.parse(data));
    }
    throw new Error("the stream was cut");
  } finally {
    clearTimeout(alarm);
    silence.abort();
  }
}

async function answered(path, options) {
  const answer = await ask(path, options);
  if (answer.ok) return answer;
  const fault = new Error(`${path}: ${answer.status}`);
  fault.refused = [401, 403].includes(answer.status);
  fault.retryAfterMs = Number(answer.headers.get("Retry-After") ?? 0) * 1000;
  throw fault;
}

/** The server-sent events of a body, as far as this server writes them: `event`, `id` and `data` of one line each. */
async function* messages(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const blocks = (rest + read.value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = block.split("\n").map((line) => line.split(/: ?(.*)/s, 2));
      yield { event: "message", ...Object.fromEntries(fields) };
    }
  }
}
