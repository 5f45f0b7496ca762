// Files of the engine: sent along with a message, cited by an answer, shown as images, saved to disk.

import { get, request } from "./api.js";
import { h, icon } from "./dom.js";
import { failed } from "./notices.js";

const names = new Map();
const pictures = new Map();

/** The file as the engine has it, after its upload. */
export async function upload(file) {
  const form = new FormData();
  form.append("purpose", file.type.startsWith("image/") ? "vision" : "assistants");
  form.append("file", file, file.name || "file");
  const made = await (await request("POST", "files", { form })).json();
  names.set(made.id, Promise.resolve(made.filename));
  // The engine does not give back what was uploaded; this page has it still.
  if (file.type.startsWith("image/")) pictures.set(made.id, Promise.resolve(URL.createObjectURL(file)));
  return made;
}

function nameOf(id) {
  if (!names.has(id))
    names.set(
      id,
      get(`files/${id}`).then(
        (file) => file.filename,
        () => id,
      ),
    );
  return names.get(id);
}

/** The name of a file, which comes when it is known. */
export function fileName(id) {
  const element = h("span", { class: "file-name" }, id);
  nameOf(id).then((name) => (element.textContent = name));
  return element;
}

/** What a number in a text stands for. */
export function fileNote(note) {
  if (!note.file) return h("span", {}, note.text);
  const quote = note.quote ? h("q", {}, note.quote) : null;
  return note.kind === "file_path" ? saveButton(note.file) : [fileName(note.file), quote ? " " : null, quote];
}

/** A button that saves the file, with its name if nothing else is said. */
export function saveButton(id, label = ["Save ", fileName(id)]) {
  return h("button", { type: "button", class: "link", onclick: () => save(id).catch(failed) }, label);
}

async function save(id) {
  const [name, address] = await Promise.all([nameOf(id), addressOf(id)]);
  h("a", { href: address, download: name.split("/").at(-1) }).click();
}

/** An address of the file in this page alone. */
async function addressOf(id) {
  const response = await request("GET", `files/${id}/content`);
  return URL.createObjectURL(await response.blob());
}

/** An image of the engine, or its name where the engine does not give it back. */
export function picture(id) {
  const element = h("span", { class: "chip" }, icon("clip"), fileName(id));
  const figure = h("figure", { class: "picture" }, element);
  if (!pictures.has(id)) pictures.set(id, addressOf(id));
  Promise.all([pictures.get(id), nameOf(id)]).then(
    ([address, name]) => figure.replaceChildren(h("img", { src: address, alt: name })),
    () => pictures.delete(id), // its name stays; it may be there later
  );
  return figure;
}
