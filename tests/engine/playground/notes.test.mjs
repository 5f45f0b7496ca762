import assert from "node:assert/strict";
import { test } from "node:test";
import { mark } from "../../../assistream/engine/pages/playground/markdown.js";
import { noted, written } from "../../../assistream/engine/pages/playground/notes.js";

const cited = (text, start, file = "file-1") => ({
  type: "file_citation",
  text,
  start_index: start,
  end_index: start + [...text].length,
  file_citation: { file_id: file },
});

test("without annotations the text is as it was, but for what looks like a mark", () => {
  assert.deepEqual(noted("plain", []), { text: "plain", notes: [] });
  assert.deepEqual(noted(`x${mark(1)}`, []).text, "x\uFFFD1\uFFFD");
});

test("indices count characters, whatever they are made of", () => {
  const { text, notes } = noted("😀 so【1】, and【2】.", [cited("【1】", 4), cited("【2】", 12, "file-2")]);
  assert.equal(text, `😀 so${mark(1)}, and${mark(2)}.`);
  assert.deepEqual(
    notes.map((note) => note.file),
    ["file-1", "file-2"],
  );
});

test("the same source is one note", () => {
  const { text, notes } = noted("a[1] b[1]", [cited("[1]", 1), cited("[1]", 6)]);
  assert.deepEqual([text, notes.length], [`a${mark(1)} b${mark(1)}`, 1]);
});

test("indices that are wrong, that overlap, or lead nowhere", () => {
  assert.equal(noted("see [1]!", [cited("[1]", 0)]).text, `see ${mark(1)}!`);
  assert.equal(noted("see [1]!", [cited("[9]", 0)]).text, "see [1]!");
  assert.equal(noted("[12]", [cited("[12]", 0), cited("12", 1, "file-2")]).text, mark(1));
});

test("files that were made", () => {
  const made = {
    type: "file_path",
    text: "sandbox:/a.csv",
    start_index: 0,
    end_index: 14,
    file_path: { file_id: "file-3" },
  };
  assert.deepEqual(noted("sandbox:/a.csv", [made]).notes, [
    { kind: "file_path", file: "file-3", text: "sandbox:/a.csv", quote: "" },
  ]);
});

test("in code an annotation is what it was written as", () => {
  const { text, notes } = noted("`cat [1]`", [cited("[1]", 5)]);
  assert.equal(text, `\`cat ${mark(1)}\``);
  assert.equal(written(text, notes), "`cat [1]`");
  assert.equal(written(mark(9), notes), "");
});
