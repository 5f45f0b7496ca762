// What the events of a run have told so far: its messages and tool calls, in the order in which they came to be.
// No DOM: a run that is live, one that is replayed and one that is scrubbed through are all told by this.

/** `items` are `{kind: "message", id, status, content}` and `{kind: "tools", id, status, calls}`. */
export function createStory() {
  return { run: null, error: null, items: [], found: new Map() };
}

/** Tell the story one event more: `{name, data}`. Data are never changed; what grows is a copy. */
export function tell(story, { name, data }) {
  if (name === "thread.message.delta") said(story.found.get(data.id), data.delta);
  else if (name === "thread.run.step.delta") worked(story.found.get(data.id), data.delta);
  else if (name.startsWith("thread.message.")) message(story, data);
  else if (name.startsWith("thread.run.step.")) step(story, data);
  else if (name.startsWith("thread.run.")) run(story, data);
  else if (name === "error") story.error = data.error ?? data;
}

/** The calls that wait for outputs; empty if none do. */
export function openCalls(run) {
  return run?.status === "requires_action" ? run.required_action.submit_tool_outputs.tool_calls : [];
}

const OVER = new Set(["completed", "failed", "cancelled", "expired", "incomplete"]);

export function isOver(run) {
  return OVER.has(run?.status);
}

function item(story, id, made) {
  if (!story.found.has(id)) {
    story.found.set(id, { id, version: 0, ...made });
    story.items.push(story.found.get(id));
  }
  const found = story.found.get(id);
  found.version += 1;
  return found;
}

function message(story, data) {
  Object.assign(item(story, data.id, { kind: "message" }), {
    role: data.role,
    status: data.status,
    reason: data.incomplete_details?.reason,
    content: structuredClone(data.content),
  });
}

function step(story, data) {
  // A step that writes a message has nothing to show beside that message.
  if (data.step_details.type !== "tool_calls") return;
  const told = item(story, data.id, { kind: "tools", calls: [] });
  Object.assign(told, { status: data.status, error: data.last_error });
  if (data.step_details.tool_calls.length) told.calls = structuredClone(data.step_details.tool_calls);
}

function run(story, data) {
  story.run = data;
  // These are the words that count: deltas can have been left out by a server in between.
  for (const asked of openCalls(data)) {
    const told = story.items.find((one) => one.calls?.some((call) => call.id === asked.id));
    const call = told?.calls.find((one) => one.id === asked.id);
    if (call) Object.assign(call.function, asked.function);
    if (told) told.version += 1;
  }
}

function said(told, delta) {
  if (!told) return;
  told.version += 1;
  for (const { index, ...part } of delta.content ?? []) {
    const block = (told.content[index] ??= empty(part));
    if (part.type === "text") {
      block.text.value += part.text?.value ?? "";
      for (const { index: place, ...annotation } of part.text?.annotations ?? [])
        block.text.annotations[place ?? block.text.annotations.length] = annotation;
    } else if (part.type === "refusal") block.refusal += part.refusal ?? "";
    else Object.assign(block, structuredClone(part));
  }
}

function empty({ type }) {
  if (type === "text") return { type, text: { value: "", annotations: [] } };
  return type === "refusal" ? { type, refusal: "" } : { type };
}

function worked(told, delta) {
  if (!told) return;
  told.version += 1;
  for (const { index, ...piece } of delta.step_details?.tool_calls ?? []) {
    const call = (told.calls[index] ??= { id: piece.id, type: piece.type });
    if (piece.id) call.id = piece.id;
    if (piece.type === "function")
      called((call.function ??= { name: "", arguments: "", output: null }), piece.function ?? {});
    else if (piece.type === "code_interpreter")
      computed((call.code_interpreter ??= { input: "", outputs: [] }), piece.code_interpreter ?? {});
    else Object.assign(call, structuredClone(piece));
  }
}

function called(whole, piece) {
  whole.name = piece.name ?? whole.name;
  whole.arguments += piece.arguments ?? "";
  whole.output = piece.output ?? whole.output;
}

function computed(whole, piece) {
  whole.input += piece.input ?? "";
  for (const { index, ...output } of piece.outputs ?? []) {
    const place = index ?? whole.outputs.length;
    const known = whole.outputs[place];
    if (known?.type === "logs" && output.type === "logs") known.logs += output.logs ?? "";
    else whole.outputs[place] = structuredClone(output);
  }
}
