#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Pi in bash and awk. What it needs of a message it finds by patterns, for Lockstep writes its messages in one way.

stream=${LOCKSTEP_STREAM#fd:}
message='^\{"jsonrpc":"2.0",("id":([0-9]+),)?"method":"([^"]*)"(.*)'

# number NAME OTHERWISE TEXT: the number that is called so.
number() {
  if [[ $3 =~ \"$1\":([-+.0-9eE]+) ]]; then echo "${BASH_REMATCH[1]}"; else echo "$2"; fi
}

integrate() {
  awk -v n="$rectangles" -v part="$(number part 0 "$1")" -v parts="$(number parts 1 "$1")" 'BEGIN {
    for (i = part; i < n; i += parts) sum += 4 / (1 + ((i + 0.5) / n) ^ 2) / n
    printf "{\"sum\":%.17g}", sum
  }'
}

add() {
  grep -o '"sum":[^,}]*' <<<"$1" | awk -F: '{ pi += $2 } END { printf "{\"pi\":%.17g}", pi }'
}

while IFS= read -r -u "$stream" line; do
  [[ $line =~ $message ]] || continue
  id=${BASH_REMATCH[2]} method=${BASH_REMATCH[3]} params=${BASH_REMATCH[4]}
  [ -n "$id" ] || continue

  case $method in
    initialize)
      rectangles=$(number rectangles 100000 "$params")
      outcome='"result":{"name":"shell-pi","methods":["integrate","add"]}'
      ;;
    integrate | add) outcome="\"result\":$("$method" "$params")" ;;
    status) outcome='"result":{"state":"ready","fraction":null,"message":null}' ;;
    terminate) outcome='"result":{}' ;;
    *) outcome='"error":{"code":-32601,"message":"there are the steps integrate and add"}' ;;
  esac

  printf '{"jsonrpc":"2.0","id":%s,%s}\n' "$id" "$outcome" >&"$stream"
  [ "$method" != terminate ] || break
done
