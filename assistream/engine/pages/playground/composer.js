// Where a person writes: Enter sends, Shift+Enter is a new line, Esc stops the run.

import { stop } from "./chat.js";
import { send } from "./conversation.js";
import { h, iconButton, the } from "./dom.js";
import { upload } from "./files.js";
import { failed } from "./notices.js";
import { state, watch, watchOpen } from "./state.js";
import { isOver } from "./story.js";

/** Uploads of the message that is being written: `{file, tool, made}`, where `made` is what the engine made of it. */
let files = [];

export function showComposer() {
  const text = the("text");
  the("composer").onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  text.onkeydown = (event) => {
    // Enter ends the choice of a word where those are composed, as in Japanese.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  };
  text.oninput = fit;
  the("stop").onclick = stop;
  the("attach").onchange = ({ target }) => {
    attach([...target.files]);
    target.value = "";
  };
  text.onpaste = ({ clipboardData }) => attach([...clipboardData.files]);
  watch(["assistantId", "assistants"], render);
  watchOpen(render);
}

export function isBusy() {
  const { open } = state;
  // A run of the list that is over is not waited for while its events are told once more.
  if (!open || isOver(state.runs.find((run) => run.id === open.id))) return false;
  return open.events.length ? !isOver(open.run) : open.live;
}

function render() {
  const busy = isBusy();
  the("stop").hidden = !busy;
  the("send").hidden = busy;
  the("stop").disabled = !state.open?.id || state.open.run?.status === "cancelling";
  the("send").disabled = !state.assistantId || files.some((one) => !one.made);
  the("text").placeholder = state.assistantId ? "Ask something…" : "Create or choose an assistant first";
}

async function submit() {
  const text = the("text").value.trim();
  const sent = files;
  if ((!text && !sent.length) || isBusy() || the("send").disabled) return;
  take("", []);
  const arrived = await send(
    text,
    sent.map((one) => ({ ...one.made, tool: one.tool })),
  );
  // What was refused is not lost, unless something else was written meanwhile.
  if (!arrived && !the("text").value && !files.length) take(text, sent);
}

function take(text, others) {
  the("text").value = text;
  files = others;
  fit();
  chips();
}

/** As high as what is in it; the style sheet says how high at most. */
function fit() {
  const text = the("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

function attach(added) {
  for (const file of added) {
    const one = { file, tool: "file_search", made: null };
    files = [...files, one];
    upload(file).then(
      (made) => {
        one.made = made;
        chips();
      },
      (error) => {
        detach(one);
        failed(error);
      },
    );
  }
  chips();
}

function detach(one) {
  files = files.filter((other) => other !== one);
  chips();
}

function chips() {
  the("attached").replaceChildren(...files.map(chip));
  render();
}

function chip(one) {
  const choice = (tool, name) => h("option", { value: tool, selected: one.tool === tool }, name);
  const tool = h(
    "select",
    { "aria-label": `What ${one.file.name} is for`, onchange: ({ target }) => (one.tool = target.value) },
    choice("file_search", "search"),
    choice("code_interpreter", "code"),
  );
  return h(
    "li",
    { class: one.made ? "chip" : "chip busy" },
    h("span", {}, one.file.name),
    one.file.type.startsWith("image/") ? null : tool,
    iconButton("close", `Remove ${one.file.name}`, () => detach(one)),
  );
}
