// The vectors' file format: `key: value` lines, a blank line, the exact bytes.

export function writeVector(keys, bytes) {
  const lines = Object.entries(keys)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => {
      if (/[\r\n]/.test(value)) throw new Error(`the value of ${key} has more than one line`);
      return `${key}: ${value}\n`;
    });
  return Buffer.concat([Buffer.from(`${lines.join("")}\n`), bytes]);
}

export function readVector(file) {
  const end = file.indexOf("\n\n");
  if (end < 0) throw new Error("no blank line in vector");
  const keys = file.subarray(0, end).toString().split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2));
  return { keys: Object.fromEntries(keys), bytes: file.subarray(end + 2) };
}
