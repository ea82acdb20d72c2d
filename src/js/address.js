// The image that a registry's web page is about: what people copy from the address bar where a reference is meant.

const name = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
const path = `${name}(?:/${name})*`;
const tag = "[A-Za-z0-9_][A-Za-z0-9._-]*";
const digest = "sha256:[0-9a-f]{64}";
const pattern = (text) =>
  new RegExp(`^${text.replaceAll("NAME", `(${name})`).replaceAll("PATH", `(${path})`).replaceAll("TAG", `(${tag})`).replaceAll("DIGEST", `(${digest})`)}(?:/|$)`);

// By host, the forms of its pages' paths, each with the reference that it means.
const pages = {
  "hub.docker.com": [
    [pattern("/_/NAME"), (image) => `docker.io/library/${image}`],
    [pattern("/layers/NAME/NAME/TAG"), (owner, image, tag) => `docker.io/${owner}/${image}:${tag}`],
    [pattern("/(?:r|repository/docker|layers)/NAME/NAME"), (owner, image) => `docker.io/${owner}/${image}`],
  ],
  "github.com": [
    [pattern("/(?:orgs|users)/([A-Za-z0-9-]+)/packages/container/(?:package/)?([A-Za-z0-9._%-]+)"), (owner, image) => ghcr(owner, image)],
    [pattern("/([A-Za-z0-9-]+)/[A-Za-z0-9._-]+/pkgs/container/([A-Za-z0-9._%-]+)"), (owner, image) => ghcr(owner, image)],
  ],
  "quay.io": [
    [pattern("/repository/NAME/NAME/tag/TAG"), (owner, image, tag) => `quay.io/${owner}/${image}:${tag}`],
    [pattern("/repository/NAME/NAME/manifest/DIGEST"), (owner, image, digest) => `quay.io/${owner}/${image}@${digest}`],
    [pattern("/repository/NAME/NAME"), (owner, image) => `quay.io/${owner}/${image}`],
  ],
  "gallery.ecr.aws": [[pattern("/NAME/PATH"), (owner, image) => `public.ecr.aws/${owner}/${image}`]],
  // The page of a project's registry has the project's path, and not how an image below it is called.
  "gitlab.com": [[new RegExp(`^/(${path})/(?:-/)?container_registry`, "i"), (project) => `registry.gitlab.com/${project}`.toLowerCase()]],
};

const ghcr = (owner, image) => `ghcr.io/${owner}/${decoded(image)}`.toLowerCase();

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Where no scheme is before them, only these can be told from an image's name. */
const bare = /^(?:hub\.docker\.com|github\.com|gallery\.ecr\.aws|gitlab\.com|quay\.io\/repository)\//;

/** The reference that an address means, or nothing where it is not one that is known; `docker://` is not a web address. */
export function referenceOf(text) {
  const plain = /^docker:\/\/(.+)$/.exec(text)?.[1];
  if (plain !== undefined) return plain;
  const address = bare.test(text) ? `https://${text}` : text;
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const { host, pathname, searchParams, username, password } = new URL(address);
  if (username !== "" || password !== "") return undefined;
  const forms = Object.hasOwn(pages, host) ? pages[host] : [];
  for (const [form, reference] of forms) {
    const [found, ...parts] = form.exec(pathname) ?? [];
    if (found !== undefined) return tagged(reference(...parts), searchParams.get("tag") ?? searchParams.get("name"));
  }
  // A registry's own address, such as https://ghcr.io/owner/name:1.
  const isName = new RegExp(`^/(?!v2/)${path}(?:[:@][A-Za-z0-9._:-]+)?$`).test(pathname);
  return isName && (forms.length === 0 || host === "quay.io") ? `${host}${pathname}` : undefined;
}

const isWhole = (reference) => /[:@][^/]*$/.test(reference);
const tagged = (reference, found) => (!isWhole(reference) && new RegExp(`^${tag}$`).test(found ?? "") ? `${reference}:${found}` : reference);
