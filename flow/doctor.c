#include "config.h"

#include "flow/doctor.h"

#include "acme/account.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/found-card.h"
#include "pcsc/context.h"
#include "x509/chain.h"

#include <glib/gi18n-lib.h>
#include <sys/timex.h>

#define CERTBOT_FOLDER "/etc/letsencrypt"

typedef struct {
    GPtrArray *findings;
    const GcaCardChoice *choice;
    const GcaProfile *profile;
    GcaCancel *cancel;
    GcaFoundCard *card;
} Examination;

static void
add(Examination *examination, const char *name, const char *title, GcaFindingState state,
    char *text, const char *fix)
{
    gca_findings_add(examination->findings, name, title, state, text, fix, GCA_ERROR_INTERNAL);
}

static void
fail(Examination *examination, const char *name, const char *title, char *text, const char *fix,
     GcaErrorCode code)
{
    gca_findings_add(examination->findings, name, title, GCA_FINDING_FAILED, text, fix, code);
}

static void
add_error(Examination *examination, const char *name, const char *title, const GError *error)
{
    gca_findings_add_error(examination->findings, name, title, error);
}

static void
skip(Examination *examination, const char *name, const char *title)
{
    add(examination, name, title, GCA_FINDING_SKIPPED, g_strdup(_("not looked at")), NULL);
}

static char *
list_readers(GPtrArray *readers)
{
    GString *list = g_string_new(NULL);

    for (guint i = 0; i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        g_autofree char *name = gca_text_escape(reader->name);
        g_autofree char *item =
            g_strdup_printf(_("%s (%s)"), name, reader->has_card ? _("with a card") : _("empty"));
        gca_text_add_item(list, item);
    }
    return g_string_free(list, FALSE);
}

static void
examine_readers(Examination *examination)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(&trouble);
    if (pcsc == NULL) {
        add_error(examination, "pcscd", _("card service"), trouble);
        skip(examination, "readers", _("readers"));
        return;
    }
    add(examination, "pcscd", _("card service"), GCA_FINDING_OK,
        g_strdup(_("pcscd runs and lets this user in")), NULL);

    g_autoptr(GPtrArray) readers = gca_pcsc_list(pcsc, &trouble);
    if (readers == NULL)
        add_error(examination, "readers", _("readers"), trouble);
    else if (readers->len > 0)
        add(examination, "readers", _("readers"), GCA_FINDING_OK, list_readers(readers), NULL);
    else
        fail(examination, "readers", _("readers"), g_strdup(_("no card reader is connected")),
             _("Plug the reader in. If it is in, install its driver (package libccid fits most)."),
             GCA_ERROR_NO_READER);
}

static void
examine_card(Examination *examination)
{
    g_autoptr(GError) trouble = NULL;
    examination->card =
        gca_found_card_open(examination->choice, TRUE, NULL, examination->cancel, &trouble);
    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_READER)) {
        skip(examination, "card", _("card"));
        return;
    }
    if (trouble != NULL) {
        add_error(examination, "card", _("card"), trouble);
        return;
    }
    const GcaHolder *holder = gca_found_card_get_holder(examination->card);
    const char *number = gca_found_card_get_number(examination->card);
    g_autofree char *who = gca_text_escape(gca_holder_get_organization(holder));
    g_autofree char *shown = gca_text_escape(number ? number : _("unknown"));
    add(examination, "card", _("card"), GCA_FINDING_OK,
        g_strdup_printf(_("%s, number %s, %s"),
                        gca_holder_kind_to_string(gca_holder_get_kind(holder)), shown, who),
        NULL);
}

static void
examine_module(Examination *examination)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaModuleChoice) choice = gca_module_choose(examination->choice->module, &trouble);
    if (choice == NULL) {
        add_error(examination, "module", _("PKCS#11 module"), trouble);
        return;
    }
    g_autoptr(GcaModule) module = gca_module_open(choice->path, &trouble);
    if (module == NULL)
        add_error(examination, "module", _("PKCS#11 module"), trouble);
    else
        add(examination, "module", _("PKCS#11 module"), GCA_FINDING_OK,
            g_strdup_printf("%s (%s)", choice->path, choice->reason), NULL);
}

static char *
describe_tries(int tries)
{
    if (tries == GCA_TRIES_UNKNOWN)
        return g_strdup(_("no wrong try is known of"));
    return g_strdup_printf(ngettext("%d try left", "%d tries left", (gulong) tries), tries);
}

static void
examine_token(Examination *examination)
{
    const char *title = _("card in module");
    g_autoptr(GError) trouble = NULL;
    if (examination->card == NULL) {
        skip(examination, "token", title);
        return;
    }
    GcaToken *token = gca_found_card_get_token(examination->card, &trouble);
    if (token == NULL) {
        add_error(examination, "token", title, trouble);
        return;
    }
    int tries = gca_token_get_tries_left(token);
    g_autofree char *label = gca_text_escape(gca_token_get_label(token));
    g_autofree char *pin = describe_tries(tries);
    char *text = g_strdup_printf(_("“%s”; PIN: %s"), label, pin);
    if (tries == 0)
        fail(examination, "token", title, text, gca_profile_get_unblock_place(examination->profile),
             GCA_ERROR_PIN_BLOCKED);
    else
        add(examination, "token", title, tries == 1 ? GCA_FINDING_WARNING : GCA_FINDING_OK, text,
            NULL);
}

static void
examine_certificate(Examination *examination)
{
    const char *title = _("certificate");
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    if (examination->card == NULL) {
        skip(examination, "certificate", title);
        return;
    }
    const GcaHolder *holder = gca_found_card_get_holder(examination->card);
    g_autofree char *end = gca_text_day(gca_holder_get_not_after(holder));
    if (!gca_holder_check_signing(holder, now, &trouble))
        add_error(examination, "certificate", title, trouble);
    else if (gca_holder_days_left(holder, now) <= GCA_HOLDER_WARN_DAYS)
        add(examination, "certificate", title, GCA_FINDING_WARNING,
            g_strdup_printf(_("ends soon, on %s"), end),
            gca_profile_get_renewal_place(examination->profile));
    else
        add(examination, "certificate", title, GCA_FINDING_OK,
            g_strdup_printf(_("may sign; ends on %s"), end), NULL);
}

/* Signing needs no anchor; checking a request does. */
static void
examine_trust(Examination *examination)
{
    const char *title = _("trusted CAs");
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GcaX509Stack) anchors = gca_chain_load_anchors(&trouble);
    if (anchors == NULL) {
        add_error(examination, "trust", title, trouble);
        return;
    }
    if (sk_X509_num(anchors) == 0) {
        add(examination, "trust", title, GCA_FINDING_WARNING,
            g_strdup(_("none; signed requests cannot be checked to the end here")),
            _("Take the CA's certificates in with “gca-card trust import FILE”."));
        return;
    }
    g_autoptr(GcaX509Stack) chain = NULL;
    if (examination->card != NULL) {
        X509 *leaf = gca_holder_get_certificate(gca_found_card_get_holder(examination->card));
        chain = gca_chain_build(
            leaf, anchors, gca_found_card_get_ca_certificates(examination->card), now, &trouble);
    }
    if (trouble != NULL)
        add_error(examination, "trust", title, trouble);
    else
        add(examination, "trust", title, GCA_FINDING_OK,
            g_strdup_printf(
                ngettext("%d CA certificate", "%d CA certificates", (gulong) sk_X509_num(anchors)),
                sk_X509_num(anchors)),
            NULL);
}

/* The signing time is this computer's: a clock that is off makes requests that are refused. */
static void
examine_clock(Examination *examination)
{
    const char *title = _("clock");
    const char *known_past = gca_profile_get_trust_note_date(examination->profile);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");
    g_autofree char *shown = gca_text_moment(now);
    struct timex state = {.modes = 0};

    if (known_past != NULL && g_strcmp0(today, known_past) < 0) {
        fail(examination, "clock", title, g_strdup_printf(_("it is wrong: it shows %s"), shown),
             _("Set the clock: sudo timedatectl set-ntp true"), GCA_ERROR_CHECK_FAILED);
        return;
    }
    gboolean synchronised = adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
    add(examination, "clock", title, synchronised ? GCA_FINDING_OK : GCA_FINDING_WARNING,
        g_strdup_printf(
            synchronised ? _("%s, synchronised") : _("%s, not known to be synchronised"), shown),
        synchronised ? NULL
                     : _("Compare it with another clock, or run: sudo timedatectl set-ntp true"));
}

static void
examine_accounts(Examination *examination)
{
    const char *title = _("ACME accounts");
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) accounts = NULL;

    if (!g_file_test(CERTBOT_FOLDER, G_FILE_TEST_IS_DIR)) {
        add(examination, "accounts", title, GCA_FINDING_WARNING,
            g_strdup_printf(_("certbot has none here (no %s)"), CERTBOT_FOLDER),
            _("Bring regr.json from the server, or register there: certbot register --server …"));
        return;
    }
    accounts = gca_account_find(CERTBOT_FOLDER, unreadable, &trouble);
    if (accounts == NULL)
        add_error(examination, "accounts", title, trouble);
    else if (accounts->len == 0 && unreadable->len > 0)
        add(examination, "accounts", title, GCA_FINDING_WARNING,
            g_strdup(g_ptr_array_index(unreadable, 0)),
            _("All of them are listed by: sudo gca-prereg accounts"));
    else if (accounts->len == 0)
        add(examination, "accounts", title, GCA_FINDING_WARNING,
            g_strdup_printf(_("none in %s"), CERTBOT_FOLDER),
            _("Register one: certbot register --server …"));
    else
        add(examination, "accounts", title, GCA_FINDING_OK,
            g_strdup_printf(ngettext("%u account in %s", "%u accounts in %s", accounts->len),
                            accounts->len, CERTBOT_FOLDER),
            NULL);
}

GPtrArray *
gca_doctor_examine(const GcaCardChoice *choice, const GcaProfile *profile, GcaCancel *cancel)
{
    Examination examination = {
        .findings = gca_findings_new(),
        .choice = choice,
        .profile = profile,
        .cancel = cancel,
    };

    examine_readers(&examination);
    examine_module(&examination);
    examine_card(&examination);
    examine_token(&examination);
    examine_certificate(&examination);
    examine_trust(&examination);
    examine_clock(&examination);
    examine_accounts(&examination);
    g_clear_pointer(&examination.card, gca_found_card_free);
    return examination.findings;
}
