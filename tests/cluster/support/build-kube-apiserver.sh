#!/usr/bin/env bash
# Builds kube-apiserver from its public Go module, once, and prints the binary's path for KUBE_APISERVER.
# About 8 minutes on two free cores; later calls answer at once. Needs Go 1.24 or newer.
#   KUBE_APISERVER=$(tests/cluster/support/build-kube-apiserver.sh) npx mocha 'tests/cluster/*.test.ts'
set -euo pipefail

version=${1:-v1.34.1}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cryptotracker-platform
binary=$cache/kube-apiserver-$version

if [[ ! -x $binary ]]; then
  mkdir -p "$cache"
  module=$(go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  sources=$(mktemp -d)
  trap 'rm -rf "$sources"' EXIT
  # A copy, because the module cache is read-only and Go accepts `replace` lines only in a main module.
  cp -r "$module/." "$sources"
  chmod -R u+w "$sources"

  # A module's archive leaves out nested modules, which is what every staging/src/k8s.io/* is. Their code comes from
  # the modules published for the same release instead: v1.34.1 of Kubernetes is v0.34.1 of those.
  if [[ ! -f $sources/staging/src/k8s.io/api/go.mod ]]; then
    (
      cd "$sources"
      rm -f go.work go.work.sum
      sed -n 's/^\t\(k8s\.io\/[a-z-]*\) => \.\/staging\/.*$/\1/p' go.mod | while read -r staged; do
        go mod edit -dropreplace="$staged" -replace="$staged=$staged@v0.${version#v1.}"
      done
    )
  fi

  flags="-s -w"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$(cut -d. -f2 <<<"$version")"
  done
  (cd "$sources" && GOFLAGS=-mod=mod GOWORK=off go build -trimpath -ldflags "$flags" -o "$binary.part" ./cmd/kube-apiserver) >&2
  mv "$binary.part" "$binary"
fi
echo "$binary"
