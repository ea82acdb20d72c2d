// A server program of somebody else, from its start until it is told to stop.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 10;
const TRIES = 5;

/**
 * Starts a program that takes a free port of 127.0.0.1 itself and says which: `listening` finds
 * the port in what it prints. Asking for a free port beforehand would let another take it first.
 * `group`: what it starts ends with it. Gives `{ host, stop }`.
 */
export function startProgram({ listening, ...program }) {
  const port = (said) => listening.exec(said)?.[1];
  return begin(program, port, `a port by ${listening} in what it prints`);
}

/**
 * Starts a program that has to be told its port: `args(port)`, and another where that one is taken. It
 * has begun when `answers(host)` gives true.
 */
export async function startAtPort({ args, answers, ...program }) {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const look = async () => ((await answers(`127.0.0.1:${port}`)) ? port : undefined);
    try {
      return await begin({ ...program, args: args(port) }, look, `an answer at port ${port}`);
    } catch (error) {
      if (!error.hasEnded || tries === TRIES) throw error;
    }
  }
}

/** Starts it and looks again and again until `look`, given what it has printed, gives its port. */
async function begin({ program, args, env, group = false }, look, expected) {
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  const log = join(folder, "log");
  // Into a file: a pipe fills up while this process waits for a client, and then the server waits too.
  const out = openSync(log, "a");
  const child = spawn(program, args, { env: { ...process.env, ...env }, detached: group, stdio: ["ignore", out, out] });
  closeSync(out);
  const end = () => {
    if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
    if (group) process.kill(-child.pid);
    else child.kill();
  };
  const ended = once(child, "exit").catch((error) => error);
  takeAlong();
  running.add(end);
  const stop = async () => {
    end();
    running.delete(end);
    await ended;
    rmSync(folder, { recursive: true });
  };
  try {
    return { host: `127.0.0.1:${await portOf({ log, ended, look, expected })}`, stop };
  } catch (error) {
    await stop();
    error.message = `${[program, ...args].join(" ")}: ${error.message}`;
    throw error;
  }
}

// A test that fails or is ended before its end stops nothing: then this process takes its programs along.
const running = new Set();
let isSet = false;

function takeAlong() {
  if (isSet) return;
  isSet = true;
  const endAll = () => running.forEach((end) => end());
  process.once("exit", endAll);
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      endAll();
      process.kill(process.pid, signal);
    });
  }
}

async function portOf({ log, ended, look, expected }) {
  let end;
  ended.then((how) => (end = how instanceof Error ? how.message : `code ${how[0]}`));
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const said = readFileSync(log, "utf8");
    const port = await look(said);
    // Another may answer at the port that this one was to take.
    if (port && !end) return port;
    const late = Date.now() > deadline && `none within ${READY_WITHIN_MS} ms`;
    const why = end ? `its end: ${end}` : late;
    if (why) throw Object.assign(new Error(`expected ${expected}, found ${why}\n${said.slice(-4000)}`), { hasEnded: Boolean(end) });
    await wait(LOOK_EVERY_MS);
  }
}

async function freePort() {
  const socket = createServer().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}
