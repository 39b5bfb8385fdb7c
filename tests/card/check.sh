#!/bin/bash
# check.sh files|faults|piv|bench|pki: tests of the bench itself, so that a test
# that fails on it is known to fail for the program it tests.
# shellcheck disable=SC2016,SC2046,SC2086
set -u

here=$(cd "$(dirname "$0")" && pwd)
bench=$here/bench.sh
module=$(compgen -G '/usr/lib/*/opensc-pkcs11.so' | head -n 1)
built=${GCA_BUILD_DIR:-${MESON_BUILD_ROOT:-$here/../../build}}
pki=${GCA_TEST_PKI:-$built/tests/pki}
failed=0

"$bench" true
case $? in 0) ;; 77) exit 77 ;; *) exit 99 ;; esac

# same WHAT EXPECTED GOT
same() {
    if [ "$2" = "$3" ]; then echo "ok: $1"; return; fi
    printf 'FAILED: %s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
    failed=1
}

# talk [options of the bench --] APDU…: the answers, on one line.
talk() {
    local options=()
    case $1 in -*) ;; *) set -- -- "$@" ;; esac
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    "$bench" "${options[@]}" -- bash -c '"$GCA_CARD_SEND" 0 "$@" 2>&1' talk "$@" | tr '\n' ' ' | sed 's/ $//'
}

readonly aid=00A4040C10A000000283000006220169640001010100
readonly piv=00A4040009A0000003080000100000
readonly mf=80A40000023F00 pkcs15=80A40000025030 cdf=80A40000024104 certs=80A400000208F2

# Where each certificate begins; blocks of 200 bytes to READ BINARY.
blocks() {
    local cla=$1 at=$2 end=$3
    for ((; at < end; at += 200)); do printf '%sB0%04XC8\n' "$cla" "$at"; done
}

check_files() {
    local sign
    sign=$(basenc --base16 -w 0 "$pki/agency.der")
    local number=54503030303030303030303030303031
    same "gen 1 gives its number" "9000 9000 9000 ${number}6282 ${number}9000" \
        "$(talk $mf 80A40000020900 80A40000020903 80B00000C8 80B0000010)"
    same "gen 2 gives its number" "9000 9000 9000 ${number}9000" \
        "$(talk --generation 2 -- $aid 00A4000402090000 00A4000402090300 00B0000010)"
    same "gen 1 gives the signing certificate" "$sign" "$(talk $mf $pkcs15 $certs \
        $(blocks 80 0 1800) | tr ' ' '\n' | sed '1,3d; s/9000$//' | tr -d '\n' | cut -c "1-${#sign}")"
    same "gen 2 gives the signing certificate" "$sign" "$(talk --generation 2 -- $aid \
        00A4000402503000 00A400040208F200 $(blocks 00 0 1800) | tr ' ' '\n' |
        sed '1,3d; s/9000$//' | tr -d '\n' | cut -c "1-${#sign}")"
    same "gen 1 does not know the applet, gen 2 not CLA 80" "6A82 6E00" \
        "$(talk $aid) $(talk --generation 2 -- $mf)"
    same "SELECT finds no sibling, no grandchild, no file of PKCS#15's own" \
        "9000 6A82 9000 6A82 9000 6A82 6A82" "$(talk $mf $cdf 80A40000020900 $pkcs15 $mf \
            80A40000025015 80A40000020903)"
    same "READ BINARY wants a current EF" "9000 9000 6986" "$(talk $mf $pkcs15 80B0000010)"
    same "gen 2 has no MF" "9000 6A82 6A82" \
        "$(talk --generation 2 -- $aid 00A40004023F0000 00A40004027FFF00)"
    same "past the end is 6B00" "6B00" "$(talk $mf 80A40000020900 80A40000020903 80B00010C8 | cut -d ' ' -f 4)"
}

# entries OPTIONS…: the iDs in the CDF, as text.
entries() {
    talk "$@" -- $mf $pkcs15 $cdf 80B00000C8 80B000C8C8 | cut -d ' ' -f 4- |
        grep -oE '4B455958|5349474E3032|5349474E|524F4F54434143657274|434143657274|464F524549474E' |
        sed 's/^4B45.*/KEYX/; s/^5349474E3032/SIGN02/; s/^5349474E/SIGN/; s/^524F.*/ROOT/; s/^4341.*/CA/; s/^464F.*/FOREIGN/' |
        tr '\n' ' '
}

check_contents() {
    same "four entries" "SIGN KEYX CA ROOT " "$(entries)"
    same "more entries" "SIGN KEYX CA ROOT SIGN02 FOREIGN " "$(entries --extra-cdf)"
    same "entries in another order" "ROOT SIGN " "$(entries --order ROOTCACert,SIGN)"
    same "an unpadded CDF ends where a block ends" "404 6B00" \
        "$(talk --cdf-on-block-edge 6B00 -- $mf $pkcs15 $cdf 80B00000C8 80B000C8C8 |
            awk '{ print length($4), $5 }')"
    same "and past it 6282, or nothing" "6282 9000" "$(for edge in 6282 empty; do
        talk --cdf-on-block-edge $edge -- $mf $pkcs15 $cdf 80B000C8C8 | cut -d ' ' -f 4; done | paste -sd ' ')"
    same "broken DER of every kind is served" "10" "$(for variant in cdf-length cdf-truncated cdf-empty \
        cdf-huge-length cdf-indefinite cdf-index-beyond cdf-index-negative cdf-slice-zero \
        cert-truncated cert-garbage; do
        talk --broken-der $variant -- $mf $pkcs15 $cdf 80B0000010 $certs 80B0000010
        echo
    done | grep -cE '^9000 9000 9000 [0-9A-F]{32}9000 9000 [0-9A-F]{32}9000$')"
    same "certificates at other offsets" "3082" \
        "$(talk --shift-offsets -- $mf $pkcs15 $certs 80B0078A02 | cut -d ' ' -f 4 | cut -c 1-4)"
}

check_faults() {
    local number=54503030303030303030303030303031
    local open=("$mf" 80A40000020900 80A40000020903)
    check_contents
    same "6Cxx" "6C10" "$(talk --le-wrong -- "${open[@]}" 80B00000C8 | cut -d ' ' -f 4)"
    same "6987" "6987 ${number}9000" "$(talk --dislike-length -- "${open[@]}" 80B00000C8 80B0000010 | cut -d ' ' -f 4-)"
    same "61xx" "6110 ${number}9000" "$(talk --61xx -- "${open[@]}" 80B0000010 00C0000010 | cut -d ' ' -f 4-)"
    same "short" "54509000" "$(talk --short 2 -- "${open[@]}" 80B0000010 | cut -d ' ' -f 4)"
    same "overlong" "${number}A5A59000" "$(talk --overlong 2 -- "${open[@]}" 80B0000010 | cut -d ' ' -f 4)"
    same "a status word at the second APDU and at the first read" "9000 6F00 6A82 6581" \
        "$(talk --sw 2=6F00 --sw read=6581 -- "${open[@]}" 80B0000010)"
    same "SELECT of the MF leaves the applet" "9000 9000 6A82" \
        "$(talk --generation 2 --mf-leaves-applet -- $aid 00A40004023F0000 00A4000402503000)"
    same "the card is pulled after the second APDU" "9000 9000 Card was removed." \
        "$(talk --leave-after 2 -- "${open[@]}" | sed 's/Transaction failed\./Card was removed./')"
    same "it comes back" "9000" "$("$bench" --leave-after 1 --return-after 50 -- bash -c '
        "$GCA_CARD_SEND" 0 '$mf' '$mf' >/dev/null 2>&1
        until "$GCA_CARD_SEND" 0 '$mf' 2>/dev/null; do sleep 0.05; done')"
    same "slow" "2" "$(start=$(date +%s%N)
        talk --slow 1000 -- $mf $mf >/dev/null
        echo $((($(date +%s%N) - start) / 1000000000)))"
    same "options that make no sense are refused" "99 99 99" "$(for option in '--sw x=9000' '--broken-der x' \
        '--order SIGN,x'; do
        "$bench" $option -- true 2>/dev/null
        echo $?
    done | paste -sd ' ')"
}

# p11 OPTIONS-OF-THE-BENCH -- SHELL: SHELL runs in a folder of its own, with p11.
p11() {
    local options=()
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    "$bench" "${options[@]}" -- bash -c '
        cd "$GCA_TEST_RUN"; echo text >text
        p11() { pkcs11-tool --module '"$module"' "$@" 2>&1; }
        sign() { p11 --login --pin "$1" --sign -m SHA256-RSA-PKCS -i text -o signature >/dev/null; }
        holds() { openssl x509 -in "$GCA_TEST_PKI/$1.pem" -noout -pubkey >key
            openssl dgst -sha256 -verify key -signature signature text 2>&1; }
        count() { grep -cx "$1" "$GCA_TEST_TRACE"; }
        '"$2"
}

check_piv() {
    same "signs" "Verified OK 1 1" "$(p11 -- 'sign 123456; echo $(holds agency) $(count verify) $(count sign)')"
    same "signs under OpenSC with the ATR of gen 2 too" "Verified OK" \
        "$(p11 --generation 2 --holder local -- 'sign 123456; holds local')"
    same "asks the PIN at each signature" "Verified OK 2 1" \
        "$(p11 --always-auth -- 'sign 123456; echo $(holds agency) $(count verify) $(count sign)')"
    # OpenSC gives the PIN even to a card that it shows as locked.
    same "three wrong PINs block it for the right one too" "locked 4 6983" "$(p11 -- '
        for pin in 111111 222222 333333 123456; do sign $pin && echo signed; done
        echo $(p11 -L | grep -o locked) $(count verify) $(sed -n "s/.*\*\* //p" $GCA_TEST_TRACE | tail -n 1)')"
    same "the last try shows in the token flags" "final user PIN try" \
        "$(p11 -- 'sign 111111; sign 222222; p11 -L | grep -oE "final user PIN try"')"
    same "the right PIN gives all tries back, a pulled card forgets it" "63C3" "$("$bench" --tries 1 -- bash -c '
        "$GCA_CARD_SEND" 0 '$piv' 0020008008313233343536FFFF >/dev/null
        kill -USR1 $GCA_TEST_CARD_PID; kill -USR2 $GCA_TEST_CARD_PID
        until "$GCA_CARD_SEND" 0 '$piv' 00200080 2>/dev/null; do sleep 0.05; done | tail -n 1')"
    same "tries outlive the card with --state" "63C2" "$(state=$(mktemp -u)
        talk --state "$state" -- $piv 0020008008313131313131FFFF >/dev/null
        talk --state "$state" -- $piv 00200080 | cut -d ' ' -f 2
        rm -f "$state")"
    same "another applet takes the PIN away" "9000 63C3" \
        "$(talk --generation 2 -- $piv 0020008008313233343536FFFF 00200080 $aid $piv 00200080 | cut -d ' ' -f 3,6)"
    same "no signature without the PIN" "6982" "$(talk $piv 0087079A067C0482008100 | cut -d ' ' -f 2)"
    same "no PIN in the trace" "2 00200080** 9000 2" "$(GCA_TEST_TRACE=$(mktemp)
        export GCA_TEST_TRACE
        talk $piv 0020008008313233343536FFFF >/dev/null
        echo $(grep '\*\*' "$GCA_TEST_TRACE") $(grep -c '^[0-9]' "$GCA_TEST_TRACE")
        rm -f "$GCA_TEST_TRACE")"
    same "no PIV, no token; no HiCOS, no files" "6E00 6E00" "$(talk --no-piv -- $piv) $(talk --no-hicos -- $mf)"
    same "two cards are two tokens" "3030303030303031 3030303030303032" "$(p11 \
        --second "--number TP00000000000002 --holder unit" -- 'p11 -L | sed -n "s/.*serial num *: //p" | paste -sd " "')"
    same "a card pulled at the signature" "no signature" \
        "$(p11 --leave-at sign -- 'sign 123456 && holds agency || echo no signature')"
}

# left FOLDER: how many processes there are of benches with a trace in FOLDER.
left() { grep -lsF "GCA_TEST_TRACE=$1/" /proc/[0-9]*/environ | wc -l; }

check_bench() {
    local i jobs=() mine
    mine=$(mktemp -d)
    same "gives the command's exit status" "0 3 127" "$(for command in true 'exit 3' no-such-command; do
        "$bench" bash -c "$command" 2>/dev/null
        echo $?
    done | paste -sd ' ')"
    same "the command reads the caller's input" "text" "$(echo text | "$bench" cat)"
    for i in {1..16}; do
        GCA_TEST_TRACE=$mine/$i p11 --holder unit -- 'sign 123456 && holds unit' >/dev/null &
        jobs+=($!)
    done
    for i in "${jobs[@]}"; do wait "$i" || same "sixteen at once" "0" "$?"; done
    same "sixteen at once leave nothing behind" "0" "$(left "$mine")"
    GCA_TEST_TRACE=$mine/killed "$bench" bash -c 'echo >"$0"; exec sleep 60' "$mine/mark" &
    while [ ! -s "$mine/mark" ]; do sleep 0.01; done
    same "a bench is the script, pcscd, the card and the command" "4" "$(left "$mine")"
    kill -KILL $!
    wait $! 2>/dev/null
    sleep 0.2
    same "nothing is left when it is killed" "0" "$(left "$mine")"
    rm -r "$mine"
    same "says so where namespaces are refused" "bench.sh: no private namespaces here 77" "$(no=$(mktemp -d)
        printf '#!/bin/sh\nexit 1\n' >"$no/unshare"
        chmod +x "$no/unshare"
        echo $(PATH=$no:$PATH "$bench" true 2>&1; echo $?)
        rm -r "$no")"
    same "readers without a card" "No smart card inserted." \
        "$("$bench" --no-card -- bash -c '"$GCA_CARD_SEND" 0 00' 2>&1)"
    same "no reader" "Cannot find a smart card reader." \
        "$("$bench" --no-reader -- bash -c '"$GCA_CARD_SEND" 0 00' 2>&1)"
    same "no pcscd" "Service not available." \
        "$("$bench" --no-pcscd -- bash -c '"$GCA_CARD_SEND" 0 00' 2>&1)"
}

check_pki() {
    local name text
    cd "$pki" || exit 99
    same "names, root first, strings of the right type" \
        "C=PRINTABLESTRING:TW,O=UTF8STRING:行政院,OU=UTF8STRING:政府憑證管理中心,OU=UTF8STRING:憑證測試中心" \
        "$(openssl x509 -in agency.pem -noout -subject -nameopt utf8,sep_comma_plus,show_type | sed 's/^subject=//')"
    text=$(openssl x509 -in agency.pem -outform DER | openssl asn1parse -inform DER -strparse \
        "$(openssl asn1parse -in agency.pem | grep -A1 'Subject Directory' | sed -n '2s/:.*//p')")
    same "subjectDirectoryAttributes" \
        "2.16.886.1.100.2.1 2.16.886.1.100.3.2.1.1 2.16.886.1.100.2.2 primary 2.16.886.1.100.2.102 2.16.886.101.20003.20060.20001" \
        "$(sed -n 's/.*\(OBJECT\|PRINTABLESTRING\) *://p' <<<"$text" | paste -sd ' ')"
    for name in agency unit local citizen company school server sha1 encryption soon; do
        same "$name is under the root" "$name.pem: OK" "$(openssl verify -CAfile root.pem -untrusted ca.pem $name.pem 2>&1)"
    done
    for name in expired not-yet-valid untrusted-agency; do
        openssl verify -CAfile root.pem -untrusted ca.pem $name.pem >/dev/null 2>&1
        same "$name is refused" "2" $?
    done
    same "keys are private and fit" "" "$(for name in *.key.pem; do
        [ "$(stat -c %a "$name")" = 600 ] || echo "$name: mode"
        openssl pkey -in "$name" -pubout | cmp -s - \
            <(openssl x509 -in "${name%.key.pem}.pem" -noout -pubkey) || echo "$name: other key"
    done)"
    same "the encryption key is another one" "1" "$(cmp -s agency.key.pem agency-keyx.key.pem; echo $?)"
    for name in valid revoked-before revoked-after ended; do
        openssl crl -in crl-$name.pem -CAfile ca.pem -noout 2>/dev/null
        same "crl-$name is signed by the CA" "0" $?
    done
}

"check_${1?what to check}"
exit $failed
