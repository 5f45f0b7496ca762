// Bytes that were decoded to text, cut anywhere, become frames: the event stream format of the HTML standard.

const TIME = /^: ?at (\d+)$/;

/** `feed` returns the frames that a piece of text completes: `{id, event, data, at, raw}`. */
export class FrameReader {
  #rest = "";
  #lines = [];
  #at = null;
  #id = "";

  feed(text) {
    let all = this.#rest + text;
    // Half of a CRLF: whether its other half is a line of its own, only the next piece can tell.
    const held = all.endsWith("\r") ? "\r" : "";
    if (held) all = all.slice(0, -1);
    const lines = all.split(/\r\n|\n|\r/);
    this.#rest = lines.pop() + held;
    return lines.map((line) => this.#take(line)).filter(Boolean);
  }

  #take(line) {
    if (line !== "") {
      const time = TIME.exec(line);
      if (time) this.#at = Number(time[1]);
      else if (!line.startsWith(":")) this.#lines.push(line);
      return null;
    }
    // A comment may have an empty line after it, too: the time is that of the frame which comes then.
    if (!this.#lines.length) return null;
    const [lines, at] = [this.#lines, this.#at];
    [this.#lines, this.#at] = [[], null];
    return this.#frame(lines, at);
  }

  #frame(lines, at) {
    const fields = lines.map((line) => /^([^:]*)(?:: ?(.*))?$/s.exec(line));
    const values = (name) => fields.filter((field) => field[1] === name).map((field) => field[2] ?? "");
    this.#id = values("id").pop() ?? this.#id;
    const data = values("data");
    const frame = {
      id: this.#id,
      event: values("event").pop() || "message",
      data: data.join("\n"),
      at,
      raw: lines.join("\n"),
    };
    return data.length ? frame : null;
  }
}
