#!/usr/bin/env bash
# Installs, uses, upgrades, removes and purges the package in a copy of this system that is gone
# afterwards: an overlay in a mount namespace of its own. Needs root.
# usage: package_test.sh OLD.deb NEW.deb
set -euo pipefail
old=$(realpath "$1") new=$(realpath "$2")
if [[ ${3:-} != inside ]]; then
  exec unshare --mount --pid --fork --kill-child --mount-proc bash "$0" "$old" "$new" inside
fi

mkdir -p /tmp/package-root
mount -t tmpfs tmpfs /tmp/package-root
mkdir -p /tmp/package-root/{upper,work,root}
mount -t overlay overlay -o lowerdir=/,upperdir=/tmp/package-root/upper,workdir=/tmp/package-root/work /tmp/package-root/root
root=/tmp/package-root/root
mount -t proc proc $root/proc
mount --bind /dev $root/dev
mount -t tmpfs tmpfs $root/run  # No systemd in there.
mount -t tmpfs tmpfs $root/tmp
cp "$old" "$new" $root/tmp/
old=/tmp/$(basename "$old") new=/tmp/$(basename "$new")

there() { chroot $root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_service() { there runuser -u reelforge -- "$@"; }
check() { echo "  ok   $1"; }
die() { echo "  FAIL $1"; exit 1; }
store=/var/lib/reelforge/reelforge.db

# As the unit says, without systemd.
start() {
  command=$(sed -n 's/^ExecStart=//p' $root/lib/systemd/system/reelforge.service)
  # shellcheck disable=SC2086
  as_service $command --port 18077 >"$root/tmp/serve.log" 2>&1 &
  for _ in $(seq 100); do
    there curl -sf http://127.0.0.1:18077/readyz >/dev/null 2>&1 && return
    read -rt 0.1 <> <(:) || true
  done
  cat "$root/tmp/serve.log"; die "it does not get ready"
}
stop() { kill -TERM "$(pgrep -f 'serve --config' | tail -1)"; wait || true; }

there dpkg --install "$old" >/dev/null || die "install"
check "installs"
[[ $(stat -c '%a %U' $root/var/lib/reelforge) == "700 "* ]] || die "the data folder is open to others"
there systemd-analyze verify /lib/systemd/system/reelforge.service 2>&1 | grep -i reelforge && die "the unit has errors"
check "the unit is sound"
start
token=$(cat $root/var/lib/reelforge/owner-token)
[[ $token == rf_* ]] || die "no owner's token"
[[ $(stat -c %a $root/var/lib/reelforge/owner-token) == 600 ]] || die "others can read the token"
grep -q rf_ "$root/tmp/serve.log" && die "the token is in the log"
check "starts, and gives its owner a token that no log shows"
printf 'Day,Campaign name,Ad set name,Ad name,Ad ID,Amount spent (EUR),Impressions,Link clicks\n2026-03-01,A,B,C,1,10.10,1000,20\n' >$root/tmp/ads.csv
call() { there curl -sf -H "Authorization: Bearer $token" "$@"; }
call -H 'Content-Type: application/json' -d '{"files":["/tmp/ads.csv"]}' http://127.0.0.1:18077/api/v1/import >/dev/null || die "import"
before=$(call 'http://127.0.0.1:18077/api/v1/report?by=ad')
echo "no_schedule = true" >>$root/etc/reelforge/serve.toml.new
sed -i 's/^no_schedule = false/no_schedule = true/' $root/etc/reelforge/serve.toml; rm $root/etc/reelforge/serve.toml.new
stop
check "works"
there dpkg --install "$new" >/dev/null 2>"$root/tmp/upgrade.log" || { cat "$root/tmp/upgrade.log"; die "upgrade"; }
ls $root/var/lib/reelforge/before-upgrade-from-*.db >/dev/null || die "no copy before the upgrade"
start
[[ $(call 'http://127.0.0.1:18077/api/v1/report?by=ad') == "$before" ]] || die "the data changed"
grep -q '^no_schedule = true' $root/etc/reelforge/serve.toml || die "the owner's settings were lost"
as_service reelforge --store $store doctor >/dev/null || die "doctor"
stop
check "upgrades with data and settings kept, and a copy of the store before"
there dpkg --remove reelforge >/dev/null || die "remove"
[[ -e $root$store && ! -e $root/usr/bin/reelforge ]] || die "removing took the data or left the program"
check "removing leaves the data"
there dpkg --purge reelforge >/dev/null 2>&1 || die "purge"
left=$(find $root/var/lib/reelforge $root/etc/reelforge $root/usr/share/doc/reelforge $root/lib/systemd/system/reelforge.service 2>/dev/null || true)
[[ -z $left ]] || die "purging left $left"
there getent passwd reelforge >/dev/null && die "purging left the user"
check "purging leaves nothing"
