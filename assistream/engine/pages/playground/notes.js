// Annotations in a text: what was cited, and files that were made, become numbered notes. No DOM.

import { mark, unmarked } from "./markdown.js";

/** `{text, notes}`: the text with marks in the place of what annotations stand for, and a note for each. */
export function noted(value, annotations) {
  const known = annotations.filter(Boolean);
  if (!known.length) return { text: unmarked(value), notes: [] };
  const points = [...unmarked(value)]; // the API counts characters, and a string's own indices count halves of some
  const notes = [];
  const places = known.map((annotation) => placeOf(points, annotation)).filter(Boolean);
  places.sort((one, other) => one.start - other.start);
  let text = "";
  let last = 0;
  for (const { start, end, annotation } of places) {
    if (start < last) continue;
    text += points.slice(last, start).join("") + mark(numberOf(notes, annotation));
    last = end;
  }
  return { text: text + points.slice(last).join(""), notes };
}

/** The text with what annotations stand for in the place of marks: code is shown as it was written. */
export function written(text, notes) {
  return text.replace(/\uE000(\d{1,6})\uE001/g, (_, number) => notes[number - 1]?.text ?? "");
}

function placeOf(points, annotation) {
  const [start, end] = [annotation.start_index, annotation.end_index];
  if (points.slice(start, end).join("") === annotation.text) return { start, end, annotation };
  // Some servers count otherwise; what they mean can still be found by what it says.
  const found = annotation.text ? points.join("").indexOf(annotation.text) : -1;
  if (found < 0) return null;
  const before = [...points.join("").slice(0, found)].length;
  return { start: before, end: before + [...annotation.text].length, annotation };
}

function numberOf(notes, annotation) {
  const note = {
    kind: annotation.type,
    file: annotation.file_citation?.file_id ?? annotation.file_path?.file_id ?? null,
    text: annotation.text ?? "",
    quote: annotation.file_citation?.quote ?? "",
  };
  const same = notes.findIndex((one) => one.kind === note.kind && one.file === note.file && one.quote === note.quote);
  return same < 0 ? notes.push(note) : same + 1;
}
