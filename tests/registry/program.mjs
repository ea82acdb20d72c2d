// A server program of somebody else, from its start until it is told to stop.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const READY_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 10;

/**
 * Starts a program that takes a free port of 127.0.0.1 itself and says which: `listening` finds
 * the port in what it prints. Asking for a free port beforehand would let another take it first.
 */
export async function startProgram({ program, args, env, listening }) {
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  const log = join(folder, "log");
  // Into a file: a pipe fills up while this process waits for a client, and then the server waits too.
  const out = openSync(log, "a");
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", out, out] });
  closeSync(out);
  const end = () => child.kill();
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
    return { host: `127.0.0.1:${await portIn(log, listening, ended)}`, stop };
  } catch (error) {
    await stop();
    throw new Error(`${[program, ...args].join(" ")}: ${error.message}`);
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

async function portIn(log, listening, ended) {
  let end;
  ended.then((how) => (end = how instanceof Error ? how.message : `code ${how[0]}`));
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const said = readFileSync(log, "utf8");
    const port = listening.exec(said)?.[1];
    if (port) return port;
    const late = Date.now() > deadline && `none within ${READY_WITHIN_MS} ms`;
    const why = end ? `its end: ${end}` : late;
    if (why) throw new Error(`expected a port by ${listening} in what it prints, found ${why}\n${said.slice(-4000)}`);
    await wait(LOOK_EVERY_MS);
  }
}
