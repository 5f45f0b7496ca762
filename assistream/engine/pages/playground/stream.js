// The frames of one leg of a run, whatever becomes of the connection: the engine keeps them, and gives the rest again.

import { freshKey, request, Unreachable } from "./api.js";
import { FrameReader } from "./sse.js";

const TIMED = { "assistream-times": "yes" };
const RESUME = "assistream-resume";

/** How long to wait before each attempt to get the connection back, in milliseconds; then it is given up. */
export const WAITS = [100, 300, 1000, 2000, 3000, 5000, 5000, 5000];

/** Frames from a request that begins or goes on with a run. Repeating it does not do it twice: it has a key. */
export function begin(path, body, options) {
  const headers = { ...TIMED, "Idempotency-Key": freshKey() };
  return frames(
    () => request("POST", path, { body: { ...body, stream: true }, headers, signal: options.signal }),
    options,
  );
}

/** Frames of a leg of a run from the engine's log, after the event `last`, and those still to come. */
export function replayed(path, leg, options) {
  return frames(() => resume(`${path}/stream?leg=${leg}`, options.last, options.signal), options);
}

async function* frames(open, { signal, last = null, connection = () => {}, waits = WAITS }) {
  let failures = 0;
  for (;;) {
    try {
      const response = await open();
      const address = response.headers.get(RESUME);
      if (address) open = () => resume(address, last, signal);
      for await (const frame of read(response)) {
        if (failures) connection("back");
        failures = 0;
        if (frame.event === "done") return;
        last = frame.id || last;
        yield frame;
      }
      // It ended before the run's leg did.
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    if (failures === waits.length) throw new Unreachable(null);
    connection("lost");
    await pause(waits[failures++], signal);
  }
}

function resume(address, last, signal) {
  const headers = last === null ? TIMED : { ...TIMED, "Last-Event-ID": last };
  // An address from the root of the engine; the page may be below another root, behind a proxy.
  return request("GET", address.replace(/^\/v1\//, ""), { headers, signal });
}

async function* read(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const frameReader = new FrameReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* frameReader.feed(decoder.decode(value, { stream: true }));
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable(error);
  } finally {
    reader.cancel().catch(() => {}); // who leaves early lets the connection go; where it is lost there is nothing to let go
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("Left.", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
