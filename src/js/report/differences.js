// The differences between two images that are not the same as far as asked: the field, and both values, from documents
// that were hashed. Rows for a table; and for a text a line each.

// Fields of a configuration's `config`, as people call them.
const fields = {
  Cmd: "command",
  Entrypoint: "entrypoint",
  ExposedPorts: "ports",
  StopSignal: "stop signal",
  User: "user",
  Volumes: "volumes",
  WorkingDir: "working directory",
};

const parts = { environment: "environment", history: "build step", "os.version": "os version" };

/** Platform by platform: `{ platform, rows: [{ what, left, right }], more }`; a value that one side lacks is undefined. */
export function differences(report) {
  return (report.differences ?? []).map(({ platform, fields: found, more }) => ({ platform, rows: found.map(row), more }));
}

const row = ({ part, name, left, right }) => ({ what: whatOf(part, name), left, right });

/** The name of a variable or a label is somebody else's choice, as the values are. */
function whatOf(part, name) {
  if (part === "config" && name !== undefined) return [fields[name] ?? { value: name }];
  return name === undefined ? [parts[part] ?? { value: part }] : [`${parts[part] ?? part} `, { value: name }];
}

/** The same as phrases, one a row. */
export function differenceLines(report) {
  return differences(report).flatMap(({ platform, rows, more }) => [
    ...rows.map(({ what, left, right }) => [...(platform === undefined ? [] : [{ value: platform }, ", "]), ...what, ": ", side(left), " → ", side(right)]),
    ...(more === 0 ? [] : [[`and ${more} more`]]),
  ]);
}

const side = (text) => (text === undefined ? "missing" : { value: text });
