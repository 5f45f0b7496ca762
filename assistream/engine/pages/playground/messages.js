// A message as it is shown, whoever wrote it.

import { image } from "./calls.js";
import { h, icon } from "./dom.js";
import { fileName } from "./files.js";
import { prose } from "./prose.js";

const SPEAKERS = { user: "You", assistant: "Assistant" };

export function messageCard(message, note = null) {
  const streaming = message.status === "in_progress";
  return h(
    "article",
    {
      class: `message from-${message.role}`,
      "aria-label": SPEAKERS[message.role],
      "aria-busy": streaming ? "true" : null,
    },
    h(
      "div",
      { class: streaming ? "body writing" : "body" },
      message.content.filter(Boolean).map((part) => block(part, message.role)),
    ),
    message.attachments?.length
      ? h(
          "ul",
          { class: "chips", "aria-label": "Attachments" },
          message.attachments.map((one) => h("li", { class: "chip" }, icon("clip"), fileName(one.file_id))),
        )
      : null,
    note || message.status === "incomplete"
      ? h("p", { class: "fine" }, note ?? `incomplete: ${message.reason ?? message.incomplete_details?.reason ?? ""}`)
      : null,
  );
}

function block(part, role) {
  if (part.type === "refusal") return h("p", { class: "refusal" }, part.refusal);
  if (part.type !== "text") return image(part);
  // What a person wrote is shown as it was written.
  return role === "user" ? h("p", { class: "plain" }, part.text.value) : prose(part.text.value, part.text.annotations);
}

/** What is being sent, as the engine will have it. */
export function asWritten({ content, attachments }) {
  const words = (value) => ({ type: "text", text: { value, annotations: [] } });
  const parts = typeof content === "string" ? [words(content)] : content;
  return {
    role: "user",
    attachments,
    content: parts.map((part) => (typeof part.text === "string" ? words(part.text) : part)),
  };
}
