#!/usr/bin/env bash
# Builds kube-apiserver, kube-controller-manager and kube-scheduler from Kubernetes' public Go module, once, and prints
# the API server's path, which is what KUBE_APISERVER takes; the other two lie beside it. Progress goes to stderr.
# About 10 minutes on two free cores; later calls answer at once.
#   KUBE_APISERVER=$(tests/cluster/support/build-kubernetes.sh) npx mocha 'tests/cluster/*.test.ts'
set -euo pipefail

version=${1:-v1.34.1}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cryptotracker-platform
binaries=$cache/kubernetes-$version
commands=(kube-apiserver kube-controller-manager kube-scheduler)

say() { echo "build-kubernetes: $*" >&2; }

if [[ ! -d $binaries ]]; then
  mkdir -p "$cache"
  say "downloading k8s.io/kubernetes@$version"
  module=$(go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  work=$(mktemp -d "$cache/build.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  # A copy, because the module cache is read-only and Go accepts `replace` lines only in a main module.
  mkdir "$work/sources" "$work/binaries"
  cp -r "$module/." "$work/sources"
  chmod -R u+w "$work/sources"
  cd "$work/sources"
  export GOWORK=off GOFLAGS="${GOFLAGS:-} -mod=mod"

  # A module's archive leaves out nested modules, which is what every staging/src/k8s.io/* is. Their code comes from
  # the modules published for the same release instead: v1.34.1 of Kubernetes is v0.34.1 of those.
  if [[ ! -f staging/src/k8s.io/api/go.mod ]]; then
    rm -f go.work go.work.sum
    edits=()
    while read -r staged; do
      edits+=("-dropreplace=$staged" "-replace=$staged=$staged@v0.${version#v1.}")
    done < <(sed -n 's/^\t\(k8s\.io\/[a-z-]*\) => \.\/staging\/.*$/\1/p' go.mod)
    if ((${#edits[@]})); then go mod edit "${edits[@]}"; fi
  fi

  # What the release's own build sets, and `/version` and the components' compatibility checks read.
  flags="-s -w"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$(cut -d. -f2 <<<"$version")"
  done
  # Two packages at a time: a third compiler beside two cores' worth only takes memory.
  say "compiling ${commands[*]}"
  go build -p 2 -v -trimpath -ldflags "$flags" -o "$work/binaries/" "${commands[@]/#/./cmd/}" 2>&1 |
    awk '/^[A-Za-z0-9._~\/-]+$/ { if (++n % 200 == 0) print "build-kubernetes: " n " packages compiled"; fflush(); next } { print; fflush() }' >&2
  # Whole or not at all, whoever else builds at the same time.
  mv -T "$work/binaries" "$binaries" 2>/dev/null || [[ -d $binaries ]]
  say "built $version"
fi
echo "$binaries/kube-apiserver"
