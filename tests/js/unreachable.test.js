// How often a registry is asked that gives no answer: once where waiting cannot help, again where it can.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { answer } from "../../dist/pkg/node.js";
import { tools } from "../peers/tools.mjs";
import { listen } from "../registry/listen.mjs";

const { openssl } = tools(["openssl"]);

/** Asks for an image: the addresses of it that were asked, and how the failures are told. */
async function asked(host, fetch) {
  const urls = [];
  const counting = (url, init) => {
    urls.push(new URL(url).pathname);
    return fetch(url, init);
  };
  const image = `${host}/a@sha256:${"0".repeat(64)}`;
  const report = await answer({ ask: "what", image }, { fetch: counting });
  const said = report.claims.filter(({ statement }) => statement.code === "network").map(({ statement }) => statement.text);
  return { urls: urls.filter((path) => path.includes("/manifests/sha256:")), said };
}

const failing = (cause) => () => Promise.reject(new TypeError("fetch failed", { cause }));

test("a closed port is asked once", async () => {
  const { host, stop } = await listen(() => {});
  await stop();
  const { urls, said } = await asked(host, fetch);
  assert.equal(urls.length, 1);
  assert.deepEqual(said, [`${host} cannot be reached (connection refused)`]);
});

test("a server with a self-signed certificate is asked once", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-unreachable-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"];
  execFileSync(openssl.path, ["req", ...kind, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, () => assert.fail("trusted"));
  let connections = 0;
  server.on("connection", () => (connections += 1));
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  // A host of this machine would be asked without TLS.
  const there = `https://127.0.0.1:${server.address().port}`;
  const { said } = await asked("r.example", (url, init) => fetch(url.replace("https://r.example", there), init));
  assert.equal(connections, 1);
  assert.deepEqual(said, ["r.example cannot be reached (its certificate is not trusted)"]);
});

test("what stays so is asked once, whatever the code", async () => {
  const codes = ["ECONNREFUSED", "ENOTFOUND", "CERT_HAS_EXPIRED", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "ERR_TLS_CERT_ALTNAME_INVALID", "SELF_SIGNED_CERT_IN_CHAIN"];
  const causes = codes.map((code) => ({ code }));
  causes.push({ message: "bad port" }, { code: "ECONNREFUSED", errors: [{ code: "ECONNREFUSED" }, { code: "ECONNREFUSED" }] });
  for (const cause of causes) {
    const { urls } = await asked("r.example", failing(cause));
    assert.equal(urls.length, 1, JSON.stringify(cause));
  }
});

test("what may pass is asked again", async () => {
  const causes = ["EAI_AGAIN", "ECONNRESET", "ETIMEDOUT", "UND_ERR_SOCKET", "EHOSTUNREACH"].map((code) => ({ code }));
  causes.push({ code: "ECONNREFUSED", errors: [{ code: "ECONNREFUSED" }, { code: "ETIMEDOUT" }] });
  const asking = causes.map(async (cause) => {
    let first = true;
    const { urls, said } = await asked("r.example", () => {
      if (!first) return new Response("", { status: 404 });
      first = false;
      return failing(cause)();
    });
    assert.equal(urls.length, 2, JSON.stringify(cause));
    assert.deepEqual(said, []);
  });
  await Promise.all(asking);
});
