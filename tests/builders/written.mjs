// Output of tools that cannot be run in a test (they need an engine, a cluster or a closed service):
// written by hand after their sources, over our own images.
import { engineOutput } from "./written/engine.mjs";
import { fragments } from "./written/fragments.mjs";
import { kubectlOutput } from "./written/kubectl.mjs";
import { signatureOutput } from "./written/signatures.mjs";
import { trustOutput } from "./written/trust.mjs";

/** `{ path, keys, bytes }` for every fixture; `path` is below `tests/vectors`. */
export function writtenOutput() {
  return [...engineOutput(), ...trustOutput(), ...kubectlOutput(), ...signatureOutput(), ...fragments()].map(
    ({ folder, name, tool, source, digest, note, text }) => ({
      path: `paste/${folder ?? tool.replaceAll(/[^a-z]+/g, "-")}/${name}.txt`,
      keys: { tool, from: `written after ${source}`, digest, note },
      bytes: Buffer.from(text),
    }),
  );
}
