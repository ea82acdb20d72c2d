// dist/pkg/pullproof.1: the manual page of the command, made from its table of arguments.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { manual } from "../src/js/cli/manual.js";
import { root } from "./command.mjs";

/** Writes the manual page beside the package's files. */
export const writeManual = () => writeFileSync(join(root, "dist", "pkg", "pullproof.1"), manual());
