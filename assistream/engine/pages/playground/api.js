// Requests to the engine, which is where this page comes from; nothing else is ever asked.

const V1 = "v1/";

/** What the engine has refused, in its own words. */
export class ApiError extends Error {
  constructor(status, error, requestId) {
    super(error?.message || `The engine answered with status ${status}.`);
    Object.assign(this, { name: "ApiError", status, type: error?.type, code: error?.code, requestId });
  }
}

/** No answer came. */
export class Unreachable extends Error {
  constructor(cause) {
    super("The engine cannot be reached.", { cause });
    this.name = "Unreachable";
  }
}

let ask = null;

/** Who is asked for an API key when the engine wants one: gets whether one was refused, keeps one and returns it, or null. */
export function askKeyWith(asker) {
  ask = asker;
}

const KEY = "assistream-key";
let asking = null;

export function storedKey() {
  return sessionStorage.getItem(KEY);
}

export function keepKey(key) {
  sessionStorage.setItem(KEY, key);
}

export function forgetKey() {
  sessionStorage.removeItem(KEY);
}

/** One question for all requests that were refused at once. */
function keyFromPerson(refused) {
  asking ??= ask(refused !== null).finally(() => {
    asking = null;
  });
  return asking;
}

/** The response, if it is one of success; `path` is below /v1. */
export async function request(method, path, { body, form, headers = {}, signal } = {}) {
  for (;;) {
    const key = storedKey();
    const response = await send(method, path, { body, form, headers, signal, key });
    if (response.ok) return response;
    const error = await refusal(response);
    // Another request may have brought a key meanwhile.
    if (error.status !== 401 || !(storedKey() !== key || (await keyFromPerson(key)))) throw error;
  }
}

async function send(method, path, { body, form, headers, signal, key }) {
  const sent = {
    "OpenAI-Beta": "assistants=v2",
    ...(key ? { Authorization: `Bearer ${key}` } : {}),
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...headers,
  };
  try {
    return await fetch(new URL(V1 + path, document.baseURI), {
      method,
      headers: sent,
      body: form ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal,
      mode: "same-origin",
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable(error);
  }
}

async function refusal(response) {
  const said = await response.json().catch(() => null);
  return new ApiError(response.status, said?.error, response.headers.get("x-request-id"));
}

export async function get(path, options) {
  return (await request("GET", path, options)).json();
}

export async function post(path, body = {}, options = {}) {
  return (await request("POST", path, { ...options, body })).json();
}

export async function remove(path) {
  return (await request("DELETE", path)).json();
}

/** A page of a list: `{data, has_more, last_id}`. */
export function list(path, query = {}) {
  return get(`${path}?${new URLSearchParams(query)}`);
}

/** 128 bits for an Idempotency-Key. crypto.randomUUID is there only on secure origins, which a name on a LAN is not. */
export function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
