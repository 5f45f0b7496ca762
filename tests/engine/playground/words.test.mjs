import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assistantTitle,
  describe,
  moment,
  pretty,
  shortName,
  statusWords,
  threadTitle,
} from "../../../assistream/engine/pages/playground/words.js";

const call = { index: 0, type: "function", function: { name: "look", arguments: "{" } };

for (const [name, data, expected] of [
  ["thread.message.delta", { delta: { content: [{ text: { value: "Hi\n" } }] } }, "“Hi⏎”"],
  ["thread.message.delta", { delta: { content: [{ type: "image_file" }] } }, "“[image_file]”"],
  ["thread.run.step.delta", { delta: { step_details: { tool_calls: [call] } } }, "look “{”"],
  [
    "thread.run.step.delta",
    { delta: { step_details: { tool_calls: [{ type: "code_interpreter", code_interpreter: { input: "1" } }] } } },
    "code_interpreter “1”",
  ],
  [
    "thread.run.step.delta",
    { delta: { step_details: { tool_calls: [{ type: "file_search", file_search: {} }] } } },
    "file_search",
  ],
  ["thread.run.step.created", { step_details: { type: "message_creation" } }, "message"],
  ["thread.run.step.created", { step_details: { type: "tool_calls", tool_calls: [] } }, "tool calls"],
  ["thread.run.step.completed", { step_details: { type: "tool_calls", tool_calls: [call] } }, "look"],
  [
    "thread.run.requires_action",
    { required_action: { submit_tool_outputs: { tool_calls: [call, call] } } },
    "look, look",
  ],
  ["thread.run.failed", { last_error: { message: "No." } }, "No."],
  ["thread.run.incomplete", { incomplete_details: { reason: "max_prompt_tokens" } }, "max_prompt_tokens"],
  ["thread.created", {}, ""],
  ["error", { error: { message: "Oh." } }, "Oh."],
]) {
  test(`${name}: ${expected}`, () => assert.equal(describe({ name, data }), expected));
}

test("names", () => {
  assert.equal(shortName("thread.run.step.delta"), "run.step.delta");
  assert.equal(threadTitle({ id: "thread_abcdef123456", metadata: {} }), "Thread 123456");
  assert.equal(threadTitle({ id: "thread_1", metadata: { title: "Oslo" } }), "Oslo");
  assert.equal(assistantTitle({ name: null }), "Unnamed assistant");
  assert.deepEqual(["requires_action", "failed"].map(statusWords), ["waits for outputs", "failed"]);
});

test("JSON that has no room in a line, and what is no JSON", () => {
  const long = JSON.stringify({ city: "x".repeat(80) });
  assert.equal(pretty(long).split("\n").length, 3);
  assert.equal(pretty(long.slice(1)), long.slice(1));
  assert.equal(pretty('{"a": 1}'), '{"a": 1}');
});

test("a day only where it is another one", () => {
  const today = new Date(2024, 2, 12, 15, 0);
  assert.equal(moment(new Date(2024, 2, 12, 14, 3) / 1000, today), "14:03");
  assert.match(moment(new Date(2024, 2, 11, 14, 3) / 1000, today), /^11 Mar.*14:03$/);
});
