// Documents that name an image as their subject, as nodes of the drawing: beside what it refers to, with an edge that
// has the standing of the claims that say so.

/** Adds what refers to documents to the graph; what it consists of is not drawn. */
export function addReferrers(graph) {
  for (const { digest: target, referrers } of graph.read.values()) {
    for (const { digest, claim } of referrers) {
      const node = graph.document(digest);
      // An attestation named by the index is drawn below the index.
      if (graph.edgesTo(digest, "attestation").length > 0) continue;
      const subject = graph.document(target);
      Object.assign(node, { kind: node.kind === "index" ? "index" : "referrer", types: [...node.known.types], under: node.under ?? subject.id });
      node.says.push(claim);
      graph.edge(node, subject, "subject", claim.standing);
    }
  }
  for (const node of [...graph.nodes.values()]) {
    if (node.kind !== "referrer") continue;
    node.rank = 2;
    const parts = ["config", "layer"].flatMap((as) => graph.edgesFrom(node.id, as));
    for (const edge of parts) graph.cut(edge);
    graph.dropUnnamed(parts.map(({ to }) => to));
  }
}
