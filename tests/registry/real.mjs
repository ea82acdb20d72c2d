// The registries that people run, on loopback: distribution, as Debian has it (2.8) and as it is
// now (3), and the one inside crane, which can have the referrers API.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "./program.mjs";
import { basic, startTokens, USER } from "./tokens.mjs";

// bcrypt of USER's password, cost 4 so that no test waits for it: `htpasswd -nbB -C 4 keeper lantern`.
const HTPASSWD = "keeper:$2b$04$ZieAvMHSK2x3LvJjWXyQ0OzUVTKkjPAVZMk.QlBAIj5WFGLvqTgZ2\n";

/**
 * Starts distribution: `docker-registry` (2.8) or `registry` (3), whichever `program` is.
 * `auth` is `htpasswd`, `token` (then `openssl` is needed), or nothing: everybody may do everything.
 * Gives `{ host, stop, authorization, tokens, direct }`: what USER has to show for a repository, and
 * the token server. With tokens, `host` has the token server too; asked at `direct`, the registry
 * itself, it is at another origin.
 */
export async function startRegistry({ program, port = 0, auth, openssl }) {
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  const tokens = auth === "token" ? await startTokens({ openssl }) : undefined;
  const clean = async () => {
    await tokens?.stop();
    rmSync(folder, { recursive: true });
  };
  try {
    writeFileSync(join(folder, "htpasswd"), HTPASSWD);
    writeFileSync(join(folder, "config.yml"), config({ folder, port, auth, tokens }));
    const args = ["serve", join(folder, "config.yml")];
    // Version 3 would send traces to a collector that is not there.
    const env = { OTEL_TRACES_EXPORTER: "none" };
    const running = await startProgram({ program, args, env, listening: /listening on 127\.0\.0\.1:(\d+)/ });
    tokens?.handOn(running.host);
    const stop = async () => {
      await running.stop();
      await clean();
    };
    const direct = running.host;
    return { host: tokens?.host ?? direct, direct, stop, authorization: authorization(auth, tokens), tokens };
  } catch (error) {
    await clean();
    throw error;
  }
}

/**
 * Starts the registry inside crane, in memory and open to all. `program` is `crane` itself, whose
 * registry has no referrers API, or `crane-referrers`, ours, which turns that on.
 */
export async function startCraneRegistry({ program }) {
  const args = program.endsWith("referrers") ? [] : ["registry", "serve", "--address", "127.0.0.1:0"];
  const running = await startProgram({ program, args, listening: /serving on port (\d+)/ });
  return { ...running, authorization: authorization() };
}

/** The headers by which USER may push to and pull from a repository. */
const authorization = (auth, tokens) => (repository) => {
  if (!auth) return {};
  if (auth === "htpasswd") return { authorization: basic(USER) };
  const access = [{ type: "repository", name: repository, actions: ["pull", "push"] }];
  return { authorization: `Bearer ${tokens.tokenFor(access, { subject: USER.username })}` };
};

// The port is in a line that the registry logs, and only from level info on.
const config = ({ folder, port, auth, tokens }) => `version: 0.1
log:
  level: info
  accesslog:
    disabled: true
storage:
  inmemory: {}
http:
  addr: 127.0.0.1:${port}
${AUTH[auth]?.({ folder, tokens }) ?? ""}`;

const AUTH = {
  htpasswd: ({ folder }) => `auth:
  htpasswd:
    realm: registry of the tests
    path: ${join(folder, "htpasswd")}
`,
  token: ({ tokens }) => `auth:
  token:
    realm: ${tokens.realm}
    service: ${tokens.service}
    issuer: ${tokens.issuer}
    rootcertbundle: ${tokens.certificate}
`,
};
