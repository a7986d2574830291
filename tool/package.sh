#!/usr/bin/env bash
# Makes a Debian package of a build. usage: package.sh BUILD_FOLDER VERSION OUTPUT_FOLDER
#
# The same build gives the same bytes: files are as old as the last commit, and belong to root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1 version=$2 output=$3
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/debian/reelforge

install -D -m 0755 -t "$root/usr/bin" "$build/reelforge" "$build/reelforge-decoder"
strip --strip-unneeded "$root"/usr/bin/*
install -D -m 0644 -t "$root/lib/systemd/system" package/reelforge.service
install -D -m 0644 -t "$root/etc/reelforge" package/serve.toml
doc=$root/usr/share/doc/reelforge
install -D -m 0644 LICENSE "$doc/copyright"
install -D -m 0644 -t "$doc" README.md CHANGELOG.md doc/*.md
if [[ -d doc/observe ]]; then install -D -m 0644 -t "$doc/observe" doc/observe/*; fi
mkdir -p "$root"/usr/share/{man/man1,bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
"$build/reelforge" man | gzip -9n >"$root/usr/share/man/man1/reelforge.1.gz"
"$build/reelforge" completion bash >"$root/usr/share/bash-completion/completions/reelforge"
"$build/reelforge" completion zsh >"$root/usr/share/zsh/vendor-completions/_reelforge"
"$build/reelforge" completion fish >"$root/usr/share/fish/vendor_completions.d/reelforge.fish"

# The libraries it is linked with, and the versions from which they will do.
printf 'Source: reelforge\n\nPackage: reelforge\nArchitecture: any\n' >"$stage/debian/control"
depends=$(cd "$stage" && dpkg-shlibdeps -O --ignore-missing-info debian/reelforge/usr/bin/* | sed -n 's/^shlibs:Depends=//p')

mkdir -p "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: reelforge
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: ReelForge
Installed-Size: $(du -sk --exclude DEBIAN "$root" | cut -f1)
Depends: $depends, tzdata, passwd, util-linux
Recommends: tesseract-ocr-eng
Section: misc
Priority: optional
Description: makes video ads better by itself
 Reads what an account's video ads did, learns which win and why, plans what to do
 next, and does what was approved, within limits. One program and one file of data.
CONTROL
echo /etc/reelforge/serve.toml >"$root/DEBIAN/conffiles"
install -m 0755 -t "$root/DEBIAN" package/preinst package/postinst package/prerm package/postrm
find "$root" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$output"
file=$output/reelforge_${version}_$(dpkg --print-architecture).deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$file" >/dev/null
echo "$file"
