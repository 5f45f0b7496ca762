// What a person does with threads and runs: the requests, and what becomes of the page's state with their answers.

import { ApiError, get, list, post, remove } from "./api.js";
import { announce, clearNotices, connection, failed } from "./notices.js";
import { OpenRun } from "./run.js";
import { assistantOf, change, state } from "./state.js";
import { isOver, openCalls } from "./story.js";
import { begin, replayed } from "./stream.js";

const PAGE = 50;
let listening = new AbortController();

export async function loadThreads() {
  const page = await list("threads", { limit: PAGE });
  change({ threads: page.data, moreThreads: page.has_more });
}

export async function loadMoreThreads() {
  const page = await list("threads", { limit: PAGE, after: state.threads.at(-1).id });
  change({ threads: [...state.threads, ...page.data], moreThreads: page.has_more });
}

/** Nothing is made before the first message is sent. */
export function newThread() {
  leave();
  change({ thread: null, messages: [], earlier: false, runs: [], open: null, pending: null });
  toAddress();
}

export async function openThread(id, runId = null) {
  leave();
  const { signal } = listening;
  const thread = await get(`threads/${id}`, { signal });
  change({ thread, messages: [], runs: [], open: null, pending: null });
  await Promise.all([loadMessages(), loadRuns()]);
  if (signal.aborted) return;
  const wanted = runId ?? state.runs[0]?.id;
  toAddress();
  if (wanted) await openRun(wanted);
}

export async function deleteThread(id) {
  if (state.thread?.id === id) newThread();
  await remove(`threads/${id}`);
  change({ threads: state.threads.filter((thread) => thread.id !== id) });
}

async function loadMessages() {
  const { id } = state.thread;
  const page = await list(`threads/${id}/messages`, { limit: PAGE });
  if (state.thread?.id === id) change({ messages: page.data.reverse(), earlier: page.has_more, pending: null });
}

export async function loadEarlier() {
  const page = await list(`threads/${state.thread.id}/messages`, { limit: PAGE, after: state.messages[0].id });
  change({ messages: [...page.data.reverse(), ...state.messages], earlier: page.has_more });
}

async function loadRuns() {
  const { id } = state.thread;
  const page = await list(`threads/${id}/runs`, { limit: PAGE });
  if (state.thread?.id === id) change({ runs: page.data });
}

/** Ask: in the thread that is open, or a new one. Message and run go in one request: both are made, or neither, which
 * the answer tells. */
export async function send(text, files) {
  const message = { role: "user", content: contentOf(text, files), attachments: attachmentsOf(files) };
  const asked = { assistant_id: state.assistantId };
  const thread = { messages: [message], metadata: { title: titleOf(text) } };
  change({ pending: message });
  const before = state.open;
  const open = new OpenRun(null, state.thread?.id ?? null);
  const [path, more] = state.thread
    ? [`threads/${state.thread.id}/runs`, { additional_messages: [message] }]
    : ["threads/runs", { thread }];
  await listen(open, begins(path, { ...asked, ...more }));
  if (!open.id && state.open === open) change({ pending: null, open: before });
  return open.id !== null;
}

function contentOf(text, files) {
  const images = files.filter((file) => file.purpose === "vision");
  if (!images.length) return text;
  const parts = images.map((file) => ({ type: "image_file", image_file: { file_id: file.id } }));
  return text ? [{ type: "text", text }, ...parts] : parts;
}

function attachmentsOf(files) {
  return files
    .filter((file) => file.purpose !== "vision")
    .map((file) => ({ file_id: file.id, tools: [{ type: file.tool }] }));
}

function titleOf(text) {
  return text.trim().split(/\s+/).join(" ").slice(0, 80) || "Image";
}

/** Answer the calls that wait, all at once. */
export function submit(outputs) {
  const open = state.open;
  return listen(open, begins(`${pathOf(open)}/submit_tool_outputs`, { tool_outputs: outputs }));
}

export async function cancel() {
  const open = state.open;
  open.unwanted = true;
  if (!open.id) return; // as soon as the engine has said which run it is
  await post(`${pathOf(open)}/cancel`);
  // One that waits for outputs tells nobody of its end; one that works tells whoever listens.
  if (!open.live) await goOn(open);
}

/** A run of this thread once more, from its first event; and on with it, if it is not over. */
export async function openRun(id) {
  leave();
  const open = new OpenRun(id, state.thread.id);
  toAddress(open);
  await Promise.all([goOn(open), chooseItsAssistant(open, listening.signal)]);
}

/** Who goes on in a thread asks whom the run asked. What a person has chosen for new threads stays remembered. */
async function chooseItsAssistant(open, signal) {
  const run = state.runs.find((one) => one.id === open.id) ?? (await get(pathOf(open), { signal }).catch(() => null));
  // What is wrong with a run that is not there, its events say.
  if (!signal.aborted && assistantOf(run?.assistant_id)) change({ assistantId: run.assistant_id });
}

/** All that the engine has of the run after what is known of it. */
async function goOn(open) {
  await listen(open, async function* (options) {
    for (;;) {
      try {
        yield* replayed(pathOf(open), open.leg, { ...options, last: open.last });
      } catch (error) {
        // The leg after the last one has not begun.
        if (error instanceof ApiError && error.status === 404 && open.events.length) return;
        throw error;
      }
      if (!(await moved(open))) return;
    }
  });
}

/** Whether the engine has more of a run than its last event: somebody else may have answered its calls. */
async function moved(open) {
  if (isOver(open.run)) return false;
  const run = await get(pathOf(open));
  return openCalls(run)[0]?.id !== openCalls(open.run)[0]?.id;
}

function begins(path, body) {
  return (options) => begin(path, body, options);
}

async function listen(open, frames) {
  leave();
  clearNotices();
  const { signal } = listening;
  const isNews = !isOver(state.runs.find((run) => run.id === open.id));
  open.resume();
  change({ open });
  try {
    for await (const frame of frames({ signal, connection })) {
      if (signal.aborted) return; // and what came with this frame is not ours any more
      take(open, frame);
    }
  } catch (error) {
    if (signal.aborted) return;
    problem(open, error);
  } finally {
    if (!signal.aborted) connection("");
    open.rest();
  }
  if (signal.aborted || !open.id) return;
  if (isNews) announce(outcome(open));
  await Promise.all([loadMessages(), loadRuns()]).catch(failed);
}

/** Nothing more is read; the run goes on without us. */
function leave() {
  listening.abort();
  listening = new AbortController();
  state.open?.pause();
  connection("");
}

function take(open, frame) {
  open.add(frame);
  const { name, data } = open.events.at(-1);
  if (name === "thread.created") {
    open.threadId = data.id;
    // One that is played again is in the list, or was deleted since.
    if (!state.thread) change({ thread: data, threads: [data, ...state.threads] });
  } else if (data.object === "thread.run" && !open.id) {
    open.id = data.id;
    if (open.unwanted) cancel().catch(failed);
    change({ runs: [data, ...state.runs] });
    loadMessages().catch(failed);
    toAddress(open);
  } else if (data.object === "thread.run") {
    // What is told once more is older than what is known.
    change({ runs: state.runs.map((run) => (run.id === data.id && !isOver(run) ? data : run)) });
  }
}

function outcome(open) {
  const words = {
    requires_action: "The assistant calls functions and waits for their outputs.",
    completed: "The answer is complete.",
  };
  return words[open.run?.status] ?? `The run is ${open.run?.status}.`;
}

function problem(open, error) {
  const busy = /\brun_\w+/.exec(error.message)?.[0];
  const actions = [];
  if (open.id) actions.push(["Try again", () => goOn(open)]);
  else if (busy && error.status === 400) actions.push(["Open that run", () => openRun(busy).catch(failed)]);
  failed(error, actions);
}

function pathOf(open) {
  return `threads/${open.threadId}/runs/${open.id}`;
}

/** What is open is in the address: a reload, or a link, comes back to it. */
function toAddress(open = null) {
  const parts = [state.thread?.id, open?.id].filter(Boolean);
  history.replaceState(null, "", parts.length ? `#/${parts.join("/")}` : location.pathname + location.search);
}

export async function fromAddress() {
  const [, threadId, runId] = /^#\/(thread_\w+)(?:\/(run_\w+))?$/.exec(location.hash) ?? [];
  if (threadId) await openThread(threadId, runId);
}
