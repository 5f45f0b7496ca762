// Where a run begins in a conversation, and how it ended, if not well.

import { openRun } from "./conversation.js";
import { h } from "./dom.js";
import { failed } from "./notices.js";
import { assistantOf, state } from "./state.js";
import { duration } from "./timing.js";
import { assistantTitle, statusWords } from "./words.js";

/** Where a run begins: how it stands, and a way to look into it. */
export function marker(run) {
  const isOpen = run.id === state.open?.id;
  const status = isOpen ? (state.open.story.run?.status ?? run.status) : run.status;
  const took = run.completed_at ? duration((run.completed_at - run.created_at) * 1000) : null;
  const label = isOpen ? "Run, in the inspector" : "Look into this run";
  const assistant = assistantOf(run.assistant_id);
  const words = [assistant && assistantTitle(assistant), run.model, isOpen ? null : took].filter(Boolean).join(" · ");
  return [
    `marker ${run.id}`,
    `${status} ${isOpen} ${words}`,
    () =>
      h(
        "div",
        { class: "marker" },
        h(
          "button",
          {
            type: "button",
            "aria-label": `${label}: ${statusWords(status)}, ${words}`,
            "aria-current": isOpen ? "true" : null,
            onclick: () => look(run.id),
          },
          h("span", { class: `status status-${status}` }, statusWords(status)),
          h("span", { class: "fine" }, words),
          h("span", { class: "more" }, isOpen ? "in the inspector" : "look"),
        ),
      ),
  ];
}

async function look(id) {
  document.body.dataset.pane = "run";
  if (state.open?.id !== id) await openRun(id).catch(failed);
}

/** What is to be said of a run that did not end well. */
export function ending(run) {
  const isOpen = run.id === state.open?.id;
  const now = isOpen ? state.open.story.run : run;
  const error = now?.last_error ?? (isOpen ? state.open.story.error : null);
  if (error)
    return [
      [
        `end ${run.id}`,
        error.message,
        () =>
          h("p", { class: "ending failed" }, h("strong", {}, error.code ?? error.type ?? "error"), ` ${error.message}`),
      ],
    ];
  if (now?.status === "incomplete")
    return [
      [
        `end ${run.id}`,
        "incomplete",
        () =>
          h(
            "p",
            { class: "ending" },
            `The run ended before the answer did: ${now.incomplete_details?.reason ?? "a limit"}.`,
          ),
      ],
    ];
  if (now?.status === "cancelled" || now?.status === "expired")
    return [
      [
        `end ${run.id}`,
        now.status,
        () => h("p", { class: "ending" }, `The run ${now.status === "expired" ? "has expired" : "was cancelled"}.`),
      ],
    ];
  return [];
}
