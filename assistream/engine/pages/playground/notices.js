// What the page says by itself: errors, which stay until they are closed, and words for those who do not see it.

import { ApiError, Unreachable } from "./api.js";
import { h, iconButton, the } from "./dom.js";

/** For screen readers: what others see happen. */
export function announce(text) {
  the("announcer").textContent = "";
  // A text that is the same as before is only said again if it is new.
  setTimeout(() => (the("announcer").textContent = text));
}

/** Show what went wrong; `actions` are `[label, what to do]`. */
export function failed(error, actions = []) {
  if (error.name === "AbortError") return;
  const details =
    error instanceof ApiError
      ? [error.status, error.code ?? error.type, error.requestId].filter(Boolean).join(" · ")
      : "";
  const title =
    error instanceof ApiError
      ? error.message
      : error instanceof Unreachable
        ? "The engine cannot be reached."
        : `Something went wrong on this page: ${error.message}`;
  show(title, details, actions);
}

function show(title, details, actions) {
  const notice = h(
    "div",
    { class: "notice", role: "alert" },
    h("div", {}, h("p", {}, title), details ? h("p", { class: "fine" }, details) : null),
    actions.map(([label, act]) =>
      h("button", { type: "button", class: "small", onclick: () => (notice.remove(), act()) }, label),
    ),
    iconButton("close", "Dismiss", () => notice.remove()),
  );
  the("notices").replaceChildren(notice);
}

export function clearNotices() {
  the("notices").replaceChildren();
}

/** That the connection is lost, and that it is back. */
export function connection(state) {
  the("connection").textContent = state === "lost" ? "Connection lost – trying again…" : "";
  if (state === "back") announce("The connection is back.");
}
