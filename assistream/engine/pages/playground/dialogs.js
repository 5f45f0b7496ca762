// Dialogs: the browser's own, which keep the focus inside, close with Esc, and give the focus back.

import { h, iconButton } from "./dom.js";

/**
 * Show a dialog with a form. `submit` gets the form's data when it is sent; what it returns is the answer, and what it
 * throws is shown, and the dialog stays. The answer is null when it was closed.
 */
export function ask(title, content, { submit, label = "Save", danger = false, wide = false }) {
  const error = h("p", { class: "error", role: "alert" });
  const send = h("button", { class: danger ? "primary danger" : "primary" }, label);
  return new Promise((resolve) => {
    const form = h(
      "form",
      { method: "dialog" },
      content,
      error,
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), send),
    );
    const dialog = open(title, form, { wide, closed: () => resolve(null) });
    form.onsubmit = async (event) => {
      event.preventDefault();
      [error.textContent, send.disabled] = ["", true];
      try {
        resolve(await submit(new FormData(form)));
        dialog.close();
      } catch (problem) {
        error.textContent = problem.message;
      }
      send.disabled = false;
    };
  });
}

/** Show something that can only be closed. */
export function open(title, content, { wide = false, closed = () => {} } = {}) {
  const dialog = h(
    "dialog",
    { class: wide ? "wide" : null, "aria-labelledby": "dialog-title" },
    h(
      "header",
      {},
      h("h2", { id: "dialog-title" }, title),
      iconButton("close", "Close", () => dialog.close()),
    ),
    content,
  );
  dialog.onclose = () => {
    dialog.remove();
    closed();
  };
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function isOpen() {
  return document.querySelector("dialog[open]") !== null;
}

export async function confirm(title, text, label) {
  return (await ask(title, h("p", {}, text), { label, danger: true, submit: () => true })) === true;
}

let fields = 0;

/** A field with its name, and what else there is to say about it. */
export function field(label, control, hint = null) {
  control.id ||= `field-${(fields += 1)}`;
  const id = `${control.id}-hint`;
  if (hint) control.setAttribute("aria-describedby", id);
  return h(
    "div",
    { class: "field" },
    h("label", { for: control.id }, label),
    control,
    hint ? h("p", { class: "fine", id }, hint) : null,
  );
}
