#include "config.h"

#include "flow/attach.h"

#include "base/error.h"
#include "base/file.h"
#include "base/finding.h"
#include "base/text.h"
#include "csr/csr.h"
#include "csr/examination.h"
#include "csr/key.h"
#include "csr/server-chain.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

/* ---- what is at hand ---- */

static GcaX509Stack *
load_certificates(const char *const *paths, GError **error)
{
    if (paths == NULL || paths[0] == NULL)
        return sk_X509_new_null();
    g_autoptr(GcaDelivery) delivery = gca_delivery_read(paths, error);
    return delivery ? X509_chain_up_ref(gca_delivery_get_certificates(delivery)) : NULL;
}

/* Of a request folder the file with its certificate and the chain. */
static GStrv
list_files(const char *const *paths)
{
    g_autoptr(GStrvBuilder) files = g_strv_builder_new();

    for (guint i = 0; paths[i] != NULL; i++) {
        g_autofree char *own = g_build_filename(paths[i], GCA_FOLDER_CERT, NULL);
        g_autofree char *all = g_build_filename(paths[i], GCA_FOLDER_FULLCHAIN, NULL);
        gboolean is_there = g_file_test(own, G_FILE_TEST_EXISTS);
        gboolean is_whole = is_there && g_file_test(all, G_FILE_TEST_EXISTS);
        g_strv_builder_add(files, is_whole ? all : (is_there ? own : paths[i]));
    }
    return g_strv_builder_end(files);
}

static void
index_folder(GHashTable *index, GcaRequestFolder *folder)
{
    const char *sha256 = gca_request_folder_get_spki_sha256(folder);
    GPtrArray *twins = g_hash_table_lookup(index, sha256);

    if (twins == NULL) {
        twins = g_ptr_array_new_with_free_func((GDestroyNotify) gca_request_folder_free);
        g_hash_table_insert(index, g_strdup(sha256), twins);
    }
    g_ptr_array_add(twins, folder);
}

/* Fingerprint of the public key -> GcaRequestFolder * that have it: with --key several may. */
static GHashTable *
index_folders(const char *const *parents, GError **error)
{
    g_autoptr(GHashTable) index =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

    for (guint i = 0; parents[i] != NULL; i++) {
        g_autoptr(GPtrArray) folders = gca_request_folder_list(parents[i], NULL, error);
        if (folders == NULL)
            return NULL;
        g_ptr_array_set_free_func(folders, NULL);
        for (guint j = 0; j < folders->len; j++)
            index_folder(index, g_ptr_array_index(folders, j));
    }
    return g_steal_pointer(&index);
}

typedef struct {
    const GcaAttachWish *wish;
    GcaDelivery *delivery;
    GcaX509Stack *known;
    GcaX509Stack *anchors;
    GHashTable *folders;
} Desk;

static void
desk_clear(Desk *desk)
{
    g_clear_pointer(&desk->delivery, gca_delivery_free);
    g_clear_pointer(&desk->known, gca_x509_stack_free);
    g_clear_pointer(&desk->anchors, gca_x509_stack_free);
    g_clear_pointer(&desk->folders, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static gboolean
gather(Desk *desk, const GcaAttachWish *wish, GError **error)
{
    g_auto(GStrv) files = list_files(wish->paths);

    if ((desk->delivery = gca_delivery_read((const char *const *) files, error)) == NULL ||
        (desk->known = gca_server_chain_load_known(error)) == NULL ||
        (desk->anchors = load_certificates(wish->anchors, error)) == NULL ||
        (desk->folders = index_folders(wish->folders, error)) == NULL)
        return FALSE;
    /* a root that was delivered helps to tell what the chain leads to */
    X509_add_certs(desk->known, gca_delivery_get_certificates(desk->delivery),
                   X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP);
    return TRUE;
}

/* ---- one certificate ---- */

static void
attachment_free(gpointer data)
{
    GcaAttachment *attachment = data;

    X509_free(attachment->certificate);
    g_clear_pointer(&attachment->folder, gca_request_folder_free);
    g_ptr_array_unref(attachment->findings);
    g_free(attachment);
}

static gboolean
is_for(X509 *certificate, const GcaRequestFolder *folder)
{
    return X509_check_host(certificate, gca_request_folder_get_cn(folder), 0,
                           X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1;
}

/* The folder with the certificate's key, of several the one whose host it names; taken out of the
 * index. NULL where there is none. */
static GcaRequestFolder *
find_folder(GHashTable *folders, X509 *certificate)
{
    g_autofree char *sha256 = gca_key_fingerprint(X509_get0_pubkey(certificate));
    GPtrArray *twins = g_hash_table_lookup(folders, sha256);
    guint at = 0;

    if (twins == NULL || twins->len == 0)
        return NULL;
    while (at < twins->len - 1 && !is_for(certificate, g_ptr_array_index(twins, at)))
        at++;
    return g_ptr_array_steal_index(twins, at);
}

/* A folder that has the key and lost its request.json, or holds a damaged one. */
static char *
find_remains(const GcaAttachWish *wish, X509 *certificate)
{
    g_autofree char *sha256 = gca_key_fingerprint(X509_get0_pubkey(certificate));
    char *path = NULL;

    for (guint i = 0; wish->folders[i] != NULL && path == NULL; i++)
        path = gca_request_folder_find_key(wish->folders[i], sha256);
    return path;
}

static void
add_orphan(GcaAttachment *attachment, const GcaAttachWish *wish)
{
    g_autofree char *remains = find_remains(wish, attachment->certificate);
    g_autofree char *shown = remains ? gca_text_escape(remains) : NULL;

    if (remains != NULL)
        gca_findings_add(
            attachment->findings, "folder", _("folder"), GCA_FINDING_FAILED,
            g_strdup_printf(_("“%s” has the key, but its request.json is missing or damaged"),
                            shown),
            _("Nothing is lost. Bring request.json back from a backup; or have the administrator "
              "of the web server install the certificate with the key in that folder by hand."),
            GCA_ERROR_BAD_DATA);
    else
        gca_findings_add(
            attachment->findings, "folder", _("folder"), GCA_FINDING_FAILED,
            g_strdup(_("no request folder has the key of this certificate")),
            _("The request was made on another computer or in another folder: look there. Or it "
              "was made a second time, after the first had been sent in. If the key is lost, make "
              "a new request and have the certificate issued again; no other key fits it."),
            GCA_ERROR_NO_KEY);
}

/* The folder's key itself where it can be read without a passphrase; its request else. */
static EVP_PKEY *
read_key(const GcaRequestFolder *folder, GError **error)
{
    g_autofree char *place = gca_request_folder_dup_key_place(folder);
    if (!g_path_is_absolute(place))
        return NULL;
    g_autoptr(GBytes) pem = gca_key_read_file(place, error);
    return pem == NULL || gca_key_is_encrypted(pem) ? NULL : gca_key_parse(pem, place, NULL, error);
}

static X509_REQ *
read_csr(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = gca_file_read(path, GCA_CSR_FILE_LIMIT, error);
    return bytes ? gca_csr_parse(bytes, path, error) : NULL;
}

static gboolean
is_taken(const GcaAttachWish *wish, X509 *certificate)
{
    g_autofree char *sha256 = gca_certificate_fingerprint(certificate);
    return wish->taken != NULL && g_strv_contains(wish->taken, sha256);
}

static void
examine_folder(GcaAttachment *attachment, const GcaAttachWish *parts, const GcaProfile *profile)
{
    g_autoptr(GError) key_trouble = NULL;
    g_autoptr(GError) csr_trouble = NULL;
    g_autofree char *path = gca_request_folder_dup_file(attachment->folder, GCA_FOLDER_CSR);
    g_autoptr(EVP_PKEY) key = read_key(attachment->folder, &key_trouble);
    g_autoptr(X509_REQ) csr = read_csr(path, &csr_trouble);
    GcaExaminationWish wish = {
        .certificate = attachment->certificate,
        .key = key,
        .csr = csr,
        .names = gca_request_folder_get_names(attachment->folder),
        .profile = profile,
        /* what lies there was taken before */
        .takes_other_holder = attachment->was_there || is_taken(parts, attachment->certificate),
    };

    if (key_trouble != NULL)
        gca_findings_add_error(attachment->findings, "key-file", _("key file"), key_trouble);
    if (csr_trouble != NULL)
        gca_findings_add_error(attachment->findings, "request-file", _("request file"),
                               csr_trouble);
    gca_examination_run(&wish, attachment->findings);
}

/* The CAs' of a delivery, which may hold other servers' certificates, too. */
static GcaX509Stack *
list_authorities(const GcaDelivery *delivery)
{
    GcaX509Stack *given = gca_delivery_get_certificates(delivery);
    GcaX509Stack *authorities = sk_X509_new_null();

    for (int i = 0; i < sk_X509_num(given); i++) {
        X509 *certificate = sk_X509_value(given, i);
        if (X509_check_ca(certificate) > 0 && X509_up_ref(certificate))
            sk_X509_push(authorities, certificate);
    }
    return authorities;
}

/* Nothing is replaced without a word. */
static void
note_predecessor(GcaAttachment *attachment, X509 *before, const char *kept)
{
    g_autoptr(GDateTime) end = gca_certificate_dup_not_after(before);
    g_autoptr(GDateTime) new_end = gca_certificate_dup_not_after(attachment->certificate);
    gboolean is_longer = end != NULL && new_end != NULL && g_date_time_compare(end, new_end) > 0;
    g_autofree char *day = end ? gca_text_day(end) : g_strdup("?");
    g_autofree char *name = g_path_get_basename(kept);

    gca_findings_add(
        attachment->findings, "predecessor", _("predecessor"), GCA_FINDING_WARNING,
        g_strdup_printf(is_longer
                            ? _("It has taken the place of another certificate, which is valid "
                                "longer, until %s, and is kept beside it as “%s”.")
                            : _("It has taken the place of another certificate, which is valid "
                                "until %s and is kept beside it as “%s”."),
                        day, name),
        _("If the other one is wanted, put that file in again."), GCA_ERROR_INTERNAL);
}

static gboolean
put_in(GcaAttachment *attachment, GcaX509Stack *chain, GError **error)
{
    const GcaRequestFolder *folder = attachment->folder;
    g_autoptr(X509) before = gca_request_folder_load_certificate(folder, NULL);
    g_autofree char *kept = NULL;

    attachment->is_attached =
        gca_request_folder_holds(folder, attachment->certificate, chain) ||
        gca_request_folder_attach(folder, attachment->certificate, chain, &kept, error);
    if (kept != NULL)
        note_predecessor(attachment, before, kept);
    return attachment->is_attached;
}

/* Where what was handed out and what is known here give none: that of the certificate before is
 * that of the next one, as a rule. */
static GcaX509Stack *
build_chain(const GcaAttachment *attachment, const Desk *desk, X509 **end)
{
    GcaX509Stack *given = gca_delivery_get_certificates(desk->delivery);
    g_autofree char *path = gca_request_folder_dup_file(attachment->folder, GCA_FOLDER_CHAIN);
    GcaX509Stack *chain = gca_server_chain_build(attachment->certificate, given, desk->known, end);
    g_autoptr(GcaX509Stack) earlier = NULL;

    if (sk_X509_num(chain) > 0 || *end != NULL ||
        (earlier = gca_certificate_load(path, NULL)) == NULL)
        return chain;
    gca_x509_stack_free(chain);
    return gca_server_chain_build(attachment->certificate, earlier, desk->known, end);
}

/* Whatever else there is would have to be mended first. */
static gboolean
is_to_decide(const GcaAttachment *attachment)
{
    guint failures = 0;
    gboolean is_found = FALSE;

    for (guint i = 0; i < attachment->findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(attachment->findings, i);
        if (finding->state != GCA_FINDING_FAILED)
            continue;
        failures++;
        is_found = is_found || g_str_equal(finding->name, "subject");
    }
    return is_found && failures == 1;
}

/* Checks all, and writes only where nothing has failed. */
static gboolean
attach(GcaAttachment *attachment, const Desk *desk, const GcaProfile *profile, GError **error)
{
    g_autoptr(X509) end = NULL;
    g_autoptr(GcaX509Stack) chain = build_chain(attachment, desk, &end);
    gboolean is_built = sk_X509_num(chain) > 0 || end != NULL;
    g_autoptr(GcaX509Stack) authorities = list_authorities(desk->delivery);

    examine_folder(attachment, desk->wish, profile);
    gca_server_chain_note_delivery(attachment->certificate, desk->delivery, chain,
                                   attachment->findings);
    /* where no chain can be built, what was given tells why */
    gca_server_chain_examine(attachment->certificate, is_built ? chain : authorities, desk->known,
                             desk->anchors, profile, attachment->findings);
    attachment->is_to_decide = is_to_decide(attachment);
    return gca_findings_get_failure(attachment->findings) != NULL ||
           put_in(attachment, chain, error);
}

static GcaAttachment *
handle(Desk *desk, X509 *certificate)
{
    GcaAttachment *attachment = g_new0(GcaAttachment, 1);
    g_autoptr(GError) trouble = NULL;

    X509_up_ref(certificate);
    attachment->certificate = certificate;
    attachment->findings = gca_findings_new();
    attachment->folder = find_folder(desk->folders, certificate);
    if (attachment->folder == NULL) {
        add_orphan(attachment, desk->wish);
        return attachment;
    }
    g_autoptr(X509) before = gca_request_folder_load_certificate(attachment->folder, NULL);
    attachment->was_there = before != NULL && X509_cmp(before, certificate) == 0;
    g_autoptr(GcaProfile) profile =
        gca_profile_load(gca_request_folder_get_profile(attachment->folder), &trouble);
    if (profile == NULL || !attach(attachment, desk, profile, &trouble))
        gca_findings_add_error(attachment->findings, "folder", _("folder"), trouble);
    return attachment;
}

GPtrArray *
gca_attach_run(const GcaAttachWish *wish, GError **error)
{
    g_auto(Desk) desk = {.wish = wish};

    if (!gather(&desk, wish, error))
        return NULL;
    g_autoptr(GcaX509Stack) leaves = gca_delivery_dup_leaves(desk.delivery);
    if (sk_X509_num(leaves) == 0) {
        gca_error_set(error, GCA_ERROR_NO_CERT, "%s",
                      _("There are only CA certificates in it; the server's own is missing."));
        gca_error_set_hint(error, _("The CA hands out the server's own certificate in another "
                                    "file, or on the page of the case: add that file, too."));
        return NULL;
    }
    GPtrArray *attachments = g_ptr_array_new_with_free_func(attachment_free);
    for (int i = 0; i < sk_X509_num(leaves); i++)
        g_ptr_array_add(attachments, handle(&desk, sk_X509_value(leaves, i)));
    return attachments;
}
