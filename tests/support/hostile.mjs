// Text that every printer of a report has to keep as text, and a report that has it in each of its fields.

export const nasty = "`|<b>*_[x](javascript:x)\n\n# h\n\u001b[2J\u202e@user http://x.example $(id) '";

/** No module makes such a report: whatever prints one must not rely on that. */
export const evil = {
  question: { ask: "same", left: nasty, right: nasty, level: "config" },
  verdict: "contradicted",
  headline: nasty,
  summary: nasty,
  conditions: [nasty],
  rests: 3,
  wants: [{ hint: nasty }, { hint: `docker ${nasty}`, command: true, digest: nasty }],
  claims: [
    { statement: { kind: "same", platform: nasty, level: nasty, reasons: [nasty] }, standing: { is: "contradicted", expected: { value: nasty, source: { via: "pasted", tool: nasty } }, found: { value: nasty, source: { via: "file", name: nasty } } } },
    { statement: { kind: "note", code: nasty, text: nasty }, standing: { is: "stated", by: [{ via: "fetched", url: nasty, at: nasty }, { via: "given", what: nasty }] } },
    { statement: { kind: nasty }, standing: { is: nasty } },
    ...["authorises", "bytes", "candidate", "identifies", "includes", "names", "platform", "resolves", "signs", "size", "unread"].map((kind) => ({
      statement: { kind, digest: nasty, edits: [nasty], reference: nasty, role: nasty, key: nasty, by: { identity: nasty, issuer: nasty }, id: nasty, as: nasty, parent: nasty, meaning: nasty, tag: nasty, size: nasty, text: nasty, offset: 0, platform: nasty, mediaType: nasty },
      standing: { is: "proven", check: "hash", from: [{ via: "fetched", url: `https://${nasty}/v2/a/manifests/${nasty}`, at: nasty }, { via: nasty }] },
    })),
  ],
};
