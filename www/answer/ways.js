// The commands of other tools that print the same bytes as the one that is asked for.

const ways = {
  document: ["docker buildx imagetools inspect --raw ", "crane manifest ", "skopeo inspect --raw docker://", "regctl manifest get --format raw-body ", "oras manifest fetch "],
  blob: ["crane config ", "skopeo inspect --config --raw docker://", "regctl image config --format raw-body ", "oras manifest fetch-config "],
};

/** The same want in the commands of all other tools that have one. */
export function otherWays({ what, command, hint }) {
  const all = ways[what] ?? [];
  const own = all.find((way) => command && hint.startsWith(way));
  return own === undefined ? [] : all.filter((way) => way !== own).map((way) => way + hint.slice(own.length));
}
