// Keys that work anywhere on the page but in a field. They can be switched off: a voice that is typed would press them.

import { edit } from "./assistants.js";
import { stop } from "./chat.js";
import { isBusy } from "./composer.js";
import { isOpen, open } from "./dialogs.js";
import { h, the } from "./dom.js";
import { toggle } from "./theme.js";
import { beginThread } from "./threads.js";
import { playOrPause } from "./timeline.js";

const OFF = "assistream-no-shortcuts";

const SHORTCUTS = [
  ["/", "Write a message", () => focusIn("chat", "text")],
  ["n", "New thread", beginThread],
  ["a", "New assistant", () => edit(null)],
  ["t", "Go to the timeline", () => focusIn("run", "timeline")],
  ["r", "Replay the run, or pause", playOrPause],
  ["d", "Dark or light", toggle],
  ["?", "These shortcuts", showShortcuts],
];
const OTHERS = [
  ["Enter", "Send the message"],
  ["Shift + Enter", "A new line"],
  ["Ctrl + Enter", "Submit the outputs of calls"],
  ["Esc", "Close a dialog, else stop the run"],
  ["← →", "In the timeline: the event before, the next one"],
  ["Space", "In the timeline: replay, or pause"],
];

export function listenToKeys() {
  the("shortcuts").onclick = showShortcuts;
  document.addEventListener("keydown", (event) => {
    // A dialog takes its own Esc; a choice of words, too.
    if (isOpen() || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape" && isBusy()) stop();
    else if (!isTyped(event)) act(event);
  });
}

function isTyped({ target, ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey || target.closest("input, textarea, select, [contenteditable]") !== null;
}

function act(event) {
  const shortcut = SHORTCUTS.find(([key]) => key === event.key);
  if (!shortcut || localStorage.getItem(OFF)) return;
  event.preventDefault();
  shortcut[2]();
}

function focusIn(pane, id) {
  document.body.dataset.pane = pane;
  the(id).focus();
}

function showShortcuts() {
  const row = ([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what));
  const on = h("input", { type: "checkbox", checked: !localStorage.getItem(OFF) });
  on.onchange = () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes"));
  open("Keyboard shortcuts", [
    h("dl", { class: "shortcuts" }, [...SHORTCUTS, ...OTHERS].map(row)),
    h("label", { class: "switch" }, on, "Shortcuts of a single key"),
  ]);
}
