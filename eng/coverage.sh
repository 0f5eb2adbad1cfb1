#!/usr/bin/env bash
# eng/coverage.sh [NAME…]   prints how much of each project its own tests run (default: Planton.Tunnel), and the lines they never do
set -euo pipefail
cd "$(dirname "$0")/.."
# The tests are started by their own small executables, which look for the runtime in the usual places only.
export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
results=$(mktemp -d); trap 'rm -rf "$results"' EXIT
for name in "${@:-Planton.Tunnel}"; do
  dotnet test --project "tests/$name.Tests" --results-directory "$results" \
    --coverlet --coverlet-include "[$name]*" --coverlet-output-format cobertura --coverlet-file-prefix "$name" >&2
  awk -v name="$name" '
    function attribute(key) { return match($0, key "=\"[^\"]*\"") ? substr($0, RSTART + length(key) + 2, RLENGTH - length(key) - 3) : "" }
    /<coverage / { printf "%s: %.1f %% of %d lines, %.1f %% of %d branches\n", name, 100 * attribute("line-rate"), attribute("lines-valid"), 100 * attribute("branch-rate"), attribute("branches-valid") }
    /<class / { file = attribute("filename") }
    /<methods>/, /<\/methods>/ { next }
    /<line / && attribute("hits") == 0 { missed[file] = missed[file] " " attribute("number") }
    END { for (file in missed) print "  " file ":" missed[file] | "sort" }' "$results/$name".*.xml
done
