// In which order a conversation shows messages and runs. The API has them in two lists, whose times are whole seconds. No DOM.

import { isOver } from "./story.js";

/** `{kind: "earlier" | "message" | "run" | "pending" | "thinking", message, run}`, from the oldest to the newest. */
export function ordered({ messages, runs, earlier, pending, open }) {
  const found = earlier ? [{ kind: "earlier" }] : [];
  // Those that are older than all messages here belong to earlier ones.
  const since = earlier ? (messages[0]?.created_at ?? 0) : 0;
  const here = all(runs, open).filter((run) => run.created_at >= since || run.id === open?.id);
  const left = new Map(here.map((run) => [run.id, run]));
  const place = (run) => {
    left.delete(run.id);
    found.push({ kind: "run", run });
  };
  for (const message of messages) {
    // A run comes before the first thing it has said; one that said nothing, before what was said after it.
    if (left.has(message.run_id)) place(left.get(message.run_id));
    else if (message.role === "user") silentBefore(message, left, messages).forEach(place);
    if (!isTold(message, open)) found.push({ kind: "message", message });
  }
  [...left.values()].filter((run) => run.id !== open?.id).forEach(place);
  if (pending) found.push({ kind: "pending" });
  if (left.has(open?.id)) place(left.get(open.id));
  else if (open && !open.id && open.live) found.push({ kind: "thinking" });
  return found;
}

/** In the order of their creation, with the open one, which is not in the list if it is very new, or very old. */
function all(runs, open) {
  const known = runs.toReversed();
  if (!open?.run || known.some((run) => run.id === open.id)) return known;
  return [...known, open.run].sort((one, other) => one.created_at - other.created_at);
}

function silentBefore(message, left, messages) {
  const silent = (run) => !messages.some((one) => one.run_id === run.id);
  return [...left.values()].filter((run) => run.created_at < message.created_at && isOver(run) && silent(run));
}

/** Whether the story of the open run tells the message already. */
function isTold(message, open) {
  return Boolean(message.run_id && open?.id === message.run_id && open.events.length && !open.story.error);
}
