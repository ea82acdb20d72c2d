// The signatures of Docker Content Trust, from the key that was given to the digest, with jq and openssl.
//
// What is signed is the canonical JSON of `signed`: keys in the order of their code points, no white space,
// nothing escaped but quotes and backslashes. `jq -cS` prints the same, but for control characters in strings,
// which it escapes, and for numbers that need more than 53 bits, which it rounds: then a good signature is said
// to be bad. No text passes for what was signed, but with such a number rounded; hashes and names are no
// numbers, and no metadata of notary has either.

import { isKeyId, isPlain, step, word } from "./shell.js";

const functions = `t=$(mktemp -d)
# key FILE ID: the key that FILE has under this id
key() { jq -c --arg id "$2" '(.signed.keys // .signed.delegations.keys)[$id]' "$1"; }
# id: the id of a key, the SHA-256 of its canonical JSON
id() { jq -cj '{keytype, keyval: {private: null, public: .keyval.public}}' | sha256sum | cut -c 1-64; }
# raw: a certificate, DER or, of Ed25519, 32 bytes; pem: the same as openssl takes it
raw() { jq -r .keyval.public | base64 -d; }
pem() {
  raw > $t/raw
  openssl x509 -in $t/raw -noout -pubkey 2> $t/log || openssl pkey -pubin -inform DER -in $t/raw 2> $t/log ||
    { printf 302a300506032b6570032100 | xxd -r -p; cat $t/raw; } | openssl pkey -pubin -inform DER
}
# der FILE: an ECDSA signature, r and s one after the other, as DER
der() {
  set -- $(xxd -p -c $(($(wc -c < $1) / 2)) $1)
  printf 'asn1=SEQUENCE:s\\n[s]\\nr=INTEGER:0x%s\\ns=INTEGER:0x%s\\n' $1 $2 > $t/asn1
  openssl asn1parse -genconf $t/asn1 -noout -out $t/der
}
# verify FILE BY ID: the key that the file BY has under this id signed what FILE says, as canonical JSON
# (jq prints that but for control characters and numbers over 53 bits: with those a good signature fails)
verify() {
  key $2 $3 | pem > $t/pem
  jq -cSj .signed $1 > $t/text
  jq -r --arg id $3 '.signatures[] | select(.keyid == $id).sig' $1 | base64 -d > $t/sig
  case $(jq -r --arg id $3 '.signatures[] | select(.keyid == $id).method' $1) in
    ecdsa) der $t/sig; openssl dgst -sha256 -verify $t/pem -signature $t/der $t/text ;;
    rsapss) openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -verify $t/pem -signature $t/sig $t/text ;;
    rsapkcs1v15) openssl dgst -sha256 -verify $t/pem -signature $t/sig $t/text ;;
    eddsa) openssl pkeyutl -verify -pubin -inkey $t/pem -rawin -in $t/text -sigfile $t/sig > $t/log && echo Verified OK ;;
    *) echo no signature ;;
  esac
}
# signed FILE BY ROLE ID...: of each key its id, by its hash, and openssl's word; and whether BY lists
# so many of them for the role as it asks for
signed() {
  file=$1 by=$2 role=$3; shift 3
  for k; do key $by $k | id; verify $file $by $k; done
  jq -r --arg role $role '(.signed.roles[$role]? // (.signed.delegations.roles[] | select(.name == $role))) |
    "enough: \\(.threshold <= ([.keyids[] | select(IN($ARGS.positional[]))] | length))"' $by --args "$@"
}
# named FILE NAME: the SHA-256 that FILE has for a file or a tag
named() { jq -r --arg name "$2" '(.signed.meta // .signed.targets)[$name].hashes.sha256' $1 | base64 -d | xxd -p -c 64; }`;

// The edit that says that a file's bytes are those that notary would write.
const rewritten = "written again as notary writes it";

/** The steps from the key that was given to what is signed; none where no signature was proven. */
export function signed(report) {
  const claims = report.claims.filter(({ statement, standing }) => statement.kind === "metadata" && standing.is === "proven");
  const files = claims.map(({ statement }) => statement);
  // What no command should hold leads to no commands at all: half of a proof proves nothing.
  const isSound = ({ role, keys, before, tag }) =>
    /^[a-z0-9][-a-z0-9._/]*$/.test(role) && !role.includes("..") && [...keys, ...before].every(isKeyId) && (tag === undefined || isPlain(tag));
  const pins = pinsOf(report.question).filter(isKeyId);
  if (files.length === 0 || !files.every(isSound)) return [];
  return [
    ...filesSteps(files),
    step("Functions for the steps below, in the same shell", functions),
    ...pinSteps(files, pins),
    ...files.filter(({ role }) => !isRoot(role)).flatMap(roleSteps),
    ...hashSteps(files),
    ...tagSteps(files),
    step("Until when each file is valid, as it says: the day in question has to be before", `jq -r .signed.expires ${files.map(fileOf).join(" ")}`, files.map(({ expires }) => expires)),
  ];
}

const isRoot = (role) => /^(?:\d+\.)?root$/.test(role);
const fileOf = ({ role }) => `${role}.json`;

function pinsOf({ by }) {
  if (by?.keys) return by.keys;
  return by?.policy ? (JSON.parse(by.policy).signers?.dct?.root ?? []) : [];
}

/** The files, in a folder: from what `rescue` wrote, and as notary writes them. */
function filesSteps(files) {
  const roles = files.map(({ role }) => role);
  const folders = [...new Set(roles.filter((role) => role.includes("/")).map((role) => role.replace(/\/[^/]*$/, "")))];
  const loop = `for r in ${roles.join(" ")}; do`;
  const from = step(
    "The metadata, a file for each role, from FILE, which pullproof rescue wrote; of files that are there already, as in docker's own folder, only cd to where root.json is",
    `mkdir -p ${["metadata", ...folders.map((folder) => `metadata/${folder}`)].join(" ")}\n${loop} jq -r --arg r $r '.files[$r + ".json"]' FILE | base64 -d > metadata/$r.json; done\ncd metadata`,
  );
  const anew = files.filter(({ edits }) => edits.includes(rewritten)).map(({ role }) => role);
  if (anew.length === 0) return [from];
  const write = `{ printf '{"signed":'; jq -cSj .signed $r.json; printf ',"signatures":'; jq -cSj .signatures $r.json; printf '}'; } > $r.new && mv $r.new $r.json`;
  return [from, step("These were printed anew: they are written as notary writes them, so that they have their hashes again", `for r in ${anew.join(" ")}; do\n  ${write}\ndone`)];
}

/** From the given key to the newest root. */
function pinSteps(files, pins) {
  const roots = files.filter(({ role }) => isRoot(role));
  return roots.flatMap((root, at) => {
    const name = fileOf(root);
    const own = `signed ${name} ${name} root ${root.keys.join(" ")}`;
    const before = roots[at - 1];
    if (before === undefined) {
      const bare = bareSteps(root, pins);
      const about = bare.length > 0 ? `${name} is signed by its own keys` : `${name} is signed by its own keys, of which ${pinned(root.keys, pins)} is the one given`;
      return [...bare, step(about, own, verified(root.keys)), ...certificateSteps(root)];
    }
    const by = fileOf(before);
    return [
      step(`${name} is signed by the keys of the root before it`, `signed ${name} ${by} root ${root.before.join(" ")}`, verified(root.before)),
      step(`${name} is signed by its own keys`, own, verified(root.keys)),
      ...certificateSteps(root),
    ];
  });
}

const pinned = (keys, pins) => keys.find((key) => pins.includes(key));
const verified = (keys) => [...keys.flatMap((key) => [key, "Verified OK"]), "enough: true"];

/** A pin may be the id of a root's bare key, which in the root is in a certificate. */
function bareSteps(root, pins) {
  if (pinned(root.keys, pins) !== undefined) return [];
  const { id, bare } = root.certificates.find(({ bare }) => pins.includes(bare)) ?? { id: root.keys[0] };
  const name = fileOf(root);
  const type = `$(key ${name} ${id} | jq -r '.keytype | rtrimstr("-x509")')`;
  const key = `$(key ${name} ${id} | pem | openssl pkey -pubin -outform DER | base64 | tr -d '\\n')`;
  const command = `printf '{"keytype":"%s","keyval":{"private":null,"public":"%s"}}' "${type}" "${key}" | sha256sum | cut -c 1-64`;
  return [step(`The key in the certificate ${id} of ${name}, without the certificate, has the id given`, command, [bare ?? pins[0]])];
}

/** Whose root it is: its certificate says for which repository, from when and until when. */
const certificateSteps = ({ role, repository, certificates }) =>
  certificates.map(({ id, from, until }) =>
    step(
      "The root's certificate is for this repository, until a time after the one in question and from one before it",
      `key ${role}.json ${id} | raw | openssl x509 -noout -subject -nameopt RFC2253 -enddate -startdate`,
      [`subject=CN=${repository}`, `notAfter=${asOpenssl(until)}`, `notBefore=${asOpenssl(from)}`],
    ),
  );

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 2040-01-01T00:00:00Z as openssl has it: Jan  1 00:00:00 2040 GMT. */
function asOpenssl(until) {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T([\d:]{8})/.exec(until) ?? [];
  return year === undefined ? until : `${months[month - 1]} ${String(Number(day)).padStart(2)} ${time} ${year} GMT`;
}

/** A role's file is signed by keys that the file above it lists for it. */
function roleSteps(file) {
  const above = file.role.includes("/") ? file.role.replace(/\/[^/]*$/, "") : "root";
  const name = fileOf(file);
  const about = `${name} is signed by keys that ${above}.json lists for ${file.role}`;
  const steps = [step(about, `signed ${name} ${above}.json ${file.role} ${file.keys.join(" ")}`, verified(file.keys))];
  if (above === "root" || file.tag === undefined) return steps;
  const may = `jq --arg role ${file.role} --arg tag ${word(file.tag)} '.signed.delegations.roles[] | select(.name == $role) | any(.paths[]; . as $path | $tag | startswith($path))' ${above}.json`;
  return [...steps, step(`${above}.json lets ${file.role} sign this tag`, may, ["true"])];
}

/** The files that a snapshot names by hash, and the snapshot that a timestamp names. */
function hashSteps(files) {
  const has = (name) => files.some(({ role }) => role === name);
  // What else was changed cannot be made again with these tools.
  const isWhole = ({ edits }) => edits.every((edit) => edit === rewritten);
  const of = (by, all) => {
    const whole = all.filter(isWhole).map(({ role }) => role);
    if (!has(by) || whole.length === 0) return [];
    const command = `for r in ${whole.join(" ")}; do echo "$(named ${by}.json $r)  $r.json"; done | sha256sum -c`;
    return [step(`${by}.json names by hash ${whole.map((role) => `${role}.json`).join(", ")}`, command, whole.map((role) => `${role}.json: OK`))];
  };
  const apart = (role) => role === "snapshot" || role === "timestamp" || /^\d/.test(role);
  return [...of("snapshot", files.filter(({ role }) => !apart(role))), ...of("timestamp", files.filter(({ role }) => role === "snapshot"))];
}

/** The digest of the tag. */
const tagSteps = (files) =>
  files.filter(({ tag, digest }) => tag !== undefined && digest !== undefined).map((file) =>
    step(`In ${fileOf(file)} the tag ${file.tag} is this digest`, `named ${fileOf(file)} ${word(file.tag)}`, [file.digest.replace(/^sha256:/, "")]));
