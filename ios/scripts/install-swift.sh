#!/usr/bin/env bash
# install-swift.sh [--again] [FOLDER]
#
# Makes a Swift 6 toolchain available in FOLDER (default: target/swift of this checkout) and writes FOLDER/run:
#
#     target/swift/run swift test …          any command, with Swift's tools first on its path
#
# An installed Swift 6 is used where there is one (a Mac always: Xcode's). Otherwise, on Debian, the packages of Debian's
# `swiftlang` are unpacked with the C library they need into a tree of their own under FOLDER: nothing is installed on the
# machine, no package's script is run, and `run` enters the tree in a mount namespace where the checkout keeps its path.
# The packages come, signature checked, from whatever archive the machine's own apt is configured for.
#
# Safe to call at any time and again: a whole tree is tried and kept, a broken or half-made one is made again.
# Settings: TECHO_SWIFT_TREE=1 makes the tree although a Swift is installed; TECHO_SWIFT_TRIES (default 5) network attempts.
# Ends with 0 ready · 2 wrong use · 3 the machine lacks something · 4 the archive does not answer or has no such package ·
# 5 the toolchain is there and does not work.
set -euo pipefail
umask 022

readonly SUITE=trixie                 # the first Debian release with a Swift 6; its packages no longer change
readonly TREE_VERSION=1               # raise when the tree is made differently
readonly NEEDED_MEGABYTES=4500        # packages and tree together; 1300 stay
readonly TRIES=${TECHO_SWIFT_TRIES:-5}
# libc6-dev and libstdc++ are only recommended by what needs them, and without them there is no C library to import.
readonly PACKAGES=(swiftlang libc6-dev libstdc++-14-dev libc-bin base-files bash coreutils dash diffutils findutils grep sed tzdata)

tell() { printf 'install-swift: %s\n' "$*" >&2; }
fail() { local code=$1; shift; tell "$*"; exit "$code"; }

again=no
if [[ ${1-} == --again ]]; then again=yes; shift; fi
(($# <= 1)) || fail 2 "use: install-swift.sh [--again] [FOLDER]"
checkout=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
folder=${1:-$checkout/target/swift}
mkdir -p -- "$folder"
folder=$(cd -- "$folder" && pwd -P)
# apt's configuration language has no way to write these in a path.
[[ $folder != *[[:space:]\"\;\\]* ]] || fail 2 "a path that apt cannot be told: $folder"
tree=$folder/tree

# --- trying a toolchain ---------------------------------------------------------------------------------------------

# Compiles and runs what our package needs: Swift 6, Foundation, Observation, and both halves of Swift Testing.
works() {
    local place result=0
    place=$(mktemp -d "$folder/try.XXXXXX")
    cat >"$place/main.swift" <<'SWIFT'
import Foundation
import Observation

@MainActor @Observable final class Counter { var count = 40 }
let counter = Counter()
counter.count += 2
print("counted \(counter.count), wrote \(String(data: Data([0xe6, 0x89, 0x8b]), encoding: .utf8) ?? "nothing")")
SWIFT
    printf 'import Testing\n@Test func truth() { #expect(1 + 1 == 2) }\n' >"$place/testing.swift"
    # Debian's 6.0.3 leaves one symbol of libswiftObservation unresolved (it is called on a fatal lock error only).
    local flags=(-swift-version 6)
    [[ $(uname -s) != Linux ]] || flags+=(-Xlinker --allow-shlib-undefined)
    (
        cd "$place"
        "$folder/run" swiftc "${flags[@]}" main.swift -o try && "$folder/run" ./try
        [[ ! -d $tree ]] || "$folder/run" swiftc -typecheck -parse-as-library -plugin-path /usr/libexec/swift/lib/swift/host/plugins testing.swift
    ) >"$place/said" 2>&1 || result=1
    grep -qx 'counted 42, wrote 手' "$place/said" || result=1
    ((result == 0)) || sed 's/^/    /' "$place/said" >&2
    rm -rf -- "$place"
    return "$result"
}

write_run() {
    local text
    if [[ $1 == installed ]]; then
        text='#!/usr/bin/env bash
# Written by install-swift.sh: the installed Swift is used as it is.
exec "$@"'
    else
        text=$(cat <<'RUN'
#!/usr/bin/env bash
# Written by install-swift.sh: runs a command inside the tree beside this file; the checkout keeps its path there.
set -euo pipefail
(($#)) || { echo "use: run COMMAND [ARGUMENT]…" >&2; exit 2; }
folder=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
here=$(pwd -P)
# The checkout, the folder itself where it is elsewhere, and wherever we stand.
shown=("$(readlink -f -- @CHECKOUT@)" "$folder" "$here")
namespace=(--mount --propagation private)
[[ $(id -u) == 0 ]] || namespace+=(--user --map-root-user)
inside='set -euo pipefail
tree=$1 here=$2 count=$3; shift 3
mount --rbind /proc "$tree/proc"
mount --rbind /dev "$tree/dev"
while ((count)); do
    mkdir -p -- "$tree$1"
    # A folder inside one that is already shown is there already.
    [[ -e $tree$1/. && "$(stat -c %d:%i -- "$tree$1")" == "$(stat -c %d:%i -- "$1")" ]] || mount --rbind -- "$1" "$tree$1"
    shift; count=$((count - 1))
done
unset LD_LIBRARY_PATH LD_PRELOAD TMPDIR
chroot=$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)
export HOME=/root PATH=/usr/libexec/swift/bin:/usr/bin:/bin LC_ALL=C.UTF-8
exec "$chroot" "$tree" /bin/bash -c "cd -- \"\$0\" && exec \"\$@\"" "$here" "$@"'
exec unshare "${namespace[@]}" -- bash -c "$inside" run "$folder/tree" "$here" "${#shown[@]}" "${shown[@]}" "$@"
RUN
)
        text=${text//@CHECKOUT@/$(printf '%q' "$checkout")}
    fi
    printf '%s\n' "$text" >"$folder/run.new"
    chmod 755 "$folder/run.new"
    mv -f -- "$folder/run.new" "$folder/run"
}

# --- an installed Swift ---------------------------------------------------------------------------------------------

installed_version() { swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\..*/\1/p' | head -n 1; }

if [[ ${TECHO_SWIFT_TREE:-0} != 1 ]] && command -v swift >/dev/null; then
    major=$(installed_version)
    if [[ -n $major ]] && ((major >= 6)); then
        write_run installed
        works || fail 5 "the installed swift does not compile what the project needs"
        tell "ready: the installed $(command -v swift)"
        exit 0
    fi
    tell "the installed swift is older than 6"
fi

# --- a tree of Debian's packages --------------------------------------------------------------------------------------

for tool in apt-get dpkg dpkg-deb tar unshare mount flock; do
    command -v "$tool" >/dev/null || fail 3 "no Swift 6 here, and without $tool none can be had: install Swift 6 by hand"
done
exec {lock}>"$folder/.lock"
flock -w 1800 "$lock" || fail 3 "another run has held $folder/.lock for half an hour"

stamp=$tree/.techo
wanted="tree $TREE_VERSION $SUITE ${PACKAGES[*]}"
if [[ $again == no && -f $stamp && $(head -n 1 "$stamp") == "$wanted" ]]; then
    write_run tree
    if works; then
        tell "ready: $(sed -n 2p "$stamp")"
        exit 0
    fi
    tell "the tree no longer works; making it again"
fi

free=$(df -Pm -- "$folder" | awk 'NR == 2 { print $4 }')
((free >= NEEDED_MEGABYTES)) || fail 3 "$free MB free for $folder, $NEEDED_MEGABYTES needed"

# Debian's main archive as apt knows it; before the first `apt-get update`, as apt would ask for it.
archive=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ && !found { found = 1; print $4 }')
if [[ -z $archive ]]; then
    archive=$(apt-get --print-uris update 2>/dev/null |
        sed -nE "s#^'(.*/)dists/[a-z]+/InRelease' .*#\\1#p" | awk '!/security/ && !found { found = 1; print }')
fi
[[ -n $archive ]] || fail 3 "the machine's apt is not configured for Debian's main archive"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -s $keyring ]] || keyring=/usr/share/keyrings/debian-archive-keyring.pgp
[[ -s $keyring ]] || fail 3 "the keyring of Debian's archive is missing (package debian-archive-keyring)"

# A private apt beside the tree: its own lists and an empty installation, the machine's proxies and certificates.
apt=$folder/apt
mkdir -p "$apt"/{lists,archives}/partial "$apt"/{sources,none,log}
: >"$apt/status"
architecture=$(dpkg --print-architecture)
printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nArchitectures: %s\nSigned-By: %s\n' \
    "$archive" "$SUITE" "$architecture" "$keyring" >"$apt/sources/swift.sources"
cat >"$apt/conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Post-Invoke;
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
Dir::Cache::archives "$apt/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$apt/none";
Dir::Log "$apt/log";
Debug::NoLocking "true";
APT::Sandbox::User "root";
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Install-Recommends "false";
APT::Get::Assume-Yes "true";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "60";
Acquire::https::Timeout "60";
CONF

quietly_apt() { LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -qq -c "$apt/conf" "$@" >"$apt/said" 2>&1; }
persist() {
    local attempt pause=5
    for ((attempt = 1; attempt <= TRIES; attempt++)); do
        ! "$@" || return 0
        tail -n 4 "$apt/said" | sed 's/^/    /' >&2
        ((attempt == TRIES)) || { tell "attempt $attempt of $TRIES failed; again in $pause s"; sleep "$pause"; }
        pause=$((pause * 2))
    done
    return 1
}
# Without this mode a list that did not come is only a warning.
lists() { quietly_apt -o APT::Update::Error-Mode=any update; }
packages() { quietly_apt --download-only install "${PACKAGES[@]}"; }

unpack() {
    local made=$1 name package whole=0
    rm -rf -- "$made"
    mkdir -p "$made"/usr/{bin,sbin,lib,lib64}
    for name in bin sbin lib lib64; do ln -s "usr/$name" "$made/$name"; done
    # What a build never reads: manuals, the debugger, language servers, and the libraries of other ways to link.
    local leave=() swift=./usr/libexec/swift
    for name in ./usr/share/{doc,info,locale,man} "$swift"/lib/swift/{embedded,FrameworkABIBaseline} "$swift"/lib/swift_static; do
        leave+=(--exclude="$name/*")
    done
    for name in bin/{lldb*,clangd,sourcekit-lsp,docc,repl_swift} lib/{liblldb.so*,libsourcekitdInProc.so,libLTO.so*}; do
        leave+=(--exclude="$swift/$name")
    done
    spread() { dpkg-deb --fsys-tarfile "$1" | tar -xp --no-same-owner --keep-directory-symlink -C "$made" "${leave[@]}" -f -; }
    # Swift's own package is as large as all the others together: one for each core.
    spread "$apt"/archives/swiftlang_*.deb &
    for package in "$apt"/archives/*.deb; do
        [[ $package == */swiftlang_* ]] || spread "$package" || whole=1
    done
    wait "$!" || whole=1
    return "$whole"
}

tell "fetching $SUITE's swiftlang from the machine's archive"
persist lists || fail 4 "the package lists of $SUITE did not come"
# Packages of an interrupted, older attempt would be unpacked as well.
quietly_apt autoclean || true
persist packages || fail 4 "the packages did not come"
made=$folder/tree.new
if ! unpack "$made" 2>"$apt/said"; then
    tell "a package does not unpack; fetching them all once more"
    rm -f "$apt"/archives/*.deb
    persist packages || fail 4 "the packages did not come"
    unpack "$made" || fail 5 "a package does not unpack"
fi
mkdir -p "$made"/{proc,dev,tmp,root,etc}
chmod 1777 "$made/tmp"
printf 'root:x:0:0:root:/root:/bin/bash\n' >"$made/etc/passwd"
printf 'root:x:0:\n' >"$made/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files\n' >"$made/etc/nsswitch.conf"
version=$(basename -- "$apt"/archives/swiftlang_*.deb .deb)
rm -rf -- "$tree"
mv -- "$made" "$tree"
write_run tree
works || fail 5 "the unpacked toolchain does not run here (are mount namespaces allowed?)"
# Only a tree that works gets its stamp.
printf '%s\n%s\n' "$wanted" "$version" >"$stamp.new"
mv -- "$stamp.new" "$stamp"
rm -rf -- "$apt"
tell "ready: $version"
