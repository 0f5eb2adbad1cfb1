#!/usr/bin/env bash
# publish.sh [RID]: builds the programs as they ship, into artifacts/publish/RID (default: this machine's RID):
#   planton, planton-runner (one native file each), planton-server/ (self-contained).
# The native ones need a C compiler and zlib's headers: on Debian, apt-get install gcc zlib1g-dev.
# With PLANTON_PUBLISH_CACHE=DIR, programs of the same sources, SDK and RID are taken from that folder, and kept there. The commit
# that they print is then the one that they were built at.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;; esac

host_rid() {
  local os arch
  case "$(uname -s)" in Linux) os=linux ;; Darwin) os=osx ;; *) os=win ;; esac
  case "$(uname -m)" in x86_64 | amd64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; *) echo "publish.sh: unknown architecture $(uname -m); name a RID" >&2; return 2 ;; esac
  if [ "$os" = linux ] && ls /lib/ld-musl-* >/dev/null 2>&1; then os=linux-musl; fi
  echo "$os-$arch"
}

# What the programs are made from.
sources() {
  echo "$rid $(dotnet --version)"
  find src Directory.*.props Directory.Build.targets global.json eng/publish.sh -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}

rid=${1:-$(host_rid)}
out=artifacts/publish/$rid
staging=artifacts/publish-staging/$rid
exe=; case "$rid" in win-*) exe=.exe ;; esac
# Analyzers run in every ordinary build; here they would only take time.
options=(-c Release -r "$rid" --nologo -v quiet -p:RunAnalyzers=false)
rm -rf "$staging"; mkdir -p "$out" "$staging"

native() { # project program
  dotnet publish "src/$1" "${options[@]}" --no-build -o "$staging/build/$2" -p:DebugSymbols=false >"$staging/$2.log" 2>&1 || { cat "$staging/$2.log" >&2; return 1; }
  cp "$staging/build/$2/$2$exe" "$staging/$2$exe"
  rm "$staging/$2.log"
}

publish() {
  local project cli runner
  # They share projects, so they are compiled in turn. Making them native keeps less than a core busy for each: side by side.
  echo "publish: planton, planton-runner, planton-server ($rid)" >&2
  for project in Planton.Cli Planton.Runner; do dotnet build "src/$project" "${options[@]}" -p:DebugSymbols=false >&2; done
  native Planton.Cli planton & cli=$!
  native Planton.Runner planton-runner & runner=$!
  dotnet publish src/Planton.Server "${options[@]}" --self-contained -o "$staging/planton-server" >&2
  wait "$cli"; wait "$runner"
  rm -rf "$staging/build"
}

if [ -n "${PLANTON_PUBLISH_CACHE:-}" ]; then
  kept=$PLANTON_PUBLISH_CACHE/$(sources | sha256sum | cut -c1-32)
  if [ -d "$kept" ]; then
    echo "publish: from $kept" >&2
    cp -R "$kept/." "$staging/"
  else
    publish
    mkdir -p "$PLANTON_PUBLISH_CACHE"
    { ls -dt "$PLANTON_PUBLISH_CACHE"/*/ 2>/dev/null || true; } | tail -n +3 | xargs rm -rf
    rm -rf "$kept.new" && cp -R "$staging" "$kept.new" && mv "$kept.new" "$kept"
  fi
else
  publish
fi

# By renaming, since a running program may not be overwritten.
for program in "planton$exe" "planton-runner$exe"; do mv -f "$staging/$program" "$out/$program"; done
rm -rf "$out/planton-server.old"; [ ! -d "$out/planton-server" ] || mv "$out/planton-server" "$out/planton-server.old"
mv "$staging/planton-server" "$out/planton-server"; rm -rf "$out/planton-server.old" "$staging"
echo "$PWD/$out"
