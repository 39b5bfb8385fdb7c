#!/bin/bash
# Makes the invented PKI of the tests: make-pki.sh OUTDIR
#
# A root, an issuing CA, one certificate for each kind of card holder, an
# unrelated root, revocation lists and a TLS certificate for localhost. What
# the files are for stands in tests/card/README.md. Every holder, number and
# address here is made up; no key has any use outside the tests.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: ${0##*/} OUTDIR" >&2; exit 2; }
mkdir -p "$1"
umask 077
out=$(cd "$1" && pwd)
work=$(mktemp -d "$out/.work-XXXXXX")
trap 'rm -rf "$work"' EXIT

# The environment may point openssl at another configuration.
unset OPENSSL_CONF OPENSSL_MODULES

at() { date -u -d "$1" +%Y%m%d%H%M%SZ; }

# Runs a step beside the others; gather waits for all and fails if one did.
steps=()
beside() { "$@" & steps+=($!); }
gather() {
    local step
    for step in "${steps[@]}"; do wait "$step"; done
    steps=()
}

readonly types=2.16.886.1.100.3
readonly register=2.16.886.101.90001
readonly agency_dn="/C=TW/O=行政院/OU=政府憑證管理中心/OU=憑證測試中心"
readonly agency_oid=2.16.886.101.20003.20060.20001
readonly here_before=20200101000000Z always=20491231235959Z
before=$(at '-30 days') after=$(at '+3 years')
readonly before after

# ---------------------------------------------------------------- keys

# A key and a bare request for it: `openssl ca` wants one to start from.
key() {
    openssl req -batch -config "$work/req.cnf" -new -newkey rsa:2048 -noenc \
        -subj /CN=unused -keyout "$out/$1.key.pem" -out "$work/$1.csr" \
        2>"$work/$1.log" || { cat "$work/$1.log" >&2; return 1; }
}

# same_key NAME OF: NAME is another certificate for the key of OF.
same_key() {
    cp "$out/$2.key.pem" "$out/$1.key.pem"
    cp "$work/$2.csr" "$work/$1.csr"
}

# -------------------------------------------------------- certificates

# config NAME ISSUER SERIAL: what `openssl ca` needs, a database of its own
# for each certificate, so that many can be issued at once.
config() {
    mkdir "$work/$1.db"
    : >"$work/$1.db/index.txt"
    echo "$3" >"$work/$1.db/serial"
    echo 01 >"$work/$1.db/crlnumber"
    cat <<CONFIG
[ca]
default_ca = issuer
[issuer]
database = $work/$1.db/index.txt
serial = $work/$1.db/serial
crlnumber = $work/$1.db/crlnumber
new_certs_dir = $work/$1.db
certificate = $out/$2.pem
private_key = $out/$2.key.pem
default_md = sha256
policy = any
unique_subject = no
string_mask = utf8only
x509_extensions = extensions
[any]
commonName = optional
CONFIG
}

# The extensions every certificate of the issuing CA has.
# HTTP addresses come in the several forms seen on real certificates.
common_extensions() {
    cat <<CONFIG
[extensions]
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
keyUsage = critical,$1
certificatePolicies = 2.16.886.101.0.3.0
authorityInfoAccess = caIssuers;URI:http://gca.pki-test.invalid/repository/Certs/IssuedToThisCA.p7b,OCSP;URI:http://gca.pki-test.invalid/OCSP/ocsp
crlDistributionPoints = partitioned,complete
CONFIG
}

crl_points() {
    cat <<CONFIG
[partitioned]
fullname = URI:http://gca.pki-test.invalid/crl/GCA/0001-1/complete.crl
[complete]
fullname = URI:http://gca.pki-test.invalid/crl/GCA/complete.crl
CONFIG
}

# attributes N=VALUE…: subjectDirectoryAttributes, each
# SEQUENCE { 2.16.886.1.100.2.N, SET { VALUE } }.
attributes() {
    local pair
    [ $# -gt 0 ] || return 0
    echo "2.5.29.9 = ASN1:SEQUENCE:attributes"
    echo "[attributes]"
    for pair; do echo "a${pair%%=*} = SEQUENCE:attribute${pair%%=*}"; done
    for pair; do
        cat <<CONFIG
[attribute${pair%%=*}]
type = OID:2.16.886.1.100.2.${pair%%=*}
values = SET:values${pair%%=*}
[values${pair%%=*}]
value = ${pair#*=}
CONFIG
    done
}

# sign NAME DN START END [options of openssl ca…]
sign() {
    local name=$1 dn=$2 start=$3 end=$4
    shift 4
    openssl ca -batch -notext -preserveDN -config "$work/$name.cnf" -utf8 -subj "$dn" \
        -startdate "$start" -enddate "$end" -in "$work/$name.csr" \
        -out "$out/$name.pem" "$@" 2>"$work/$name.log" ||
        { cat "$work/$name.log" >&2; return 1; }
    openssl x509 -in "$out/$name.pem" -outform DER -out "$out/$name.der"
}

# root NAME DN
root() {
    {
        config "$1" "$1" "$(serial "$1")"
        cat <<CONFIG
[extensions]
subjectKeyIdentifier = hash
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
CONFIG
    } >"$work/$1.cnf"
    sign "$1" "$2" $here_before $always -selfsign
}

issuing_ca() {
    {
        config ca root "$(serial ca)"
        cat <<CONFIG
[extensions]
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
certificatePolicies = 2.16.886.101.0.3.0
authorityInfoAccess = caIssuers;URI:http://root.pki-test.invalid/repository/Certs/root.cer
crlDistributionPoints = URI:http://root.pki-test.invalid/crl/CA.crl
CONFIG
    } >"$work/ca.cnf"
    sign ca "/C=TW/O=行政院/OU=(測試用) 政府憑證管理中心" $here_before $always
}

# Serial numbers of 16 bytes that are the same in each run.
serial() { printf '5A%s' "$(printf %s "$1" | sha256sum | cut -c1-30)"; }

# holder NAME ISSUER USAGE DN START END [-md sha1 --] [N=VALUE…]
holder() {
    local name=$1 issuer=$2 usage=$3 dn=$4 start=$5 end=$6 options=()
    shift 6
    if [ "${1-}" = -md ]; then options=(-md "$2"); shift 3; fi
    {
        config "$name" "$issuer" "$(serial "$name")"
        common_extensions "$usage"
        [ "$name" != server ] || server_extensions
        attributes "$@"
        crl_points
    } >"$work/$name.cnf"
    sign "$name" "$dn" "$start" "$end" "${options[@]}"
}

server_extensions() {
    echo 'subjectAltName = DNS:www.agency-test.invalid'
    echo 'extendedKeyUsage = critical,serverAuth,clientAuth'
}

# card NAME DN N=VALUE…: the SIGN and the KEYX certificate of one card.
card() {
    local name=$1 dn=$2
    shift 2
    beside holder "$name" ca digitalSignature "$dn" "$before" "$after" "$@"
    same_key "$name-keyx" encryption
    beside holder "$name-keyx" ca keyEncipherment,dataEncipherment "$dn" \
        "$before" "$after" "$@"
}

cards() {
    local primary=2=PRINTABLESTRING:primary
    card agency "$agency_dn" 1=OID:$types.2.1.1 $primary 102=OID:$agency_oid
    card agency-secondary "$agency_dn" 1=OID:$types.2.1.1 \
        2=PRINTABLESTRING:secondary 102=OID:$agency_oid
    card unit "/C=TW/O=行政院/OU=測試部/OU=測試署" 1=OID:$types.2.1.2 \
        $primary 102=OID:$register.90002.90003
    card local "/C=TW/L=彰化縣/O=縣政府/OU=測試局" 1=OID:$types.2.1.1 \
        $primary 102=OID:$register.90004.90005
    card citizen "/C=TW/CN=測試一郎/serialNumber=0000000000000001" \
        1=OID:$types.1.1 $primary 51=FORMAT:UTF8,UTF8String:0000
    card company "/C=TW/O=測試股份有限公司/serialNumber=00000000" \
        1=OID:$types.2.2.1.1 $primary 101=FORMAT:UTF8,UTF8String:00000000
    card school "/C=TW/L=測試縣/L=測試鎮/O=測試國民小學" 1=OID:$types.2.11 \
        $primary 102=OID:$register.90006.90007
}

# Certificates of the agency's card with something wrong, all for its key.
variants() {
    local attributes=("1=OID:$types.2.1.1" "2=PRINTABLESTRING:primary" "102=OID:$agency_oid") name
    for name in expired not-yet-valid soon sha1 untrusted-agency; do
        same_key $name agency
    done
    beside holder expired ca digitalSignature "$agency_dn" \
        "$(at '-3 years')" "$(at '-1 year')" "${attributes[@]}"
    beside holder not-yet-valid ca digitalSignature "$agency_dn" \
        "$(at '+1 year')" "$(at '+3 years')" "${attributes[@]}"
    beside holder soon ca digitalSignature "$agency_dn" \
        "$before" "$(at '+30 days')" "${attributes[@]}"
    beside holder sha1 ca digitalSignature "$agency_dn" \
        "$before" "$after" -md sha1 -- "${attributes[@]}"
    beside holder untrusted-agency untrusted digitalSignature "$agency_dn" \
        "$before" "$after" "${attributes[@]}"
    beside holder encryption ca keyEncipherment,dataEncipherment \
        "$agency_dn" "$before" "$after" "${attributes[@]}"
    beside holder server ca digitalSignature,keyEncipherment \
        "/C=TW/O=行政院/OU=測試署/CN=www.agency-test.invalid/serialNumber=0000000000000002" \
        "$before" "$after" 1=OID:$types.3.1
}

# ------------------------------------------------------------ the rest

# crl NAME ISSUER FROM TO [REVOKED-AT]: with a date, the agency's certificate
# is revoked at it. `openssl ca -revoke` knows only now, so the database is
# written here; that date may lie in the future.
crl() {
    {
        config "$1" "$2" 01
        echo '[list]'
        echo 'authorityKeyIdentifier = keyid'
    } >"$work/$1.cnf"
    if [ $# -eq 5 ]; then
        printf 'R\t%s\t%s,keyCompromise\t%s\tunknown\t/C=TW\n' "${after:2}" \
            "${5:2}" "$(serial agency)" >"$work/$1.db/index.txt"
    fi
    openssl ca -gencrl -config "$work/$1.cnf" -crlexts list \
        -crl_lastupdate "$3" -crl_nextupdate "$4" -out "$out/$1.pem" \
        2>"$work/$1.log" || { cat "$work/$1.log" >&2; return 1; }
    openssl crl -in "$out/$1.pem" -outform DER -out "$out/$1.der"
}

crls() {
    local from to
    from=$(at '-1 hour') to=$(at '+2 years')
    beside crl crl-valid ca "$from" "$to"
    beside crl crl-root root "$from" "$to"
    beside crl crl-untrusted untrusted "$from" "$to"
    beside crl crl-ended ca "$(at '-60 days')" "$(at '-30 days')"
    beside crl crl-revoked-before ca "$from" "$to" "$(at '-1 day')"
    # A year, not a day: a build folder may be kept for long.
    beside crl crl-revoked-after ca "$from" "$to" "$(at '+1 year')"
}

tls() {
    openssl req -batch -config "$work/req.cnf" -x509 -newkey rsa:2048 -noenc \
        -days 3650 -subj /CN=localhost -extensions localhost \
        -keyout "$out/tls-key.pem" -out "$out/tls.pem" 2>"$work/tls.log" ||
        { cat "$work/tls.log" >&2; return 1; }
}

bundles() {
    cat "$out/ca.pem" "$out/root.pem" >"$out/chain.pem"
    openssl crl2pkcs7 -nocrl -certfile "$out/ca.pem" -outform DER \
        -out "$out/IssuedToThisCA.p7b"
}

cat >"$work/req.cnf" <<'CONFIG'
[req]
distinguished_name = none
[none]
[localhost]
subjectAltName = DNS:localhost,IP:127.0.0.1
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
CONFIG

for name in root ca untrusted encryption agency agency-secondary unit local \
    citizen company school server; do
    beside key $name
done
beside tls
gather
root root "/C=TW/O=測試根憑證管理中心"
beside root untrusted "/C=TW/O=測試不受信任根憑證管理中心"
beside issuing_ca
gather
cards
variants
crls
beside bundles
gather
chmod 644 "$out"/*.pem "$out"/*.der "$out"/*.p7b
chmod 600 "$out"/*.key.pem "$out/tls-key.pem"
: >"$out/stamp"
