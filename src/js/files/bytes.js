// The bytes of a file as they come, a part at a time, so that a file of any size needs little memory.
//
// A file is `{ name, size, chunks(from), part(from, to) }`: `chunks` gives its bytes as an async iterable, `part` some of
// them at once. Without `size` it can be read once, from its beginning, and has no `part`.

/** Reads some bytes after the other. */
export class Bytes {
  /** How many were read, or passed over. */
  count = 0;
  #iterator;
  #rest = new Uint8Array();
  #seek;

  /** `seek(count)`: the bytes from another place on, where that is cheaper than to read until there. */
  constructor(chunks, seek) {
    this.#iterator = chunks[Symbol.asyncIterator]();
    this.#seek = seek;
  }

  /** The next bytes, `most` or as many as there are. */
  async take(most) {
    const parts = [];
    let length = 0;
    while (length < most && (await this.#fill())) {
      const part = this.#rest.subarray(0, most - length);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      length += part.length;
    }
    this.count += length;
    return joined(parts, length);
  }

  /** The next bytes, which are still to be read afterwards. */
  async peek(most) {
    const found = await this.take(most);
    this.count -= found.length;
    this.#rest = joined([found, this.#rest], found.length + this.#rest.length);
    return found;
  }

  /** Passes over bytes; gives how many there were. */
  async skip(many) {
    const before = this.count;
    if (this.#seek && many > farther + this.#rest.length) await this.#goTo(before + many);
    while (this.count - before < many && (await this.#fill())) {
      const passed = Math.min(this.#rest.length, many - (this.count - before));
      this.#rest = this.#rest.subarray(passed);
      this.count += passed;
    }
    return this.count - before;
  }

  async #goTo(place) {
    await this.end();
    const { from, chunks } = this.#seek(place);
    this.#iterator = chunks[Symbol.asyncIterator]();
    this.#rest = new Uint8Array();
    this.count = from;
  }

  /** All that is left, as it comes. */
  async *[Symbol.asyncIterator]() {
    while (await this.#fill()) {
      const part = this.#rest;
      this.#rest = new Uint8Array();
      this.count += part.length;
      yield part;
    }
  }

  /** Reads no more. */
  async end() {
    await this.#iterator.return?.();
  }

  async #fill() {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#iterator.next();
      if (done) return false;
      this.#rest = value;
    }
    return true;
  }
}

// Passing over fewer bytes than this is cheaper than to begin again behind them.
const farther = 2 ** 20;

/** The bytes of a file; it is not read where that is not needed. */
export function bytesOf(file) {
  const { size } = file;
  if (size === undefined) return new Bytes(file.chunks(0));
  const seek = (place) => {
    const from = Math.min(place, size);
    return { from, chunks: file.chunks(from) };
  };
  return new Bytes(file.chunks(0), seek);
}

/** A file of bytes in memory. */
export const held = (name, bytes) => ({
  name,
  size: bytes.length,
  async *chunks(from) {
    yield bytes.subarray(from);
  },
  part: async (from, to) => bytes.subarray(from, to),
});

/** Decompresses bytes with the platform's own means, as `format` says. */
export async function* decompressed(chunks, format) {
  const iterator = chunks[Symbol.asyncIterator]();
  const source = new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => iterator.return?.(),
  }, { highWaterMark: 0 });
  const reader = source.pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

export function joined(parts, length) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
