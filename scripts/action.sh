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

# Prints what it reads, line by line, and ends with what the line of the answer says: a code alone can be
# another program's, and 0 may be proven or accepted. Nothing is kept in a file: a disk may be full.
passed_on() {
  local line said=0
  while IFS= read -r line || [ -n "$line" ]; do
    printf '%s\n' "$line" || true
    case "$line" in
      "PROVEN: "*) said=10 ;;
      "CONTRADICTED: "*) said=11 ;;
      "OPEN: "*) said=13 ;;
      "STATED: "*) said=14 ;;
    esac
  done
  return "$said"
}

set +e
"${command[@]}" "$RUN" "${arguments[@]+"${arguments[@]}"}" -- "${operands[@]}" | passed_on
codes=("${PIPESTATUS[@]}")
set -e
status=${codes[0]}

# 2: it was answered, and a file could not be written.
verdict=none
case "$status ${codes[1]}" in
  "0 10" | "2 10") verdict=proven ;;
  "1 11" | "2 11") verdict=contradicted ;;
  "0 14" | "4 14" | "2 14") verdict=stated ;;
  "3 13" | "2 13" | "3 0") verdict=open ;;
esac

# What cannot be written is said, and is no success.
add() {
  if { printf '%s\n' "$2" >> "$1"; } 2> /dev/null; then return; fi
  echo "pullproof: file: expected a file that can be written, found one that cannot, at $1" >&2
  if [ "$status" -eq 0 ]; then status=2; fi
}

add "${GITHUB_OUTPUT:-/dev/null}" "verdict=$verdict"
if [ "$verdict" = none ]; then
  add "${GITHUB_STEP_SUMMARY:-/dev/null}" "### pullproof gave no answer; why is in the log"
fi
exit "$status"
