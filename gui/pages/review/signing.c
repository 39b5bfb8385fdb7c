#include "config.h"

#include "gui/pages/review/signing.h"

#include "base/error.h"
#include "base/text.h"
#include "flow/prereg-card.h"
#include "x509/certificate.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

typedef struct {
    GcaPreregDraft *draft;
    GStrv domains;
    char *fingerprint;
    GcaLoginOptions login; /* but for its strings */
    GBytes *message;
    char *kept;
    char *folder;
} Job;

static Job *
job_new(GcaPreregDraft *draft)
{
    Job *job = g_new0(Job, 1);

    job->draft = gca_prereg_draft_ref(draft);
    return job;
}

static void
job_free(gpointer data)
{
    Job *job = data;

    gca_prereg_draft_unref(job->draft);
    g_strfreev(job->domains);
    g_free(job->fingerprint);
    g_clear_pointer(&job->message, g_bytes_unref);
    g_free(job->kept);
    g_free(job->folder);
    g_free(job);
}

static void
signature_free(gpointer data)
{
    GcaSignature *signature = data;

    g_bytes_unref(signature->message);
    g_free(signature->path);
    g_clear_error(&signature->trouble);
    g_free(signature->kept);
    g_free(signature->kept_note);
    g_free(signature);
}

/* ---- ready ---- */

static char *
fingerprint_of(const GcaFoundCard *card)
{
    return gca_certificate_fingerprint(gca_holder_get_certificate(gca_found_card_get_holder(card)));
}

static gpointer
prepare(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Job *job = data;
    GcaPreregDraft *draft = job->draft;
    const GcaPreregWish wish = {
        .account = draft->account,
        .profile = gca_profile_get_name(draft->profile),
        .domains = (const char *const *) job->domains,
        .subject = draft->subject,
        .contact = draft->contact,
    };

    gca_prereg_draft_touch(draft);
    g_autoptr(GcaPrereg) prereg = gca_prereg_new(&wish, error);
    if (prereg == NULL)
        return NULL;
    g_autoptr(GcaFoundCard) card =
        gca_found_card_open(&draft->card, FALSE, interaction, cancel, error);
    if (card == NULL || !gca_prereg_bind_card(prereg, card, error))
        return NULL;
    draft->prereg = g_steal_pointer(&prereg);
    return fingerprint_of(card);
}

GcaWork
gca_signing_prepare(GcaPreregDraft *draft)
{
    Job *job = job_new(draft);

    job->domains = gca_prereg_draft_list_domains(draft);
    return (GcaWork){
        .lane = GCA_LANE_CARD,
        .run = prepare,
        .data = job,
        .free_data = job_free,
        .free_result = g_free,
    };
}

/* ---- signed and saved ---- */

/* The documents of the user, where there is such a folder. */
static const char *
choose_folder(void)
{
    const char *documents = g_get_user_special_dir(G_USER_DIRECTORY_DOCUMENTS);
    gboolean is_there = documents != NULL && g_file_test(documents, G_FILE_TEST_IS_DIR);

    return is_there ? documents : g_get_home_dir();
}

/* Takes `message`, which is not lost where it cannot be saved. The path was free: a file that is
 * there after a failure is whole, and the failure came later. */
static GcaSignature *
save_in(const GcaPrereg *prereg, GBytes *message, const char *folder)
{
    GcaSignature *signature = g_new0(GcaSignature, 1);
    g_autofree char *path = gca_prereg_choose_path(prereg, folder);

    signature->message = message;
    signature->path = gca_prereg_save(prereg, message, path, FALSE, &signature->trouble);
    if (signature->path == NULL && g_file_test(path, G_FILE_TEST_EXISTS))
        signature->path = g_steal_pointer(&path);
    return signature;
}

static GcaSignature *
save_or_keep(const Job *job, GBytes *message, const char *folder)
{
    const GcaPrereg *prereg = job->draft->prereg;
    GcaSignature *signature = save_in(prereg, message, folder);

    if (signature->path == NULL && job->kept == NULL)
        signature->kept = gca_prereg_keep(prereg, message, &signature->kept_note);
    else if (signature->path != NULL && job->kept != NULL)
        g_unlink(job->kept);
    return signature;
}

/* Between what was shown and the signature lies time in which a card can be changed. */
static gboolean
is_card_shown(const GcaFoundCard *card, const char *fingerprint, GError **error)
{
    g_autofree char *found = fingerprint_of(card);
    g_autofree char *name =
        gca_text_escape(gca_holder_get_organization(gca_found_card_get_holder(card)));

    if (g_str_equal(found, fingerprint))
        return TRUE;
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The card in the reader is not the one for which this was made: it is one of "
                    "“%s”."),
                  name);
    gca_error_set_hint(error, _("Put the first card in again, or go back and choose this one."));
    return FALSE;
}

static gpointer
sign(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Job *job = data;
    g_autoptr(GcaFoundCard) card =
        gca_found_card_open(&job->draft->card, TRUE, interaction, cancel, error);

    if (card == NULL || !is_card_shown(card, job->fingerprint, error))
        return NULL;
    GBytes *message =
        gca_prereg_sign(job->draft->prereg, card, &job->login, interaction, cancel, error);
    return message ? save_or_keep(job, message, choose_folder()) : NULL;
}

GcaWork
gca_signing_sign(GcaPreregDraft *draft, const char *fingerprint, const GcaLoginOptions *login)
{
    Job *job = job_new(draft);

    job->fingerprint = g_strdup(fingerprint);
    job->login = *login;
    return (GcaWork){
        .lane = GCA_LANE_CARD,
        .run = sign,
        .data = job,
        .free_data = job_free,
        .free_result = signature_free,
    };
}

static gpointer
save(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Job *job = data;

    return save_or_keep(job, g_bytes_ref(job->message), job->folder);
}

GcaWork
gca_signing_save(GcaPreregDraft *draft, GBytes *message, const char *kept, const char *folder)
{
    Job *job = job_new(draft);

    job->message = g_bytes_ref(message);
    job->kept = g_strdup(kept);
    job->folder = g_strdup(folder);
    return (GcaWork){
        .lane = GCA_LANE_OTHER,
        .run = save,
        .data = job,
        .free_data = job_free,
        .free_result = signature_free,
    };
}
