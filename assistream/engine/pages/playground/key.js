// The API key: asked for when the engine wants one, kept for this tab only, and gone when it is closed.

import { askKeyWith, forgetKey, keepKey, storedKey } from "./api.js";
import { ask, field } from "./dialogs.js";
import { h, the } from "./dom.js";

export function showKey() {
  askKeyWith(prompt);
  the("forget-key").onclick = () => {
    forgetKey();
    location.reload();
  };
  render();
}

async function prompt(refused) {
  const words = refused
    ? "The engine does not know this key. Another one?"
    : "This engine asks for a key. It is kept in this tab until it is closed, and sent to this engine only.";
  const input = h("input", { type: "password", name: "key", required: true, autocomplete: "off", autofocus: true });
  const key = await ask("API key", [h("p", {}, words), field("Key", input)], {
    label: "Use key",
    submit: (data) => data.get("key").trim(),
  });
  if (key) keepKey(key);
  render();
  return key;
}

function render() {
  the("forget-key").hidden = storedKey() === null;
}
