// Redirects: to another origin, to where nobody may be led, and without end.
import { basic, USER } from "../tokens.mjs";
import { challenge, error, redirect, withHeaders } from "./answers.mjs";
import { askForToken, holdsToken, tokenAnswer } from "./challenge.mjs";

/** The same path at the other origin: as registries lead to the storage of their blobs. */
const there = ({ origins, repository, kind, name }) => `${origins.elsewhere}/v2/${repository}/${kind}/${name}`;

/** Leads on everything that is there. */
const leads = (to) => (asked, good) => (good.status === 200 ? redirect(to(asked)) : good);

/** Another way to the same, as often as `times` says, told apart by a number in the query. */
const onwards = (times) => (asked, good) => {
  const at = Number(asked.query.get("hop") ?? 0);
  return at < times ? redirect(`/v2/${asked.repository}/${asked.kind}/${asked.name}?hop=${at + 1}`) : good;
};

const withPassword = (next) => (asked, good) =>
  asked.headers.authorization === basic(USER) ? next(asked, good) : challenge('Basic realm="faults"');

const COOKIE = { "set-cookie": "session=secret; Path=/; SameSite=Lax" };

export const redirectFaults = [
  { name: "redirect", ids: ["R03"], note: "all is at another origin", harmless: true, registry: leads(there) },
  {
    name: "redirect-same",
    ids: ["R03"],
    note: "at another path of the same origin",
    harmless: true,
    registry: onwards(1),
  },
  {
    name: "redirect-password",
    ids: ["R03"],
    note: "a password opens, then all is at another origin",
    harmless: true,
    needs: "password",
    registry: withPassword(leads(there)),
  },
  {
    name: "redirect-token",
    ids: ["R03"],
    note: "a token opens, then all is at another origin",
    harmless: true,
    registry: (asked, good) => (holdsToken(asked) ? leads(there)(asked, good) : askForToken(asked)),
    token: tokenAnswer,
  },
  {
    name: "redirect-challenge",
    ids: ["R04"],
    note: "all is at another origin, which wants a token of its own",
    harmless: true,
    needs: "password",
    registry: withPassword(leads(there)),
    elsewhere: (asked, good) => (holdsToken(asked) ? good : askForToken(asked, { from: "elsewhere" })),
    token: tokenAnswer,
  },
  {
    name: "redirect-cookie",
    ids: ["R05"],
    note: "a cookie is set, then all is at another origin",
    harmless: true,
    registry: (asked, good) => withHeaders(leads(there)(asked, good), COOKIE),
  },
  {
    name: "redirect-signed",
    ids: ["R08"],
    note: "to an address with a secret in its query",
    harmless: true,
    registry: leads((asked) => `${there(asked)}?X-Amz-Signature=secret-in-the-query`),
  },
  {
    name: "redirect-loop",
    ids: ["R12"],
    note: "from one address to the other and back",
    registry: (asked) =>
      redirect(
        `/v2/${asked.repository}/${asked.kind}/${asked.name}?hop=${asked.query.get("hop") === "1" ? 2 : 1}`,
      ),
  },
  {
    name: "redirect-self",
    ids: ["R12"],
    note: "to where it comes from",
    registry: ({ repository, kind, name }) => redirect(`/v2/${repository}/${kind}/${name}`),
  },
  { name: "redirect-many", ids: ["R12"], note: "twenty times", registry: onwards(20) },
  {
    name: "redirect-private",
    ids: ["R02"],
    note: "into a private network",
    registry: leads(() => "https://10.0.0.1/v2/"),
  },
  {
    name: "redirect-metadata",
    ids: ["R02"],
    note: "to the cloud's own address",
    registry: leads(() => "http://169.254.169.254/latest/meta-data/"),
  },
  {
    name: "redirect-number",
    ids: ["R02"],
    note: "to this machine, written as a number",
    registry: leads(() => "https://2130706433/"),
  },
  {
    name: "redirect-plain",
    ids: ["R02"],
    note: "without TLS to the other origin",
    registry: leads((asked) => there(asked).replace("https:", "http:")),
  },
  { name: "redirect-file", ids: ["R02"], note: "to a file", registry: leads(() => "file:///etc/passwd") },
  { name: "redirect-script", ids: ["R02"], note: "to a script", registry: leads(() => "javascript:alert(1)") },
  {
    name: "redirect-user",
    ids: ["R02", "R13"],
    note: "to an address with a user in it",
    registry: leads((asked) => there(asked).replace("://", "://keeper:lantern@")),
  },
  {
    name: "redirect-nowhere",
    ids: ["R12"],
    note: "without saying where",
    registry: () => error(307, "UNSUPPORTED", "elsewhere"),
  },
];
