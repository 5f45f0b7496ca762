// The conversation: messages of the thread, its runs in between, and the run that is open as its story has it.

import { callCard, image, outputForm } from "./calls.js";
import { cancel, loadEarlier, openRun, submit } from "./conversation.js";
import { arrange, h, icon, the } from "./dom.js";
import { fileName } from "./files.js";
import { failed } from "./notices.js";
import { prose } from "./prose.js";
import { assistantOf, state, watch, watchOpen } from "./state.js";
import { isOver } from "./story.js";
import { duration } from "./timing.js";
import { assistantTitle, statusWords, threadTitle } from "./words.js";

let kept = new Map();

export function showChat() {
  watch(["messages", "runs", "pending", "thread", "assistantId", "assistants", "earlier"], render);
  watchOpen(render);
}

function render() {
  the("thread-title").textContent = state.thread ? threadTitle(state.thread) : "New thread";
  const log = the("log");
  const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const used = new Map();
  const shown = entries().map(([key, version, make]) => keep(used, key, version, make));
  // A form that a replay hides comes back with what was typed in it.
  for (const [key, entry] of kept) if (entry.open && entry.open === state.open && !used.has(key)) used.set(key, entry);
  kept = used;
  arrange(log, shown);
  if (follows && !state.open?.playing) log.scrollTop = log.scrollHeight;
  offerForm(log.querySelector(".outputs"));
}

let offered = null;

/** Who has just asked, and writes nothing else, is led to where calls are answered. */
function offerForm(form) {
  const text = the("text");
  const idle = document.activeElement === document.body || (document.activeElement === text && !text.value);
  if (form && form !== offered && idle) form.querySelector("textarea").focus();
  offered = form;
}

/** Elements are made again only when what they show has changed: what is typed, selected or opened in others stays. */
function keep(used, key, version, make) {
  const known = kept.get(key);
  const entry = known?.version === version ? known : { version, element: make(), open: version === "form" ? state.open : null };
  used.set(key, entry);
  return entry.element;
}

/** `[key, version, how it is made]` of all that is shown, in order. */
function entries() {
  const found = state.earlier ? [["earlier", 0, earlierButton]] : [];
  const left = new Map(runs().map((run) => [run.id, run]));
  const place = (run) => {
    left.delete(run.id);
    found.push(marker(run), ...(run.id === state.open?.id ? told(state.open) : []), ...ending(run));
  };
  for (const message of state.messages) {
    if (message.role === "assistant" && left.has(message.run_id)) place(left.get(message.run_id));
    // A run that said nothing comes before what was said after it.
    else if (message.role === "user") [...left.values()].filter((run) => run.created_at < message.created_at && isOver(run) && silent(run)).forEach(place);
    if (!isTold(message)) found.push(whole(message));
  }
  [...left.values()].filter((run) => run.id !== state.open?.id && recent(run)).forEach(place);
  if (state.pending) found.push(["pending", 0, () => messageCard({ role: "user", content: [], ...loose(state.pending) }, "is being sent")]);
  if (left.has(state.open?.id)) place(left.get(state.open.id));
  else if (state.open && !state.open.id && state.open.live) found.push(thinking());
  return found.length ? found : [["empty", state.assistantId ?? "", welcome]];
}

/** Those of the thread, in the order of their creation, and the open one if it is so new, or so old, that it is not there. */
function runs() {
  const known = state.runs.toReversed();
  const { open } = state;
  if (!open?.run || known.some((run) => run.id === open.id)) return known;
  return [...known, open.run].sort((one, other) => one.created_at - other.created_at);
}

/** A run older than all messages that are here belongs to earlier ones. */
function recent(run) {
  return !state.earlier || run.created_at >= (state.messages[0]?.created_at ?? 0);
}

function silent(run) {
  return !state.messages.some((message) => message.run_id === run.id);
}

function isTold(message) {
  const { open } = state;
  return open?.id === message.run_id && message.run_id !== null && open.events.length > 0 && !open.story.error;
}

function loose(message) {
  return { ...message, content: typeof message.content === "string" ? [{ type: "text", text: { value: message.content, annotations: [] } }] : message.content.map((part) => (part.type === "text" ? { type: "text", text: { value: part.text, annotations: [] } } : part)) };
}

function whole(message) {
  return [message.id, `whole ${message.status}`, () => messageCard(message)];
}

function told(open) {
  const items = open.story.items.map((item) => {
    if (item.kind === "message") return [item.id, `told ${item.version}`, () => messageCard(item)];
    const asked = open.openCalls.filter((call) => item.calls.some((one) => one?.id === call.id));
    if (asked.length) return [`form ${item.id}`, "form", () => outputForm(asked, open.run.tools, (outputs) => submit(outputs))];
    return [item.id, `told ${item.version} ${open.live}`, () => tools(item, open)];
  });
  return open.live && open.atEnd && !items.length && !isOver(open.run) ? [thinking()] : items;
}

function tools(item, open) {
  const writing = item.status === "in_progress" && !(open.atEnd && !open.live) && open.story.run?.status === "in_progress";
  return h("div", { class: "calls" }, item.calls.filter(Boolean).map((call) => callCard(call, { writing })));
}

const SPEAKERS = { user: "You", assistant: "Assistant" };

function messageCard(message, state = null) {
  const streaming = message.status === "in_progress";
  return h("article", { class: `message from-${message.role}`, "aria-label": SPEAKERS[message.role], "aria-busy": streaming ? "true" : null },
    h("div", { class: streaming ? "body writing" : "body" }, message.content.filter(Boolean).map((part) => block(part, message.role))),
    message.attachments?.length ? h("ul", { class: "chips", "aria-label": "Attachments" }, message.attachments.map((one) => h("li", { class: "chip" }, icon("clip"), fileName(one.file_id)))) : null,
    state || message.status === "incomplete" ? h("p", { class: "fine" }, state ?? `incomplete: ${message.reason ?? message.incomplete_details?.reason ?? ""}`) : null);
}

function block(part, role) {
  if (part.type === "refusal") return h("p", { class: "refusal" }, part.refusal);
  if (part.type !== "text") return image(part);
  // What a person wrote is shown as it was written.
  return role === "user" ? h("p", { class: "plain" }, part.text.value) : prose(part.text.value, part.text.annotations);
}

/** Where a run begins: how it stands, and a way to look into it. */
function marker(run) {
  const isOpen = run.id === state.open?.id;
  const status = isOpen ? (state.open.story.run?.status ?? run.status) : run.status;
  const took = run.completed_at ? duration((run.completed_at - run.created_at) * 1000) : null;
  const label = isOpen ? "Run, shown beside" : "Look into this run";
  return [`marker ${run.id}`, `${status} ${isOpen}`, () => h("div", { class: "marker" },
    h("button", { type: "button", "aria-label": `${label}: ${statusWords(status)}`, "aria-current": isOpen ? "true" : null, onclick: () => look(run.id) },
      h("span", { class: `status status-${status}` }, statusWords(status)), h("span", { class: "fine" }, [run.model, isOpen ? null : took].filter(Boolean).join(" · ")), h("span", { class: "more" }, isOpen ? "shown" : "look")))];
}

async function look(id) {
  document.body.dataset.pane = "run";
  if (state.open?.id !== id) await openRun(id).catch(failed);
}

/** What is to be said of a run that did not end well. */
function ending(run) {
  const isOpen = run.id === state.open?.id;
  const now = isOpen ? state.open.story.run : run;
  const error = now?.last_error ?? (isOpen ? state.open.story.error : null);
  if (error) return [[`end ${run.id}`, error.message, () => h("p", { class: "ending failed" }, h("strong", {}, error.code ?? error.type ?? "error"), ` ${error.message}`)]];
  if (now?.status === "incomplete") return [[`end ${run.id}`, "incomplete", () => h("p", { class: "ending" }, `The run ended before the answer did: ${now.incomplete_details?.reason ?? "a limit"}.`)]];
  if (now?.status === "cancelled" || now?.status === "expired") return [[`end ${run.id}`, now.status, () => h("p", { class: "ending" }, `The run ${now.status === "expired" ? "has expired" : "was cancelled"}.`)]];
  return [];
}

function thinking() {
  return ["thinking", 0, () => h("p", { class: "thinking", "aria-label": "Waiting for the first word" }, h("i"), h("i"), h("i"))];
}

function earlierButton() {
  return h("button", { type: "button", class: "small earlier", onclick: () => loadEarlier().catch(failed) }, "Earlier messages");
}

function welcome() {
  const assistant = assistantOf();
  return h("div", { class: "welcome" }, h("h3", {}, assistant ? `Ask ${assistantTitle(assistant)}` : "Create an assistant to begin"),
    h("p", {}, assistant ? assistant.instructions || "It has no instructions." : "An assistant is a model with instructions and tools. Give it a function, and you can answer its calls by hand."));
}

/** Stop the run that works or waits. */
export async function stop() {
  await cancel().catch(failed);
}
