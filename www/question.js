// The question's form: what is asked now, in the module's form and in words.

/** Follows the form; `changed` is called at every change to it. */
export function watchQuestion(form, changed) {
  const update = () => {
    showFields(form);
    changed();
  };
  form.addEventListener("input", update);
  showFields(form);
}

function showFields(form) {
  const { ask, by } = Object.fromEntries(new FormData(form));
  for (const part of form.querySelectorAll("[data-ask]")) {
    part.hidden = part.dataset.ask !== ask;
  }
  for (const part of form.querySelectorAll("[data-by]")) {
    part.hidden = part.dataset.by !== (by ?? "digests");
  }
}

/** The question in the module's form, or in words what it still lacks. */
export function readQuestion(form) {
  const ask = form.querySelector("[name=ask]:checked").value;
  const part = form.querySelector(`[data-ask="${ask}"]`);
  const value = (name) => part.querySelector(`[name="${name}"]`).value.trim();
  if (ask === "what") return { question: { ask } };
  const platform = value("platform") === "" ? {} : { platform: value("platform") };
  if (ask === "same") {
    const [left, right, level] = ["left", "right", "level"].map(value);
    if (left === "" || right === "") return { lacks: "Name both images, and they are compared." };
    return { question: { ask, left, right, level, ...platform } };
  }
  const image = value("image");
  const { by, lacks } = readTrust(value);
  if (image === "") return { lacks: "Name the image that is asked about." };
  return lacks ? { lacks } : { question: { ask, image, by, ...platform } };
}

function readTrust(value) {
  const kind = value("by");
  if (kind === "identity") {
    const [identity, issuer] = ["identity", "issuer"].map(value);
    const lacks = identity === "" || issuer === "" ? "Give the identity and its issuer." : undefined;
    return { by: { identity, issuer }, lacks };
  }
  const words = value(kind).split(/[\s,]+/).filter((word) => word !== "");
  const lacks = words.length === 0 ? `Give ${kind === "keys" ? "a key id" : "a digest"} of the author.` : undefined;
  return { by: { [kind]: words }, lacks };
}

const sentences = new Map([
  ["what", "What is this, and which digests does it have?"],
  ["same", "Is one image the same as another?"],
  ["published", "Is it what its author published?"],
]);

/** The sentence for what is asked. */
export const questionWords = (form) => sentences.get(form.querySelector("[name=ask]:checked").value);
