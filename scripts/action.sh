#!/usr/bin/env bash
# action.yml runs this: its inputs, from the environment, become one command line, and action.mjs reads its answer.
# Works in Bash 3.2.

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
  check) operands=("${RECEIPT:-}") ;;
  *)
    echo "pullproof: usage: run is not same, mirror, published or check" >&2
    exit 2
    ;;
esac

options digest "${DIGESTS:-}"
options key "${KEYS:-}"
options tags "${TAGS:-}"
options trust-data "${TRUST_DATA:-}"
option policy "${POLICY:-}"
option at "${AT:-}"
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
  echo "pullproof: usage: version is not one such as 1.2.3" >&2
  exit 2
fi

# The report and the receipt go beside each other, for later steps.
FILES=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/pullproof-XXXXXX" 2> /dev/null) || FILES=
written=0
if [ -z "$FILES" ]; then
  echo "pullproof: file: no folder could be made for the report and the receipt" >&2
  written=2
fi
receipt=
case "$RUN" in
  same | published)
    if [ -n "$FILES" ]; then receipt="$FILES/receipt.json"; fi
    option receipt "$receipt"
    ;;
esac

# The code that it ends with is its last line: no file is needed to pass it on, since a disk may be full.
answer() {
  local code=0
  "${command[@]}" "$RUN" --json "${arguments[@]+"${arguments[@]}"}" -- "${operands[@]}" || code=$?
  printf '\nexit %s\n' "$code"
}

code=0
answer | FILES="$FILES" RECEIPT="$receipt" node "$(dirname "${BASH_SOURCE[0]}")/action.mjs" || code=$?
if [ "$code" -eq 0 ]; then code=$written; fi
exit "$code"
