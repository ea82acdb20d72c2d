// Files that a command writes: whole or not at all. What is written goes to a new file beside the one
// that is meant, and takes its name when all of it is on the disk, so that a full disk or a signal leaves
// what was there. From the first byte to the new name nothing else runs in this process: a signal that
// it handles comes before or after.
//
// What is added to a file is added at its end and taken back where it does not all fit. It is not put
// into a new file: that would lose what somebody else adds meanwhile.

import { randomBytes } from "node:crypto";
import {
  accessSync, closeSync, constants, existsSync, fchmodSync, fchownSync, fstatSync, fsyncSync, ftruncateSync, linkSync,
  lstatSync, openSync, readSync, readlinkSync, realpathSync, renameSync, rmSync, writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Broken, Failure } from "./failure.js";

// Symbolic links that one path may lead through, as Linux has it.
const mostLinks = 40;

/** Writes a file; one that is there is replaced, and keeps its mode. A pipe or a device is written to. */
export const put = (path, content, output) => into(path, content, output, replace);

/** Writes a file that is not there yet: one that is there by then is left alone. */
export const putNew = (path, content, output) => into(path, content, output, create);

/** Adds to the end of a file, on a line of its own. */
export const append = (path, text, output) => into(path, text, output, add);

/** Whether anything but a pipe or a device is there under this name. */
export function isThere(path) {
  try {
    const place = followed(path);
    return place.found !== undefined && isOrdinary(place);
  } catch {
    // Where no such folder is, or none that can be looked into: writing says which.
    return false;
  }
}

/** Throws, before anything is asked for, where a new file of this name cannot be written. */
export function refuseUnwritable(path) {
  failing(path, () => {
    const place = followed(path);
    if (!isOrdinary(place)) return;
    if (place.found !== undefined) throw there(path);
    const [name, file] = beside(place.path, 0o600);
    closeSync(file);
    rmSync(name);
  });
}

/** Writes where an answer does not depend on it: gives whether it worked; why not is said. */
export async function tried(output, write) {
  try {
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    output.fault(error.message);
    return false;
  }
}

async function into(path, content, output, write) {
  try {
    const place = followed(path);
    // The stream that prints: what went before stays before.
    if (place.descriptor === 1) return await output.write(content);
    if (place.descriptor !== undefined) return writeFileSync(place.descriptor, content);
    if (!isOrdinary(place)) return await writeFile(place.path, content);
    return write(place, content);
  } catch (error) {
    throw unwritten(path, error);
  }
}

/**
 * Where a path leads: `{ path, found }` behind all symbolic links, `found` being what is there, if
 * anything; or `{ descriptor }` where it is an open file of this process, such as /dev/stdout.
 */
function followed(path) {
  let at = path;
  for (let n = 0; n <= mostLinks; n += 1) {
    const folder = realpathSync(dirname(at));
    at = join(folder, basename(at));
    const [, descriptor] = /^\/(?:dev|proc\/(?:self|\d+))\/fd\/(\d+)$/.exec(at) ?? [];
    if (descriptor !== undefined && isOwn(folder)) return { descriptor: Number(descriptor) };
    const found = lstatSync(at, { throwIfNoEntry: false });
    // A link in /proc leads to what has no other name.
    if (!found?.isSymbolicLink() || at.startsWith("/proc/")) return { path: at, found };
    at = resolve(folder, readlinkSync(at));
  }
  throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" });
}

const isOwn = (folder) => ["/dev/fd", "/proc/self/fd", `/proc/${process.pid}/fd`].includes(folder);

/** True for a file, or a path that could become one; a folder is refused where it is opened. */
const isOrdinary = ({ descriptor, path, found }) =>
  descriptor === undefined && !path.startsWith("/proc/") && (found === undefined || found.isFile() || found.isDirectory());

function replace({ path, found }, content) {
  if (found?.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
  // What is protected from being written is not replaced either.
  if (found) accessSync(path, constants.W_OK);
  staged(path, content, found, (name) => renameSync(name, path));
}

function create({ path, found }, content) {
  if (found) throw there(path);
  staged(path, content, undefined, (name) => {
    try {
      linkSync(name, path);
    } catch (error) {
      if (error.code === "EEXIST") throw there(path);
      // File systems without hard links, such as those of memory sticks.
      if (existsSync(path)) throw there(path);
      return renameSync(name, path);
    }
    return rmSync(name);
  });
}

/** Writes a new file beside another, down to the disk, and hands its name on. */
function staged(path, content, found, finish) {
  const [name, file] = beside(path, found ? 0o600 : 0o666);
  try {
    try {
      if (found) likeBefore(file, found);
      writeFileSync(file, content);
      sync(file);
    } finally {
      closeSync(file);
    }
    finish(name);
  } catch (error) {
    rmSync(name, { force: true });
    throw error;
  }
}

/** A new file in the folder of another, opened: its name and descriptor. */
function beside(path, mode) {
  const name = join(dirname(path), `.pullproof-${randomBytes(8).toString("hex")}`);
  return [name, openSync(name, "wx", mode)];
}

/** Gives a file the owner of one that it replaces, where that is allowed, and its mode. */
function likeBefore(file, { uid, gid, mode }) {
  const now = fstatSync(file);
  try {
    if (now.uid !== uid || now.gid !== gid) fchownSync(file, uid, gid);
  } catch (error) {
    if (error.code !== "EPERM") throw error;
  }
  fchmodSync(file, mode & 0o777);
}

/** A disk may be found full only here. Some file systems have nothing to do for it. */
function sync(file) {
  try {
    fsyncSync(file);
  } catch (error) {
    if (!["EINVAL", "ENOSYS", "ENOTSUP"].includes(error.code)) throw error;
  }
}

function add({ path }, text) {
  const file = openSync(path, "a+");
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    const begun = size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
    const added = Buffer.from(begun ? `\n${text}` : text);
    try {
      writeFileSync(file, added);
    } catch (error) {
      const now = fstatSync(file).size;
      // More than that, and somebody else added to it too.
      if (now > size && now <= size + added.length) ftruncateSync(file, size);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

const there = (path) => new Failure("file", `the file ${path} exists already`);

function failing(path, work) {
  try {
    return work();
  } catch (error) {
    throw unwritten(path, error);
  }
}

function unwritten(path, error) {
  if (error instanceof Failure || error instanceof Broken || typeof error?.code !== "string") return error;
  return new Failure("file", `cannot write ${path} (${error.code})`);
}
