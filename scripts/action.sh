#!/usr/bin/env bash
# What action.yml runs: its inputs, from the environment, as one command line. Bash 3.2 has to do.

set -euo pipefail

arguments=()

# Written as --name=value, so that no value can be taken for an option.
option() {
  if [ -n "$2" ]; then arguments+=("--$1=$2"); fi
}

# The same for each line of a value.
options() {
  while IFS= read -r line; do
    option "$1" "$(printf '%s' "$line" | tr -d '\r')"
  done <<< "$2"
}

case "${RUN:-}" in
  same | mirror) operands=("${LEFT:-}" "${RIGHT:-}") ;;
  published) operands=("${IMAGE:-}") ;;
  *)
    echo "pullproof: usage: expected same, mirror or published as run, found another" >&2
    exit 2
    ;;
esac

options digest "${DIGESTS:-}"
options key "${KEYS:-}"
options tags "${TAGS:-}"
option identity "${IDENTITY:-}"
option issuer "${ISSUER:-}"
option level "${LEVEL:-}"
option platform "${PLATFORM:-}"
option gateway "${GATEWAY:-}"
option accept "${ACCEPT:-}"
option summary "${GITHUB_STEP_SUMMARY:-}"

if [ -n "${EXECUTABLE:-}" ]; then
  command=("$EXECUTABLE")
elif [[ "${VERSION:-}" =~ ^[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$ ]]; then
  command=(npx --yes "pullproof@$VERSION")
else
  echo "pullproof: usage: expected a version such as 1.2.3, found another" >&2
  exit 2
fi

# Everything that is printed is kept, to read the verdict's word from it: 0 may be proven or accepted.
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
status=0
"${command[@]}" "$RUN" "${arguments[@]+"${arguments[@]}"}" -- "${operands[@]}" | tee "$printed" || status=$?

verdict=none
case "$status" in
  0) if grep -q '^STATED: ' "$printed"; then verdict=stated; else verdict=proven; fi ;;
  1) verdict=contradicted ;;
  3) verdict=open ;;
  4) verdict=stated ;;
esac
echo "verdict=$verdict" >> "${GITHUB_OUTPUT:-/dev/null}"
if [ "$verdict" = none ]; then
  echo "### pullproof gave no answer; why is in the log" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
exit "$status"
