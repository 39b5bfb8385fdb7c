#include "tests/fake/fake-hicos.h"

#include "tests/fake/fake-winscard.h"

#include <openssl/x509v3.h>
#include <string.h>

#define APPLET                                                                                     \
    "00A4040C10A0000002830000062201696400010101"                                                   \
    "00"

FakeHicos *
fake_hicos_new(int generation)
{
    FakeHicos *card = g_new0(FakeHicos, 1);

    card->generation = generation;
    card->files =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_byte_array_unref);
    card->folder = g_string_new(NULL);
    card->past_end = 0x6B00;
    fake_hicos_set_file(card, "0900/0903", "TP12345678901234", 16);
    fake_hicos_set_file(card, "5030/4104", "", 0);
    fake_hicos_set_file(card, "5030/08F2", "", 0);
    return card;
}

void
fake_hicos_free(FakeHicos *card)
{
    g_hash_table_unref(card->files);
    g_string_free(card->folder, TRUE);
    g_free(card->file);
    g_clear_pointer(&card->pending, g_byte_array_unref);
    g_free(card);
}

void
fake_hicos_set_file(FakeHicos *card, const char *name, const void *data, gsize size)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, data, (guint) size);
    g_hash_table_insert(card->files, g_strdup(name), bytes);
}

void
fake_hicos_put(FakeHicos *card, gsize offset, const void *data, gsize size)
{
    GByteArray *file = g_hash_table_lookup(card->files, "5030/08F2");
    guint old = file->len;

    if (offset + size > old) {
        g_byte_array_set_size(file, (guint) (offset + size));
        memset(file->data + old, 0xFF, file->len - old);
    }
    memcpy(file->data + offset, data, size);
}

static GByteArray *
wrap(guint8 tag, const GByteArray *content)
{
    GByteArray *out = g_byte_array_new();
    const guint8 header[] = {tag, (guint8) content->len};

    g_assert_cmpuint(content->len, <, 0x80);
    g_byte_array_append(out, header, sizeof header);
    return g_byte_array_append(out, content->data, content->len);
}

void
fake_hicos_add_entry(FakeHicos *card, const char *id, guint offset, guint length)
{
    g_autofree char *path = g_strdup_printf(
        "0406%s503008F20203%06X8003%06X", card->generation == 1 ? "3F00" : "7FFF", offset, length);
    g_autoptr(GByteArray) value = fake_from_hex(path);
    g_autoptr(GByteArray) sequence = wrap(0x30, value);
    g_autoptr(GByteArray) attributes = wrap(0x30, sequence);
    g_autoptr(GByteArray) tagged = wrap(0xA1, attributes);
    g_autoptr(GByteArray) id_bytes = g_byte_array_new();
    g_byte_array_append(id_bytes, (const guint8 *) id, (guint) strlen(id));
    g_autoptr(GByteArray) octets = wrap(0x04, id_bytes);
    g_autoptr(GByteArray) common = wrap(0x30, octets);
    g_autoptr(GByteArray) content = fake_from_hex("30070C056365727431"); /* label cert1 */
    g_byte_array_append(content, common->data, common->len);
    g_byte_array_append(content, tagged->data, tagged->len);
    g_autoptr(GByteArray) entry = wrap(0x30, content);
    GByteArray *file = g_hash_table_lookup(card->files, "5030/4104");
    g_byte_array_append(file, entry->data, entry->len);
}

gsize
fake_hicos_add_certificate(FakeHicos *card, const char *id, guint offset, X509 *certificate)
{
    unsigned char *der = NULL;
    int size = i2d_X509(certificate, &der);

    g_assert_cmpint(size, >, 0);
    fake_hicos_put(card, offset, der, (gsize) size);
    fake_hicos_add_entry(card, id, offset, (guint) size);
    OPENSSL_free(der);
    return (gsize) size;
}

static void
add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    g_assert_nonnull(extension);
    g_assert_true(X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

X509 *
fake_certificate_new(const char *name, const char *usage, gsize filler)
{
    static const guint8 seed[32] = {1}; /* Ed25519: the signature is always the same */
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
    X509 *certificate = X509_new();
    g_autofree char *comment = g_strnfill(filler, 'x');

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20260101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(certificate), "20460101000000Z");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               (const unsigned char *) name, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_set_pubkey(certificate, key);
    add_extension(certificate, NID_key_usage, usage);
    add_extension(certificate, NID_netscape_comment, comment);
    g_assert_cmpint(X509_sign(certificate, key, NULL), >, 0);
    EVP_PKEY_free(key);
    return certificate;
}

static GByteArray *
status(guint16 value)
{
    GByteArray *answer = g_byte_array_new();
    const guint8 bytes[] = {(guint8) (value >> 8), (guint8) (value & 0xFF)};
    return g_byte_array_append(answer, bytes, sizeof bytes);
}

static gboolean
has_folder(FakeHicos *card, const char *folder)
{
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, card->files);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (g_str_has_prefix(name, folder))
            return TRUE;
    }
    return FALSE;
}

/* Only children of the folder where the card stands. */
static GByteArray *
select_child(FakeHicos *card, const char *fid)
{
    g_autofree char *path =
        card->folder->len > 0 ? g_strdup_printf("%s/%s", card->folder->str, fid) : g_strdup(fid);
    g_autofree char *folder = g_strconcat(path, "/", NULL);

    if (g_hash_table_contains(card->files, path)) {
        g_free(card->file);
        card->file = g_steal_pointer(&path);
        return status(0x9000);
    }
    if (!has_folder(card, folder))
        return status(0x6A82);
    g_string_assign(card->folder, path);
    g_clear_pointer(&card->file, g_free);
    return status(0x9000);
}

static GByteArray *
select_root(FakeHicos *card)
{
    g_string_truncate(card->folder, 0);
    g_clear_pointer(&card->file, g_free);
    return status(0x9000);
}

static GByteArray *
read_binary(FakeHicos *card, gsize offset, gsize le)
{
    if (card->file == NULL)
        return status(0x6986);
    const GByteArray *file = g_hash_table_lookup(card->files, card->file);
    if (card->only_16 && le != 16)
        return status(0x6987);
    if (offset >= file->len)
        return status(card->past_end);
    gsize left = file->len - offset;
    if (card->says_6c && le > left)
        return status((guint16) (0x6C00 | left));
    gsize count = MIN(le, left);
    if (card->most > 0)
        count = MIN(count, card->most);
    GByteArray *answer = g_byte_array_new();
    g_byte_array_append(answer, file->data + offset, (guint) count);
    if (card->is_overlong)
        g_byte_array_append(answer, (const guint8 *) "x", 1);
    gboolean is_end = left < le && count == left && !card->says_6c;
    if (card->says_61) {
        g_clear_pointer(&card->pending, g_byte_array_unref);
        card->pending = answer;
        return status((guint16) (0x6100 | count));
    }
    return g_byte_array_append(
        answer, is_end ? (const guint8 *) "\x62\x82" : (const guint8 *) "\x90\x00", 2);
}

GByteArray *
fake_hicos_answer(const guint8 *command, gsize size, gpointer data)
{
    FakeHicos *card = data;
    gboolean first = card->generation == 1;
    g_autofree char *hex = fake_to_hex(command, size);
    const char *select = first ? "80A4000002" : "00A4000402";

    if (g_str_has_prefix(hex, "00C00000") && card->pending != NULL) {
        GByteArray *answer = g_steal_pointer(&card->pending);
        g_assert_cmpuint(answer->len, ==, command[4]);
        return g_byte_array_append(answer, (const guint8 *) "\x90\x00", 2);
    }
    if (!first && g_str_equal(hex, APPLET))
        return select_root(card);
    if (command[0] != (first ? 0x80 : 0x00))
        return status(0x6E00);
    if (first && g_str_equal(hex, "80A40000023F00"))
        return select_root(card);
    if (g_str_has_prefix(hex, select) && size == (first ? 7 : 8)) {
        g_autofree char *fid = g_strndup(hex + 10, 4);
        return select_child(card, fid);
    }
    if (command[1] == 0xB0 && size == 5)
        return read_binary(card, (gsize) (command[2] << 8 | command[3]), command[4]);
    return status(0x6D00);
}
