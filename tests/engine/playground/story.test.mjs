import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FrameReader } from "../../../assistream/engine/pages/playground/sse.js";
import { createStory, isOver, openCalls, tell } from "../../../assistream/engine/pages/playground/story.js";

function recorded(name) {
  const frames = new FrameReader().feed(readFileSync(new URL(`../../data/${name}.sse`, import.meta.url), "utf8"));
  return frames
    .filter((frame) => frame.event !== "done")
    .map((frame) => ({ name: frame.event, data: JSON.parse(frame.data) }));
}

function told(events) {
  const story = createStory();
  for (const event of events) tell(story, event);
  return story;
}

const withoutEnd = (events, name) => events.filter((event) => event.name !== name);

test("what deltas add up to is what the message is in the end", () => {
  const events = recorded("plain_text");
  const growing = told(withoutEnd(events, "thread.message.completed"));
  const whole = told(events);
  assert.equal(whole.items.length, 1);
  assert.ok(whole.items[0].content[0].text.value.length > 3);
  assert.equal(growing.items[0].content[0].text.value, whole.items[0].content[0].text.value);
  assert.deepEqual([growing.items[0].status, whole.items[0].status], ["in_progress", "completed"]);
  assert.ok(isOver(whole.run));
});

test("the arguments of calls grow, and are those that outputs are awaited for", () => {
  const events = recorded("two_functions");
  const growing = told(withoutEnd(events, "thread.run.requires_action"));
  const whole = told(events);
  const [step] = whole.items;
  assert.equal(step.kind, "tools");
  assert.deepEqual(
    step.calls.map((call) => call.id),
    openCalls(whole.run).map((call) => call.id),
  );
  assert.deepEqual(
    growing.items[0].calls.map((call) => call.function.arguments),
    openCalls(whole.run).map((call) => call.function.arguments),
  );
  assert.ok(!isOver(whole.run));
});

test("events are never changed by what is told of them", () => {
  for (const name of ["plain_text", "two_functions", "submit_leg", "failed_run"]) {
    const events = recorded(name);
    const before = structuredClone(events);
    told([...events, ...events]);
    assert.deepEqual(events, before);
  }
});

test("a failed run, and an error in place of events", () => {
  assert.equal(told(recorded("failed_run")).run.status, "failed");
  assert.ok(told(recorded("error_event")).error.message);
  assert.equal(told([{ name: "error", data: { message: "flat" } }]).error.message, "flat");
});

test("deltas of what nobody has heard of are left out", () => {
  const story = told([
    {
      name: "thread.message.delta",
      data: { id: "msg_x", delta: { content: [{ index: 0, type: "text", text: { value: "?" } }] } },
    },
    {
      name: "thread.run.step.delta",
      data: { id: "step_x", delta: { step_details: { tool_calls: [{ index: 0, type: "function" }] } } },
    },
    { name: "thread.unheard.of", data: {} },
  ]);
  assert.deepEqual(story.items, []);
});

const step = (calls, status = "in_progress") => ({
  id: "step_1",
  status,
  last_error: null,
  step_details: { type: "tool_calls", tool_calls: calls },
});
const delta = (call) => ({
  name: "thread.run.step.delta",
  data: { id: "step_1", delta: { step_details: { type: "tool_calls", tool_calls: [call] } } },
});

test("code, its logs and its images", () => {
  const { items } = told([
    { name: "thread.run.step.created", data: step([]) },
    delta({ index: 0, id: "call_1", type: "code_interpreter", code_interpreter: { input: "print(", outputs: [] } }),
    delta({ index: 0, type: "code_interpreter", code_interpreter: { input: "1)" } }),
    delta({
      index: 0,
      type: "code_interpreter",
      code_interpreter: { outputs: [{ index: 0, type: "logs", logs: "1" }] },
    }),
    delta({
      index: 0,
      type: "code_interpreter",
      code_interpreter: {
        outputs: [
          { index: 0, type: "logs", logs: "\n" },
          { index: 1, type: "image", image: { file_id: "file-1" } },
        ],
      },
    }),
  ]);
  assert.deepEqual(items[0].calls, [
    {
      id: "call_1",
      type: "code_interpreter",
      code_interpreter: {
        input: "print(1)",
        outputs: [
          { type: "logs", logs: "1\n" },
          { type: "image", image: { file_id: "file-1" } },
        ],
      },
    },
  ]);
});

test("annotations and refusals", () => {
  const message = { id: "msg_1", role: "assistant", status: "in_progress", content: [] };
  const part = (content) => ({ name: "thread.message.delta", data: { id: "msg_1", delta: { content: [content] } } });
  const { items } = told([
    { name: "thread.message.created", data: message },
    part({ index: 0, type: "text", text: { value: "See [1]", annotations: [] } }),
    part({
      index: 0,
      type: "text",
      text: {
        annotations: [
          {
            index: 0,
            type: "file_citation",
            text: "[1]",
            start_index: 4,
            end_index: 7,
            file_citation: { file_id: "file-1" },
          },
        ],
      },
    }),
    part({ index: 1, type: "refusal", refusal: "No" }),
    part({ index: 1, type: "refusal", refusal: "." }),
  ]);
  assert.equal(items[0].content[0].text.annotations[0].file_citation.file_id, "file-1");
  assert.deepEqual(items[0].content[1], { type: "refusal", refusal: "No." });
});
