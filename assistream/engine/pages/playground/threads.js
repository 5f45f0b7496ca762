// The list of threads.

import { deleteThread, loadMoreThreads, newThread, openThread } from "./conversation.js";
import { confirm } from "./dialogs.js";
import { arrange, h, iconButton, the } from "./dom.js";
import { announce, failed } from "./notices.js";
import { state, watch } from "./state.js";
import { moment, threadTitle } from "./words.js";

export function showThreads() {
  the("new-thread").onclick = beginThread;
  the("more-threads").onclick = () => loadMoreThreads().catch(failed);
  watch(["threads", "thread", "moreThreads"], render);
}

export function beginThread() {
  newThread();
  document.body.dataset.pane = "chat";
  the("text").focus();
}

function render() {
  the("more-threads").hidden = !state.moreThreads;
  const rows = state.threads.map(row);
  arrange(the("threads"), rows.length ? rows : [h("li", { class: "fine none" }, "None yet.")]);
}

function row(thread) {
  const title = threadTitle(thread);
  const isOpen = thread.id === state.thread?.id;
  return h(
    "li",
    { class: "entry" },
    h(
      "button",
      { type: "button", class: "choice", "aria-current": isOpen ? "true" : null, onclick: () => show(thread.id) },
      h("span", { class: "title" }, title),
      h("span", { class: "fine" }, moment(thread.created_at)),
    ),
    iconButton("trash", `Delete ${title}`, () => drop(thread)),
  );
}

async function show(id) {
  document.body.dataset.pane = "chat";
  await openThread(id).catch(failed);
}

async function drop(thread) {
  const sure = await confirm(
    `Delete ${threadTitle(thread)}?`,
    "Its messages, runs and their events go with it.",
    "Delete",
  );
  if (!sure) return;
  try {
    await deleteThread(thread.id);
    announce("The thread is deleted.");
  } catch (error) {
    failed(error);
  }
}
