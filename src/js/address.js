// The image that a registry's web page is about: what people copy from the address bar where a reference is meant.

const name = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
const path = `${name}(?:/${name})*`;
const pattern = (text) => new RegExp(`^${text.replaceAll("NAME", `(${name})`).replaceAll("PATH", `(${path})`)}(?:/|$)`);

// By host, the forms of its pages' paths, each with the reference that it means.
const pages = {
  "hub.docker.com": [
    [pattern("/_/NAME"), (image) => `docker.io/library/${image}`],
    [pattern("/layers/NAME/NAME/([A-Za-z0-9_][A-Za-z0-9._-]*)"), (owner, image, tag) => `docker.io/${owner}/${image}:${tag}`],
    [pattern("/(?:r|repository/docker|layers)/NAME/NAME"), (owner, image) => `docker.io/${owner}/${image}`],
  ],
  "github.com": [
    [pattern("/(?:orgs|users)/([A-Za-z0-9-]+)/packages/container/(?:package/)?([A-Za-z0-9._%-]+)"), (owner, image) => ghcr(owner, image)],
    [pattern("/([A-Za-z0-9-]+)/[A-Za-z0-9._-]+/pkgs/container/([A-Za-z0-9._%-]+)"), (owner, image) => ghcr(owner, image)],
  ],
  "quay.io": [[pattern("/repository/NAME/NAME"), (owner, image) => `quay.io/${owner}/${image}`]],
  "gallery.ecr.aws": [[pattern("/NAME/PATH"), (owner, image) => `public.ecr.aws/${owner}/${image}`]],
  "gitlab.com": [[new RegExp(`^/(${path})/(?:-/)?container_registry`), (project) => `registry.gitlab.com/${project}`]],
};

const ghcr = (owner, image) => `ghcr.io/${owner}/${decodeURIComponent(image)}`.toLowerCase();

/** The reference that an address means, or nothing where it is not one that is known; `docker://` is not a web address. */
export function referenceOf(text) {
  const plain = /^docker:\/\/(.+)$/.exec(text)?.[1];
  if (plain !== undefined) return plain;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { host, pathname, searchParams, username, password } = new URL(text);
  if (username !== "" || password !== "") return undefined;
  const forms = Object.hasOwn(pages, host) ? pages[host] : [];
  for (const [form, reference] of forms) {
    const [found, ...parts] = form.exec(pathname) ?? [];
    if (found !== undefined) return tagged(reference(...parts), searchParams.get("tag"));
  }
  // A registry's own address, such as https://ghcr.io/owner/name:1.
  const isName = new RegExp(`^/(?!v2/)${path}(?:[:@][A-Za-z0-9._:-]+)?$`).test(pathname);
  return forms.length === 0 && isName ? `${host}${pathname}` : undefined;
}

const tagged = (reference, tag) => (tag !== null && /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(tag) ? `${reference}:${tag}` : reference);
