#include "config.h"

#include "cli/gca-csr/new.h"

#include "base/error.h"
#include "base/file.h"
#include "base/staging.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-csr/commands.h"
#include "cli/gca-csr/show-request-folder.h"
#include "flow/found-card.h"
#include "flow/key-source.h"

#include <glib/gi18n.h>

static void
options_clear(GcaCsrOptions *options)
{
    g_free(options->cn);
    g_strfreev(options->domains);
    g_free(options->oid);
    g_free(options->organization);
    g_free(options->locality);
    g_free(options->subject);
    g_free(options->folder);
    g_free(options->key);
    g_free(options->batch);
    g_free(options->summary);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GcaCsrOptions, options_clear)

static gboolean
parse(GcaInvocation *invocation, GcaCsrOptions *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"cn", 'c', 0, G_OPTION_ARG_FILENAME, &options->cn,
         N_("The host name that the certificate is for"), N_("NAME")},
        {"domain", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->domains,
         N_("A further host name; may be repeated or hold several, separated by commas"),
         N_("NAME")},
        {"oid", 0, 0, G_OPTION_ARG_FILENAME, &options->oid,
         N_("The agency, by its OID in the register"), N_("OID")},
        {"from-card", 0, 0, G_OPTION_ARG_NONE, &options->from_card,
         N_("The agency is the holder of the card"), NULL},
        {"organization", 0, 0, G_OPTION_ARG_FILENAME, &options->organization,
         N_("O of the subject, in place of the one made from the agency's name"), N_("TEXT")},
        {"locality", 0, 0, G_OPTION_ARG_FILENAME, &options->locality,
         N_("L of the subject, in place of the profile's"), N_("TEXT")},
        {"subject", 0, 0, G_OPTION_ARG_FILENAME, &options->subject,
         N_("The whole subject (RFC 4514), such as C=TW,L=…,O=…"), N_("DN")},
        {"dir", 'D', 0, G_OPTION_ARG_FILENAME, &options->folder,
         N_("Where the request folder is made (the current folder)"), N_("FOLDER")},
        {"key", 'k', 0, G_OPTION_ARG_FILENAME, &options->key,
         N_("Use this private key: a PEM file or a pkcs11: URI"), N_("WHERE")},
        {"bits", 'b', 0, G_OPTION_ARG_INT, &options->bits,
         N_("Size of a new RSA key, where the CA takes others than 2048"), N_("N")},
        {"encrypt", 'e', 0, G_OPTION_ARG_NONE, &options->encrypt,
         N_("Encrypt the new key with a passphrase"), NULL},
        {"batch", 'B', 0, G_OPTION_ARG_FILENAME, &options->batch,
         N_("Make a request for each row of a CSV table"), N_("FILE")},
        {"summary", 0, 0, G_OPTION_ARG_FILENAME, &options->summary,
         N_("Where the batch's summary is written"), N_("FILE")},
        {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &options->dry_run,
         N_("Show subject and names; make nothing"), NULL},
        G_OPTION_ENTRY_NULL};

    return gca_invocation_parse(invocation, entries,
                                GCA_OPTIONS_CARD | GCA_OPTIONS_PIN | GCA_OPTIONS_PROFILE |
                                    GCA_OPTIONS_PASSPHRASE,
                                0, error);
}

static gboolean
fail_usage(GError **error, const char *message)
{
    gca_error_set(error, GCA_ERROR_USAGE, "%s", message);
    return FALSE;
}

static gboolean
check_combination(const GcaCsrOptions *options, GError **error)
{
    if (options->cn == NULL && options->batch == NULL)
        return fail_usage(error, _("No host name is given: say --cn NAME, or --batch FILE."));
    if (options->batch != NULL && (options->cn != NULL || options->domains != NULL))
        return fail_usage(error, _("With --batch the host names stand in the table, not in --cn "
                                   "or --domain."));
    if (options->batch == NULL && options->summary != NULL)
        return fail_usage(error, _("--summary belongs to --batch."));
    if (options->batch != NULL && options->dry_run)
        return fail_usage(error, _("--dry-run shows a single request, not a batch."));
    if (options->key != NULL && options->encrypt)
        return fail_usage(error, _("--encrypt is for a new key; the one given with --key stays "
                                   "as it is."));
    if (options->subject != NULL && (options->organization != NULL || options->locality != NULL))
        return fail_usage(error, _("--subject is the whole subject; --organization and --locality "
                                   "do not go with it."));
    if (options->key != NULL && options->bits != 0)
        return fail_usage(error, _("--bits is for a new key; the one given with --key has its "
                                   "size."));
    return TRUE;
}

static gboolean
check_bits(const GcaCsrOptions *options, const GcaProfile *profile, GError **error)
{
    if (options->bits == 0 ||
        (options->bits > 0 && gca_profile_allows_key_bits(profile, (guint) options->bits)))
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("“%s” does not take RSA keys of %d bits; %u are usual."),
                  gca_profile_get_title(profile), options->bits, gca_profile_get_key_bits(profile));
    return FALSE;
}

/* ---- the key ---- */

/* An existing key, or what a new one is made with. */
typedef struct {
    GcaKeySource *existing;
    GcaSecret *passphrase;
    GcaApplicationKey key;
} KeyRing;

static void
key_ring_clear(KeyRing *ring)
{
    g_clear_pointer(&ring->existing, gca_key_source_free);
    g_clear_pointer(&ring->passphrase, gca_secret_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KeyRing, key_ring_clear)

static gboolean
take_existing(KeyRing *ring, GcaInvocation *invocation, const GcaCsrOptions *options,
              GError **error)
{
    ring->existing = gca_key_source_open(
        options->key, gca_invocation_get_card_choice(invocation)->module,
        gca_invocation_get_passphrase(invocation), gca_invocation_get_login(invocation),
        gca_invocation_get_interaction(invocation), gca_invocation_get_cancel(invocation), error);
    if (ring->existing == NULL)
        return FALSE;
    ring->key.key = gca_key_source_get_key(ring->existing);
    ring->key.place = gca_key_source_get_place(ring->existing);
    return TRUE;
}

static gboolean
take_passphrase(KeyRing *ring, GcaInvocation *invocation, GError **error)
{
    ring->passphrase = gca_passphrase_get(
        gca_invocation_get_passphrase(invocation), _("Passphrase of the new key"), TRUE,
        gca_invocation_get_interaction(invocation), gca_invocation_get_cancel(invocation), error);
    ring->key.passphrase = ring->passphrase;
    return ring->passphrase != NULL;
}

static gboolean
prepare_key(KeyRing *ring, GcaInvocation *invocation, const GcaCsrOptions *options, GError **error)
{
    ring->key.bits = (guint) options->bits;
    if (options->key != NULL)
        return take_existing(ring, invocation, options, error);
    if (options->encrypt)
        return take_passphrase(ring, invocation, error);
    const GcaPassphraseSource *source = gca_invocation_get_passphrase(invocation);
    return (source->file == NULL && source->fd < 0) ||
           fail_usage(error, _("A passphrase is given, but the new key is not to be encrypted: say "
                               "--encrypt, too."));
}

/* ---- one request ---- */

static void
warn(GcaInvocation *invocation, const GcaApplication *application)
{
    const char *const *warnings = gca_application_get_warnings(application);

    for (guint i = 0; warnings[i] != NULL; i++)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_WARNING, "%s",
                               warnings[i]);
}

static gboolean
make_folder(GcaInvocation *invocation, const GcaCsrOptions *options,
            const GcaApplication *application, GError **error)
{
    const char *parent = options->folder ? options->folder : ".";
    g_auto(KeyRing) ring = {0};

    if (!prepare_key(&ring, invocation, options, error) || !gca_file_make_folder(parent, error))
        return FALSE;
    gca_staging_sweep(parent);
    g_autoptr(GcaRequestFolder) folder =
        gca_application_make(application, &ring.key, parent, error);
    if (folder == NULL)
        return FALSE;
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, gca_request_folder_to_json(folder));
    else
        gca_show_new_request_folder(folder);
    return TRUE;
}

static gboolean
make_one(GcaInvocation *invocation, const GcaCsrOptions *options, const GcaApplicationWish *wish,
         GcaProfile *profile, const GcaRegister *agencies, GError **error)
{
    g_autoptr(GcaApplication) application = gca_application_new(wish, profile, agencies, error);

    if (application == NULL)
        return FALSE;
    if (!gca_invocation_is_json(invocation))
        gca_show_application(application);
    warn(invocation, application);
    if (!options->dry_run)
        return make_folder(invocation, options, application, error);
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, gca_application_to_json(application));
    return TRUE;
}

/* ---- one or many ---- */

static gboolean
make(GcaInvocation *invocation, const GcaCsrOptions *options, const GcaApplicationWish *wish,
     GcaProfile *profile, GError **error)
{
    g_autoptr(GcaRegister) agencies = gca_register_open(error);
    g_auto(KeyRing) ring = {0};

    if (agencies == NULL)
        return FALSE;
    if (options->batch == NULL)
        return make_one(invocation, options, wish, profile, agencies, error);
    return prepare_key(&ring, invocation, options, error) &&
           gca_csr_run_batch(invocation, options, wish, &ring.key, profile, agencies, error);
}

gboolean
gca_csr_command_new(GcaInvocation *invocation, GError **error)
{
    g_auto(GcaCsrOptions) options = {0};
    g_autoptr(GcaFoundCard) card = NULL;

    if (!parse(invocation, &options, error) || !check_combination(&options, error))
        return FALSE;
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(invocation, NULL, error);
    if (profile == NULL || !check_bits(&options, profile, error))
        return FALSE;
    if (options.from_card &&
        (card = gca_found_card_open(gca_invocation_get_card_choice(invocation), FALSE,
                                    gca_invocation_get_interaction(invocation),
                                    gca_invocation_get_cancel(invocation), error)) == NULL)
        return FALSE;
    GcaApplicationWish wish = {
        .cn = options.cn,
        .names = (const char *const *) options.domains,
        .oid = options.oid,
        .holder = card ? gca_found_card_get_holder(card) : NULL,
        .organization = options.organization,
        .locality = options.locality,
        .subject = options.subject,
        .parent = options.folder ? options.folder : ".",
    };
    return make(invocation, &options, &wish, profile, error);
}
