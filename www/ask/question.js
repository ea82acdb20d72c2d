// The question's form: what is asked now, in the module's form and in words.

/** Shows the fields of what is asked. */
export function showFields(form) {
  const { ask, by } = Object.fromEntries(new FormData(form));
  for (const part of form.querySelectorAll("[data-ask]")) {
    part.hidden = part.dataset.ask !== ask;
  }
  for (const part of form.querySelectorAll("[data-by]")) {
    part.hidden = !part.dataset.by.split(" ").includes(by ?? "digests");
  }
}

/** The question in the module's form, or in words what it still lacks. */
export function readQuestion(form) {
  const ask = form.querySelector("[name=ask]:checked").value;
  const part = form.querySelector(`[data-ask="${ask}"]`);
  const value = (name) => part.querySelector(`[name="${name}"]`).value.trim();
  // Nobody's signatures are asked for by digests.
  const places = ask === "same" || (ask === "published" && value("by") === "digests") ? [] : wordsOf(value("signatures"));
  const signatures = places.length === 0 ? {} : { signatures: places };
  if (ask === "what") return { question: value("image") === "" ? { ask } : { ask, image: value("image"), ...signatures } };
  const platform = value("platform") === "" ? {} : { platform: value("platform") };
  if (ask === "same") {
    const [left, right, level] = ["left", "right", "level"].map(value);
    if (left === "" || right === "") return { lacks: "Name both images to compare them." };
    return { question: { ask, left, right, level, ...platform } };
  }
  const image = value("image");
  const { by, lacks } = readTrust(value);
  if (image === "") return { lacks: "Name the image to check." };
  return lacks ? { lacks } : { question: { ask, image, by, ...platform, ...signatures } };
}

function readTrust(value) {
  const kind = value("by");
  if (kind === "policy") return { by: { policy: value(kind) } };
  const source = kind === "digests" || value("source") === "" ? undefined : value("source");
  if (kind.startsWith("identity")) {
    const [name, issuer] = [kind, "issuer"].map(value);
    const isPattern = kind === "identityPattern";
    if (name === "" || issuer === "") return { lacks: `Enter the ${isPattern ? "pattern" : "identity"} and its issuer.` };
    if (isPattern && !/[^*]/.test(name.includes("*") ? name : "")) return { lacks: "Put * where the identity may be any text, beside text that has to match." };
    return { by: trustOf({ [kind]: name, issuer, source }) };
  }
  const words = wordsOf(value(kind));
  const lacks = words.length === 0 ? `Enter ${kind === "keys" ? "a key or its ID" : "a digest"} that the author published.` : undefined;
  return { by: trustOf({ [kind]: words, source }), lacks };
}

/** The author in the module's form, by the fields that are filled. */
export function trustOf({ source, ...fields }) {
  const { digests, keys, identityPattern } = fields;
  if (digests !== undefined || (source === undefined && identityPattern === undefined)) return fields;
  const from = source === undefined ? {} : { source };
  return { signers: keys === undefined ? [{ ...fields, ...from }] : keys.map((key) => ({ key, ...from })) };
}

/** The reverse: the fields of the form for an author; nothing where it has no place for one. */
export function fieldsOf({ signers, ...by }) {
  if (by.policy !== undefined) return undefined;
  if (signers === undefined) return by;
  const [{ key, source, ...first }] = signers;
  const from = source === undefined ? {} : { source };
  const keys = signers.map((one) => one.key);
  const isKey = (one) => one.key !== undefined && one.source === source && Object.keys(one).every((name) => ["key", "source"].includes(name));
  if (signers.every(isKey)) return { keys, ...from };
  // There is no field for the repository of one signer's signatures.
  const isIdentity = key === undefined && signers.length === 1 && first.repository === undefined && first.signatures === undefined;
  return isIdentity ? { ...first, ...from } : undefined;
}

/** Words between spaces and commas; a key in PEM counts as one. */
function wordsOf(text) {
  const pem = /-----BEGIN [^-]*-----[^-]*-----END [^-]*-----/g;
  const others = text.replace(pem, " ").split(/[\s,]+/).filter((word) => word !== "");
  return [...(text.match(pem) ?? []), ...others];
}

/** Asks about images that were named: what one is, or whether the second is what the first is. */
export function askAbout(form, images) {
  const [one, other] = images;
  const ask = other === undefined ? "what" : "same";
  form.querySelector(`[name=ask][value=${ask}]`).checked = true;
  const field = (part, name) => form.querySelector(`[data-ask="${part}"] [name="${name}"]`);
  if (ask === "same") [field("same", "left").value, field("same", "right").value] = images;
  if (ask === "what" || field("what", "image").value === "") field("what", "image").value = one;
  // At the next question they need not be typed again.
  fillImages(form, images);
  showFields(form);
}

/** Fills the fields for images, where nothing is in them: one is the image in question, of two the other is. */
function fillImages(form, [one, other]) {
  const images = [["same", "left", other && one], ["same", "right", other ?? one], ["published", "image", other ?? one]];
  for (const [part, name, image] of images) {
    const field = form.querySelector(`[data-ask="${part}"] [name="${name}"]`);
    if (field.value === "" && image !== undefined) field.value = image;
  }
}

/**
 * Asks another question about the image that is named, or else about those that what was given is about;
 * gives the first field that it still needs.
 */
export function askOther(form, ask, references) {
  const { question = {} } = readQuestion(form);
  const image = question.image ?? question.right;
  if (image === undefined) fillImages(form, references);
  form.querySelector(`[name=ask][value=${ask}]`).checked = true;
  const part = form.querySelector(`[data-ask="${ask}"]`);
  // What somebody has is what is in question.
  const first = part.querySelector(ask === "same" ? "[name=right]" : "[name=image]");
  if (first.value === "" && image !== undefined) first.value = image;
  showFields(form);
  const needed = [...part.querySelectorAll("[name=left], [name=right], [name=image], [name=digests], [name=keys], [name=identity], [name=identityPattern], [name=issuer]")];
  return ask === "what" ? undefined : needed.find((field) => field.value === "" && field.closest("[hidden]") === null);
}

/**
 * Writes a question into the form, of a link, a receipt or an example; every field that it does not name is emptied. False
 * if the form has no place for it. Nothing is asked by this.
 */
export function fillQuestion(form, { ask, by = {}, ...rest }) {
  const fields = fieldsOf(by);
  if (fields === undefined) return false;
  const part = form.querySelector(`[data-ask="${CSS.escape(ask)}"]`);
  form.querySelector(`[name=ask][value="${CSS.escape(ask)}"]`).checked = true;
  for (const field of form.querySelectorAll("input:not([type=radio]), textarea:not([name=policy])")) field.value = "";
  form.querySelector("[name=by]").value = ["keys", "identity", "identityPattern"].find((name) => fields[name] !== undefined) ?? "digests";
  form.querySelector("[name=level]").value = "config";
  for (const [name, value] of Object.entries({ ...rest, ...fields })) {
    const field = part.querySelector(`[name="${CSS.escape(name)}"]`);
    if (field) field.value = [value].flat().join(field.localName === "textarea" ? "\n" : " ");
  }
  showFields(form);
  return true;
}

/** The tags of images that tools' output is about, in its order: that of a report, or of a part of a paste. */
export function referencesIn(...parts) {
  const all = parts.flatMap(({ claims }) => claims.map(({ statement }) => statement));
  const about = all.filter(({ kind }) => ["resolves", "identifies", "includes", "keeps", "pins"].includes(kind));
  return [...new Set(about.flatMap(({ reference }) => reference ?? []))].filter((reference) => !reference.includes("@"));
}

/** The two images that were pulled, where these parts of pastes are outputs of pulls from two registries and nothing else. */
export function pulledFromTwo(findings) {
  if (!findings.every(({ tool }) => /^(?!helm ).* pull$/.test(tool))) return undefined;
  const images = referencesIn(...findings);
  const registries = new Set(images.map((image) => image.split("/")[0]));
  return images.length === 2 && registries.size === 2 ? images : undefined;
}

/** The sentence for what is asked: words, and `{ name, value }` of what a field of the form has in it. */
export function questionParts(form) {
  const { question = {} } = readQuestion(form);
  const { ask = form.querySelector("[name=ask]:checked").value, platform, level, by } = question;
  const field = (name, otherwise) => (question[name] === undefined ? otherwise : { name, value: question[name] });
  const where = platform === undefined ? [] : [" for ", field("platform")];
  const places = question.signatures === undefined ? [] : [" Its signatures may be in ", { name: "signatures", value: question.signatures.join(" ") }, ", too."];
  if (ask === "what") return ["What is ", field("image", "this"), ", and which digests does it have?", ...places];
  if (ask === "published") return ["Is ", field("image", "it"), ...where, " what its author published", ...trustParts(by), "?", ...places];
  if (question.left === undefined) return ["Is one image the same as another?"];
  const far = level === "config" ? [] : [", down to ", { name: "level", value: form.querySelector(`[name=level] [value=${level}]`).textContent.toLowerCase() }];
  return ["Is ", field("right"), " the same as ", field("left"), ...where, ...far, "?"];
}

/** The author's digests, keys, identity or policy, if given. */
function trustParts(by) {
  const fields = by && fieldsOf(by);
  if (fields === undefined) return [];
  const { source, ...known } = fields;
  const [kind] = ["digests", "keys", "identity", "identityPattern"].filter((name) => known[name] !== undefined);
  const one = { digests: "1 digest", keys: "1 key", identity: `the identity ${known.identity}`, identityPattern: `identities like ${known.identityPattern}` }[kind];
  const count = kind.startsWith("identity") ? 1 : known[kind].length;
  const from = source === undefined ? [] : [" and built from ", { name: "source", value: source }];
  return [", going by ", { name: kind, value: count === 1 ? one : one.replace("1", count).concat("s") }, ...from];
}
