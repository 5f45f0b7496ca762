// How things are called on the page. No DOM.

import { nameOf } from "./timing.js";

/** What an event says, in a line. */
export function describe({ name, data }) {
  if (name === "thread.message.delta") return quoted((data.delta.content ?? []).map(partOf).join(""));
  if (name === "thread.run.step.delta") return (data.delta.step_details?.tool_calls ?? []).map(pieceOf).join(", ");
  if (name.startsWith("thread.run.step.")) return stepOf(data);
  if (name === "error") return (data.error ?? data).message ?? "";
  if (name === "thread.run.requires_action")
    return data.required_action.submit_tool_outputs.tool_calls.map(nameOf).join(", ");
  return data.last_error?.message ?? data.incomplete_details?.reason ?? "";
}

function partOf(part) {
  return part.text?.value ?? part.refusal ?? `[${part.type}]`;
}

function pieceOf(call) {
  const own = call.type === "function";
  const written = own ? call.function?.arguments : call.code_interpreter?.input;
  return [own ? call.function?.name : call.type, written && quoted(written)].filter(Boolean).join(" ");
}

function stepOf({ step_details: details }) {
  return details.type === "tool_calls" ? details.tool_calls.map(nameOf).join(", ") || "tool calls" : "message";
}

function quoted(text) {
  return `“${text.replaceAll("\n", "⏎")}”`;
}

export function shortName(name) {
  return name.replace(/^thread\./, "");
}

/** JSON with its lines, if it is JSON that has no room in one. */
export function pretty(text) {
  if (text.length < 64) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function threadTitle(thread) {
  return thread.metadata?.title || thread.metadata?.name || `Thread ${thread.id.slice(-6)}`;
}

export function assistantTitle(assistant) {
  return assistant.name || "Unnamed assistant";
}

/** "14:03" today, "12 Mar 14:03" else. */
export function moment(seconds, today = new Date()) {
  const date = new Date(seconds * 1000);
  const time = { hour: "2-digit", minute: "2-digit" };
  const day = date.toDateString() === today.toDateString() ? {} : { day: "numeric", month: "short" };
  return date.toLocaleString("en-GB", { ...day, ...time });
}

const STATUSES = { requires_action: "waits for outputs", in_progress: "in progress" };

export function statusWords(status) {
  return STATUSES[status] ?? status;
}
