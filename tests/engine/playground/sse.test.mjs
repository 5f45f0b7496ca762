import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FrameReader } from "../../../assistream/engine/pages/playground/sse.js";

const RECORDED = readFileSync(new URL("../../data/two_functions.sse", import.meta.url), "utf8");
const read = (...pieces) => {
  const reader = new FrameReader();
  return pieces.flatMap((piece) => reader.feed(piece));
};

test("the same frames, wherever the text is cut", () => {
  const text = RECORDED.slice(0, 4000);
  const whole = read(text);
  assert.ok(whole.length > 3);
  for (let at = 0; at <= text.length; at += 1) assert.deepEqual(read(text.slice(0, at), text.slice(at)), whole);
  assert.deepEqual(read(...text), whole);
});

test("every line ending, also when it is cut", () => {
  const expected = [{ id: "1", event: "x", data: "a\nb", at: null, raw: "id: 1\nevent: x\ndata: a\ndata: b" }];
  for (const ending of ["\n", "\r\n", "\r"]) {
    const text = ["id: 1", "event: x", "data: a", "data: b", "", ": rest"].join(ending);
    assert.deepEqual(read(text), expected);
    assert.deepEqual(read(...text), expected);
  }
});

test("times come in comments, with an empty line after them or without", () => {
  const text =
    ": at 1700000000123\n\nid: 1\ndata: a\n\n: at 1700000000456\nid: 2\ndata: b\n\n: ping\n\nid: 3\ndata: c\n\n";
  assert.deepEqual(
    read(text).map(({ id, at }) => [id, at]),
    [
      ["1", 1700000000123],
      ["2", 1700000000456],
      ["3", null],
    ],
  );
  assert.ok(!read(text)[0].raw.includes(": at"));
});

test("an id stays in force, a frame without data is none, one without an end is not there yet", () => {
  assert.deepEqual(
    read("id: 7\ndata: a\n\nevent: x\n\ndata: b\n\ndata: c").map(({ id, event, data }) => [id, event, data]),
    [
      ["7", "message", "a"],
      ["7", "message", "b"],
    ],
  );
});
