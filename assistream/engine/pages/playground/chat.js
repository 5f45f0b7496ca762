// The conversation: messages of the thread, its runs in between, and the run that is open as its story has it.

import { callCard, outputForm } from "./calls.js";
import { cancel, loadEarlier, submit } from "./conversation.js";
import { arrange, h, the } from "./dom.js";
import { ending, marker } from "./marks.js";
import { asWritten, messageCard } from "./messages.js";
import { failed } from "./notices.js";
import { ordered } from "./order.js";
import { assistantOf, state, watch, watchOpen } from "./state.js";
import { isOver } from "./story.js";
import { assistantTitle, threadTitle } from "./words.js";

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
  const entry =
    known?.version === version ? known : { version, element: make(), open: version === "form" ? state.open : null };
  used.set(key, entry);
  return entry.element;
}

/** `[key, version, how it is made]` of all that is shown, in order. */
function entries() {
  const found = ordered(state).flatMap((one) => SHOWN[one.kind](one));
  return found.length ? found : [["empty", state.assistantId ?? "", welcome]];
}

const SHOWN = {
  earlier: () => [["earlier", 0, earlierButton]],
  message: ({ message }) => [[message.id, `whole ${message.status}`, () => messageCard(message)]],
  run: ({ run }) => [marker(run), ...(run.id === state.open?.id ? told(state.open) : []), ...ending(run)],
  pending: () => [["pending", 0, () => messageCard(asWritten(state.pending), "is being sent")]],
  thinking: () => [thinking()],
};

function told(open) {
  const items = open.story.items.map((item) => {
    if (item.kind === "message") return [item.id, `told ${item.version}`, () => messageCard(item)];
    const asked = open.openCalls.filter((call) => item.calls.some((one) => one?.id === call.id));
    if (asked.length)
      return [`form ${item.id}`, "form", () => outputForm(asked, open.run.tools, (outputs) => submit(outputs))];
    return [item.id, `told ${item.version} ${open.live}`, () => tools(item, open)];
  });
  return open.live && open.atEnd && !items.length && !isOver(open.run) ? [thinking()] : items;
}

function tools(item, open) {
  const writing =
    item.status === "in_progress" && !(open.atEnd && !open.live) && open.story.run?.status === "in_progress";
  return h(
    "div",
    { class: "calls" },
    item.calls.filter(Boolean).map((call, at, all) => callCard(call, { writing: writing && at === all.length - 1 })),
  );
}

function thinking() {
  return [
    "thinking",
    0,
    () => h("p", { class: "thinking", "aria-label": "Waiting for the first word" }, h("i"), h("i"), h("i")),
  ];
}

function earlierButton() {
  return h(
    "button",
    { type: "button", class: "small earlier", onclick: () => loadEarlier().catch(failed) },
    "Earlier messages",
  );
}

function welcome() {
  const assistant = assistantOf();
  return h(
    "div",
    { class: "welcome" },
    h("h3", {}, assistant ? `Ask ${assistantTitle(assistant)}` : "Create an assistant to begin"),
    h(
      "p",
      {},
      assistant
        ? assistant.instructions || "It has no instructions."
        : "An assistant is a model with instructions and tools. Give it a function, and you can answer its calls by hand.",
    ),
  );
}

/** Stop the run that works or waits. */
export async function stop() {
  await cancel().catch(failed);
}
