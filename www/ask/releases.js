// A publisher's releases: a table with the command that pulls each by its digest, and a button that verifies it.

import { signatureRegistries } from "../pkg/report/places.js";
import { copyable, element, identifier, later, quoted, visible } from "../text.js";

// So many releases are seen at once, and so many more when asked for; any other is typed.
const first = 4;
const most = 500;

/** The table; `verify(image)` is called for an image that is to be fetched and held against the policy. */
export function releasesView(policy, verify) {
  const { names, mirrors = [], releases } = policy;
  const option = (value) => element("option", { value }, visible(value));
  const repositories = element("select", { name: "repository" }, [...names, ...mirrors].map(option));
  const place = element("div", { class: "tables" });
  const draw = () => {
    const own = names.includes(repositories.value);
    const rows = (some) => table(some.map((release) => row(release, { repository: repositories.value, own, verify })));
    const [shown, rest] = [releases.slice(0, first), releases.slice(first, most)];
    const more = rest.length === 0 ? [] : [later(element("summary", {}, `${rest.length} more`), () => rows(rest))];
    const beyond = releases.length > most ? [element("p", { class: "hint" }, `${releases.length - most} older ones are not listed: type the tag above.`)] : [];
    place.replaceChildren(rows(shown), ...more, ...beyond);
  };
  repositories.addEventListener("change", draw);
  draw();
  return element(
    "fieldset",
    { class: "plain", disabled: true },
    element("label", { class: "from" }, "From ", repositories),
    place,
    element("p", { class: "hint" }, "Verify fetches the image from its registry, which will see its name and your IP address. ", placesWords(policy), "If the registry blocks web pages, this page’s own server fetches it, if it is a gateway; otherwise you run one command and paste its output."),
  );
}

/** The registries that have signatures of the images. */
function placesWords(policy) {
  const places = signatureRegistries({ by: { policy: JSON.stringify(policy) } });
  const names = places.flatMap((name, at) => [at === 0 ? "" : ", ", identifier(name)]);
  return names.length === 0 ? [] : ["It looks for signatures at ", ...names, ", too, which will see the image’s digest and your IP address. "];
}

function table(rows) {
  const head = element("tr", {}, ["Release", "Pull exactly this"].map((text) => element("th", { scope: "col" }, text)), element("td", {}));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, rows));
}

function row({ tag, digests = [], note }, { repository, own, verify }) {
  const image = `${repository}:${tag}`;
  const commands = own ? digests.map((digest) => copyable(`docker pull ${repository}@${digest}`)) : [];
  const why = own ? "No digest is listed: verify it by its signatures." : "A mirror may have its own digest for the same image: verify it first.";
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, visible(tag)),
    element(
      "td",
      {},
      commands.length > 1 ? element("p", { class: "hint" }, "Each registry has one of these:") : [],
      commands.length > 0 ? commands : element("p", { class: "hint" }, why),
      note === undefined ? [] : element("p", { class: "hint" }, quoted(note)),
    ),
    element("td", {}, element("button", { type: "button", class: "small", "aria-label": visible(`Verify ${image}`), onclick: () => verify(image) }, "Verify")),
  );
}
