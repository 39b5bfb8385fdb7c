#!/bin/bash
# bench.sh [options --] command…
#
# Runs a command beside a pcscd of its own, with a virtual card in its reader.
# Nothing outside sees it: the mounts and the network are private, so any number
# of benches run at once, and real readers of the machine are out of reach.
# One begun within another (which has no pcscd then) has a pcscd of its own, and
# the other's network: a server that the test has started there is in its reach.
#
# Options, ended by --; those not listed go to the card (gca-vcard --help):
#   --second "OPTIONS"   a second card, in the second reader
#   --no-card            both readers are empty
#   --no-reader          pcscd has no reader
#   --no-pcscd           pcscd does not run
# The command finds in its environment:
#   GCA_TEST_TRACE, GCA_TEST_TRACE2        what the first, second card was asked;
#                                          kept if the caller sets the path
#   GCA_TEST_CARD_PID, GCA_TEST_CARD_PID2  kill -USR1: card out, -USR2: in again
#   GCA_TEST_PKI                           the folder of its certificates
#   GCA_VCARD, GCA_CARD_WAIT, GCA_CARD_SEND  the programs of the bench
#   GCA_TEST_RUN                           a folder that goes with the bench
# Exit status: the command's; 77 where the system refuses namespaces; 99 if the
# bench itself fails.
set -u

# Both of these end it, with the reason on stderr.
refused() { echo "bench.sh: no private namespaces here" >&2; exit 77; }
broken() { echo "bench.sh: $*" >&2; exit 99; }

PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "$0")" && pwd)
built=${GCA_BUILD_DIR:-${MESON_BUILD_ROOT:-$here/../../build}}
export GCA_VCARD=${GCA_VCARD:-$built/tests/card/gca-vcard}
export GCA_CARD_WAIT=${GCA_CARD_WAIT:-$built/tests/card/gca-card-wait}
export GCA_CARD_SEND=${GCA_CARD_SEND:-$built/tests/card/gca-card-send}
export GCA_TEST_PKI=${GCA_TEST_PKI:-$built/tests/pki}

if [ "${1-}" != --inside ]; then
    for program in "$GCA_VCARD" "$GCA_CARD_WAIT" "$GCA_CARD_SEND" pcscd setpriv unshare; do
        command -v "$program" >/dev/null || broken "no $program"
    done
    case ${GCA_TEST_RUN-} in
        '') kinds="-mn -Urmn" ;;
        *) kinds=-m ;;
    esac
    for how in $kinds; do
        if unshare $how true 2>/dev/null; then
            exec unshare $how -- "$here/bench.sh" --inside "$@"
        fi
    done
    refused
fi
shift

# Parts of the bench end with it, however it ends.
readonly along=(setpriv --pdeathsig KILL --)
export GCA_TEST_RUN=/run/bench

parse() {
    card=() second=() want=1
    case ${1-} in -*) ;; *) set -- -- "$@" ;; esac
    while [ $# -gt 0 ]; do
        case $1 in
            --second) read -r -a second <<<"${2-}"; want=2; shift ;;
            --no-card) want=reader ;;
            --no-reader) want=service ;;
            --no-pcscd) want=nothing ;;
            --) shift; break ;;
            *) card+=("$1") ;;
        esac
        shift
    done
    command=("$@")
}

# What belongs to this machine is put out of sight: /run with its pcscd, and
# the drivers of USB readers (a PIN of a test must never reach a real card).
isolate() {
    local conf driver
    unset "${!PCSCLITE_@}" # may name another pcscd
    mount -t tmpfs tmpfs /run 2>/dev/null || refused
    ip link set lo up || refused
    mkdir -p /run/pcscd $GCA_TEST_RUN/readers
    [ $want != nothing ] || return 0
    conf=/etc/reader.conf.d/vpcd
    driver=$(sed -n 's/^LIBPATH[[:space:]]*//p' $conf 2>/dev/null)
    [ -e "$driver" ] || broken "the package vsmartcard-vpcd is not installed"
    cp "$driver" $GCA_TEST_RUN/driver.so
    if [ $want != service ]; then
        sed "s|^LIBPATH.*|LIBPATH $GCA_TEST_RUN/driver.so|" $conf >$GCA_TEST_RUN/readers/vpcd
    fi
    mount -t tmpfs tmpfs /usr/lib/pcsc/drivers || refused
}

# start_card OUT-FD-NAME TRACE [options]: returns when the card knocks.
start_card() {
    local -n out=$1
    local trace=$2
    shift 2
    exec {out}< <(exec "${along[@]}" "$GCA_VCARD" --pki "$GCA_TEST_PKI" \
        --trace "$trace" "$@" </dev/null)
    started=$!
    children+=("$started")
    read -r -u "$out" -t 10 || broken "the card does not start"
}

start_cards() {
    export GCA_TEST_TRACE=${GCA_TEST_TRACE:-$GCA_TEST_RUN/trace}
    export GCA_TEST_TRACE2=${GCA_TEST_TRACE2:-$GCA_TEST_RUN/trace2}
    : >"$GCA_TEST_TRACE" || broken "cannot write $GCA_TEST_TRACE"
    : >"$GCA_TEST_TRACE2" || broken "cannot write $GCA_TEST_TRACE2"
    case $want in
        1 | 2)
            start_card out1 "$GCA_TEST_TRACE" "${card[@]}"
            export GCA_TEST_CARD_PID=$started
            ;;
    esac
    if [ $want = 2 ]; then
        start_card out2 "$GCA_TEST_TRACE2" --port 35964 "${second[@]}"
        export GCA_TEST_CARD_PID2=$started
    fi
}

# After this nothing of the bench is open in the command.
finish_cards() {
    if [ -n "${out1-}" ]; then read -r -u "$out1" -t 10; exec {out1}<&-; fi
    if [ -n "${out2-}" ]; then read -r -u "$out2" -t 10; exec {out2}<&-; fi
}

start_pcscd() {
    [ $want != nothing ] || return 0
    "${along[@]}" pcscd -f -i -c $GCA_TEST_RUN/readers </dev/null >$GCA_TEST_RUN/pcscd.log 2>&1 &
    children+=($!)
    "${along[@]}" "$GCA_CARD_WAIT" $want 10000 ||
        broken "no $want from pcscd: $(tail -n 3 $GCA_TEST_RUN/pcscd.log)"
}

children=()
parse "$@"
[ ${#command[@]} -gt 0 ] || broken "usage: bench.sh [options --] command…"
isolate
start_cards
start_pcscd
finish_cards
"${along[@]}" "${command[@]}"
status=$?
kill "${children[@]}" 2>/dev/null
wait "${children[@]}" 2>/dev/null
exit $status
