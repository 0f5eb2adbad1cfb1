#!/usr/bin/env bash
# publish.sh [RID]: builds the programs as they ship, into artifacts/publish/RID (default: this machine's RID):
#   planton, planton-runner (one native file each), planton-server/ (self-contained).
# The native ones need a C compiler and zlib's headers: on Debian, apt-get install gcc zlib1g-dev.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;; esac

host_rid() {
  local os arch
  case "$(uname -s)" in Linux) os=linux ;; Darwin) os=osx ;; *) os=win ;; esac
  case "$(uname -m)" in x86_64 | amd64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; *) echo "publish.sh: give a RID: $(uname -m) is not known" >&2; return 2 ;; esac
  if [ "$os" = linux ] && ls /lib/ld-musl-* >/dev/null 2>&1; then os=linux-musl; fi
  echo "$os-$arch"
}

rid=${1:-$(host_rid)}
out=artifacts/publish/$rid
staging=artifacts/publish-staging/$rid
exe=; case "$rid" in win-*) exe=.exe ;; esac
rm -rf "$staging"; mkdir -p "$out"

native() { # project program
  echo "publish: $2 ($rid)" >&2
  dotnet publish "src/$1" -c Release -r "$rid" -o "$staging/$2" --nologo -v quiet -p:DebugSymbols=false >&2
  # A copy beside it first: a program that is running may not be overwritten.
  cp "$staging/$2/$2$exe" "$out/$2$exe.new" && mv -f "$out/$2$exe.new" "$out/$2$exe"
}

native Planton.Cli planton
native Planton.Runner planton-runner
echo "publish: planton-server ($rid)" >&2
dotnet publish src/Planton.Server -c Release -r "$rid" --self-contained -o "$staging/planton-server" --nologo -v quiet >&2
rm -rf "$out/planton-server.old"; [ ! -d "$out/planton-server" ] || mv "$out/planton-server" "$out/planton-server.old"
mv "$staging/planton-server" "$out/planton-server"; rm -rf "$out/planton-server.old" "$staging"
echo "$PWD/$out"
