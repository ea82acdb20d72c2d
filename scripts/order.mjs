// Puts functions that are alike beside each other in a module of wasm: what travels is compressed, and a repetition costs
// less the nearer it is. It is more than a hundredth of the module. Nothing else changes: a name is given to each function
// by its new place, by which binaryen's wasm-opt sorts.

/** The bytes of a run that is looked for in two functions. */
const run = 5;
/** A run in more functions than this is in all kinds of functions. */
const most = 100;

/** The module with a section of names: sorted by them, its functions are in the better order. */
export function named(wasm) {
  const { imported, bodies } = functions(wasm);
  const names = new Array(bodies.length);
  order(bodies).forEach((at, place) => (names[at] = String(place).padStart(6, "0")));
  const entries = names.map((name, at) => Buffer.concat([number(imported + at), text(name)]));
  const map = Buffer.concat([number(entries.length), ...entries]);
  const content = Buffer.concat([text("name"), Buffer.of(1), number(map.length), map]);
  return Buffer.concat([wasm, Buffer.of(0), number(content.length), content]);
}

/** From each function to the one not yet placed that has the most runs in common with it. */
function order(bodies) {
  const runs = bodies.map(runsOf);
  const having = new Map();
  runs.forEach((set, at) => {
    for (const one of set) having.set(one, [...(having.get(one) ?? []), at]);
  });
  const placed = new Set();
  let at = 0;
  while (placed.size < bodies.length) {
    placed.add(at);
    const common = new Map();
    for (const one of runs[at]) {
      const others = having.get(one);
      if (others.length > most) continue;
      for (const other of others) if (!placed.has(other)) common.set(other, (common.get(other) ?? 0) + 1);
    }
    let best = 0;
    let next = bodies.findIndex((_, other) => !placed.has(other));
    for (const [other, count] of common) if (count > best) [best, next] = [count, other];
    at = next;
  }
  return [...placed];
}

function runsOf(body) {
  const set = new Set();
  for (let at = 0; at + run <= body.length; at += 1) set.add(body.toString("latin1", at, at + run));
  return set;
}

/** The bodies of a module's functions, and how many functions it imports. */
function functions(wasm) {
  let at = 8;
  const read = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  };
  const bodies = [];
  while (at < wasm.length) {
    const id = wasm[at++];
    const end = read() + at;
    if (id === 10) {
      for (let left = read(); left > 0; left -= 1) {
        const length = read();
        bodies.push(wasm.subarray(at, (at += length)));
      }
    }
    at = end;
  }
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  return { imported: imports.filter(({ kind }) => kind === "function").length, bodies };
}

function text(string) {
  return Buffer.concat([number(string.length), Buffer.from(string)]);
}

/** A number as wasm has it: LEB128. */
function number(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return Buffer.from(bytes);
}
