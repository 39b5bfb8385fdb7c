#include "config.h"

#include "pcsc/hicos.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "pcsc/cdf.h"
#include "pcsc/files.h"
#include "pcsc/slice.h"
#include "x509/holder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NUMBER_SIZE 16
#define FILE_LIMIT (64 * 1024)
#define NO_PLACE G_MAXUINT

struct _GcaHicos {
    GcaFiles *files;
    GPtrArray *directory;    /* GcaCdfEntry */
    GPtrArray *certificates; /* X509 of each entry; NULL: not read */
    guint signing;           /* its place among them; NO_PLACE: none can sign */
    char *number;
    GcaX509Stack *others;
};

/* In the order in which they are tried for signing. */
typedef enum {
    KIND_SIGN,       /* exactly SIGN: the one that counts among several */
    KIND_SIGN_OTHER, /* SIGN02 … of the second generation */
    KIND_OTHER,      /* where nothing on the card is called SIGN */
    N_KINDS_SIGNING,
    KIND_CA,
    KIND_ENCRYPTION, /* KEYX: never to sign with */
} Kind;

static const guint8 number_path[] = {0x3F, 0x00, 0x09, 0x00, 0x09, 0x03};
static const guint8 cdf_path[] = {0x3F, 0x00, 0x50, 0x30, 0x41, 0x04};

static gboolean
id_has_prefix(const GcaCdfEntry *entry, const char *prefix)
{
    gsize size;
    const char *id = g_bytes_get_data(entry->id, &size);

    return size >= strlen(prefix) && memcmp(id, prefix, strlen(prefix)) == 0;
}

static gboolean
id_is(const GcaCdfEntry *entry, const char *id)
{
    return g_bytes_get_size(entry->id) == strlen(id) && id_has_prefix(entry, id);
}

static Kind
kind_of(const GcaCdfEntry *entry)
{
    if (id_is(entry, "SIGN"))
        return KIND_SIGN;
    if (id_has_prefix(entry, "SIGN"))
        return KIND_SIGN_OTHER;
    if (id_has_prefix(entry, "KEYX"))
        return KIND_ENCRYPTION;
    return id_is(entry, "CACert") || id_is(entry, "ROOTCACert") ? KIND_CA : KIND_OTHER;
}

GcaHicos *
gca_hicos_open(GcaCard *card, GError **error)
{
    g_autoptr(GcaFiles) files = gca_files_open(card, error);
    if (files == NULL)
        return NULL;
    GcaHicos *hicos = g_new0(GcaHicos, 1);
    hicos->files = g_steal_pointer(&files);
    hicos->others = sk_X509_new_null();
    return hicos;
}

void
gca_hicos_free(GcaHicos *hicos)
{
    gca_files_free(hicos->files);
    g_clear_pointer(&hicos->directory, g_ptr_array_unref);
    g_clear_pointer(&hicos->certificates, g_ptr_array_unref);
    g_free(hicos->number);
    gca_x509_stack_free(hicos->others);
    g_free(hicos);
}

int
gca_hicos_get_generation(const GcaHicos *hicos)
{
    return gca_files_get_generation(hicos->files);
}

static gboolean
is_bad_data(const GError *error)
{
    return error != NULL && gca_error_get_code(error) == GCA_ERROR_BAD_DATA;
}

static gsize
wanted_number(const GByteArray *so_far, gboolean seems_end, gpointer data)
{
    return NUMBER_SIZE;
}

static char *
number_to_text(GBytes *bytes)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    for (gsize i = 0; i < size; i++) {
        if (!g_ascii_isalnum(data[i]))
            return gca_text_hex(bytes);
    }
    return size > 0 ? g_strndup(data, size) : NULL;
}

/* The number is for people to tell cards apart: a card that does not give it can still be used. */
static gboolean
read_number(GcaHicos *hicos, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(GBytes) bytes = NULL;

    if (gca_files_select(hicos->files, number_path, sizeof number_path, &failure))
        bytes = gca_files_read(hicos->files, 0, wanted_number, NULL, &failure);
    g_clear_pointer(&hicos->number, g_free);
    if (bytes != NULL) {
        hicos->number = number_to_text(bytes);
        return TRUE;
    }
    if (is_bad_data(failure)) {
        gca_log("pcsc", "no card number: %s", failure->message);
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gsize
wanted_directory(const GByteArray *so_far, gboolean seems_end, gpointer data)
{
    return gca_cdf_is_complete(so_far->data, so_far->len, seems_end) ? so_far->len : FILE_LIMIT;
}

static gboolean
read_directory(GcaHicos *hicos, GError **error)
{
    if (!gca_files_select(hicos->files, cdf_path, sizeof cdf_path, error))
        return FALSE;
    g_autoptr(GBytes) bytes = gca_files_read(hicos->files, 0, wanted_directory, NULL, error);
    if (bytes == NULL)
        return FALSE;
    g_clear_pointer(&hicos->directory, g_ptr_array_unref);
    hicos->directory = gca_cdf_parse(bytes, error);
    if (hicos->directory == NULL)
        return FALSE;
    hicos->certificates = g_ptr_array_new_with_free_func((GDestroyNotify) X509_free);
    g_ptr_array_set_size(hicos->certificates, (int) hicos->directory->len);
    return TRUE;
}

static gboolean
has_kind(const GcaHicos *hicos, Kind kind)
{
    for (guint i = 0; i < hicos->directory->len; i++) {
        if (kind_of(hicos->directory->pdata[i]) == kind)
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_sign(const GcaHicos *hicos)
{
    return has_kind(hicos, KIND_SIGN) || has_kind(hicos, KIND_SIGN_OTHER);
}

gboolean
gca_hicos_check_signing(const GcaHicos *hicos, GError **error)
{
    if (hicos->signing != NO_PLACE)
        return TRUE;
    if (has_sign(hicos))
        gca_error_set(error, GCA_ERROR_NO_CERT,
                      _("The card's signing certificate is, by its key usage, for encryption only; "
                        "it cannot sign."));
    else if (has_kind(hicos, KIND_OTHER))
        gca_error_set(error, GCA_ERROR_NO_CERT, _("No certificate on the card may sign."));
    else if (has_kind(hicos, KIND_ENCRYPTION))
        gca_error_set(error, GCA_ERROR_NO_CERT,
                      _("The card holds encryption certificates only; it cannot sign."));
    else
        gca_error_set(error, GCA_ERROR_NO_CERT, _("The card holds no certificate of its holder."));
    gca_error_set_hint(error, _("Insert the GCA card of your agency; if this is the one, have it "
                                "examined where it was issued."));
    return FALSE;
}

static X509 *
read_certificate(GcaHicos *hicos, guint place, GError **error)
{
    gpointer *certificate = &hicos->certificates->pdata[place];

    if (*certificate == NULL)
        *certificate = gca_slice_read(hicos->files, hicos->directory->pdata[place], error);
    return *certificate;
}

static gboolean
read_signing_certificate(GcaHicos *hicos, GError **error)
{
    Kind end = has_sign(hicos) ? KIND_OTHER : N_KINDS_SIGNING;

    hicos->signing = NO_PLACE;
    for (Kind kind = KIND_SIGN; kind < end; kind++) {
        for (guint i = 0; i < hicos->directory->len; i++) {
            if (kind_of(hicos->directory->pdata[i]) != kind)
                continue;
            X509 *certificate = read_certificate(hicos, i, error);
            if (certificate == NULL)
                return FALSE;
            if (!gca_certificate_can_sign(certificate))
                continue;
            hicos->signing = i;
            return TRUE;
        }
    }
    return TRUE;
}

static gboolean
is_wanted(const GcaHicos *hicos, guint place, GcaOthers others)
{
    if (place == hicos->signing)
        return FALSE;
    return others == GCA_OTHERS_ALL ||
           (others == GCA_OTHERS_CA && kind_of(hicos->directory->pdata[place]) == KIND_CA);
}

static gboolean
read_others(GcaHicos *hicos, GcaOthers others, GError **error)
{
    for (guint i = 0; i < hicos->directory->len; i++) {
        g_autoptr(GError) failure = NULL;
        if (!is_wanted(hicos, i, others))
            continue;
        X509 *certificate = read_certificate(hicos, i, &failure);
        if (certificate != NULL) {
            if (!X509_add_cert(hicos->others, certificate, X509_ADD_FLAG_UP_REF))
                g_error("out of memory");
        } else if (is_bad_data(failure)) {
            gca_log("pcsc", "a certificate is left out: %s", failure->message);
        } else {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
gca_hicos_read(GcaHicos *hicos, GcaOthers others, GError **error)
{
    g_return_val_if_fail(hicos->directory == NULL, FALSE);
    return read_number(hicos, error) && read_directory(hicos, error) &&
           read_signing_certificate(hicos, error) && read_others(hicos, others, error);
}

const char *
gca_hicos_get_number(const GcaHicos *hicos)
{
    return hicos->number;
}

X509 *
gca_hicos_get_signing_certificate(const GcaHicos *hicos)
{
    return hicos->certificates->pdata[hicos->signing];
}

GBytes *
gca_hicos_get_signing_id(const GcaHicos *hicos)
{
    const GcaCdfEntry *entry = hicos->directory->pdata[hicos->signing];

    return entry->id;
}

GcaX509Stack *
gca_hicos_get_others(const GcaHicos *hicos)
{
    return hicos->others;
}
