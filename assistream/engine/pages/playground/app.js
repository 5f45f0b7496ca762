// The page: each part shows itself, and then what the engine has is loaded.

import { loadAssistants, showAssistants } from "./assistants.js";
import { showChat } from "./chat.js";
import { showComposer } from "./composer.js";
import { fromAddress, loadThreads } from "./conversation.js";
import { the } from "./dom.js";
import { showInspector } from "./inspector.js";
import { showKey } from "./key.js";
import { failed } from "./notices.js";
import { listenToKeys } from "./shortcuts.js";
import { change } from "./state.js";
import { showTheme } from "./theme.js";
import { showThreads } from "./threads.js";
import { showTimeline } from "./timeline.js";

const PANES = ["side", "chat", "run"];

showTheme();
showPanes();
for (const show of [
  showKey,
  showAssistants,
  showThreads,
  showChat,
  showComposer,
  showTimeline,
  showInspector,
  listenToKeys,
])
  show();
addEventListener("hashchange", () => fromAddress().catch(failed));
begin();

async function begin() {
  change({ thread: null, messages: [] });
  try {
    await Promise.all([loadAssistants(), loadThreads()]);
    await fromAddress();
  } catch (error) {
    failed(error, [["Try again", begin]]);
  }
}

/** Where there is room for one part of the page only, buttons choose it. */
function showPanes() {
  const tell = () => {
    for (const pane of PANES)
      the(`show-${pane}`).setAttribute("aria-pressed", String(document.body.dataset.pane === pane));
  };
  for (const pane of PANES) the(`show-${pane}`).onclick = () => (document.body.dataset.pane = pane);
  new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-pane"] });
  tell();
}
