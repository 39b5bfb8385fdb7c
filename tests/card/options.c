#include "tests/card/options.h"

#include <string.h>

static const char summary[] =
    "A card that exists only as a program: it connects to the virtual reader\n"
    "of vsmartcard-vpcd and answers as a HiCOS card (public files only) and as\n"
    "a PIV card (PIN and signature).\n\n"
    "A MOMENT is the number of an APDU, counted from 1 over the whole run, or\n"
    "select, read, verify or sign (the first of that kind), or sign:2 and so on.\n\n"
    "Signals: USR1 takes the card out, USR2 puts it back, TERM ends it.";

static void
add_card_entries(GOptionContext *context, Options *o)
{
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_INT, &o->port,
         "port of the virtual reader on 127.0.0.1 (35963)", "N"},
        {"generation", 0, 0, G_OPTION_ARG_INT, &o->generation, "generation of the HiCOS side (1)",
         "1|2"},
        {"pki", 0, 0, G_OPTION_ARG_FILENAME, &o->pki, "folder made by tests/pki/make-pki.sh",
         "DIR"},
        {"holder", 0, 0, G_OPTION_ARG_STRING, &o->holder,
         "certificate of that folder to be SIGN (agency)", "NAME"},
        {"pin", 0, 0, G_OPTION_ARG_STRING, &o->pin, "PIN, up to 8 characters (123456)", "PIN"},
        {"tries", 0, 0, G_OPTION_ARG_INT, &o->tries, "tries left at the start (3)", "0-3"},
        {"number", 0, 0, G_OPTION_ARG_STRING, &o->number, "card number, 16 characters", "NUMBER"},
        {"atr", 0, 0, G_OPTION_ARG_STRING, &o->atr, "ATR, instead of the one of the generation",
         "HEX"},
        {"always-auth", 0, 0, G_OPTION_ARG_NONE, &o->always_auth,
         "holder's key in PIV slot 9C (PIN at each signature), not 9A", NULL},
        {"no-piv", 0, 0, G_OPTION_ARG_NONE, &o->no_piv,
         "no PIV side: PKCS#11 modules find no token", NULL},
        {"no-hicos", 0, 0, G_OPTION_ARG_NONE, &o->no_hicos,
         "no HiCOS side: a card of another family", NULL},
        {"trace", 0, 0, G_OPTION_ARG_FILENAME, &o->trace,
         "append a line for each APDU, power-on, verify and sign", "FILE"},
        {"state", 0, 0, G_OPTION_ARG_FILENAME, &o->state,
         "keep the tries left in FILE from run to run", "FILE"},
        G_OPTION_ENTRY_NULL,
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

static void
add_content_entries(GOptionContext *context, Options *o)
{
    const GOptionEntry entries[] = {
        {"order", 0, 0, G_OPTION_ARG_STRING, &o->order,
         "CDF entries (SIGN,KEYX,CACert,ROOTCACert); also SIGN02, FOREIGN", "ID,ID..."},
        {"extra-cdf", 0, 0, G_OPTION_ARG_NONE, &o->extra_cdf,
         "SIGN02 (the secondary agency card's) and FOREIGN as well", NULL},
        {"shift-offsets", 0, 0, G_OPTION_ARG_NONE, &o->shift_offsets,
         "certificates not at 0000, 0700, 0E00, 1500", NULL},
        {"slice-longer", 0, 0, G_OPTION_ARG_NONE, &o->slice_longer,
         "CDF states lengths beyond the certificates' DER", NULL},
        {"cdf-on-block-edge", 0, 0, G_OPTION_ARG_STRING, &o->block_edge,
         "CDF is a multiple of 200 bytes and unpadded; past it comes this (empty: 9000, no bytes)",
         "6B00|6282|empty"},
        {"broken-der", 0, 0, G_OPTION_ARG_STRING, &o->broken_der,
         "cdf-length, cdf-truncated, cdf-empty, cdf-huge-length, cdf-indefinite, cdf-index-beyond, "
         "cdf-index-negative, cdf-slice-zero, cert-truncated, cert-garbage",
         "VARIANT"},
        G_OPTION_ENTRY_NULL,
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

static void
add_fault_entries(GOptionContext *context, Options *o)
{
    const GOptionEntry entries[] = {
        {"le-wrong", 0, 0, G_OPTION_ARG_NONE, &o->le_wrong,
         "6Cxx to a READ BINARY that goes past the end", NULL},
        {"dislike-length", 0, 0, G_OPTION_ARG_NONE, &o->dislike_length,
         "6987 to a READ BINARY of more than 16 bytes", NULL},
        {"61xx", 0, 0, G_OPTION_ARG_NONE, &o->via_get_response,
         "READ BINARY gives its bytes by GET RESPONSE", NULL},
        {"mf-leaves-applet", 0, 0, G_OPTION_ARG_NONE, &o->mf_leaves_applet,
         "SELECT of 3F00 leaves the selected applet", NULL},
        {"short", 0, 0, G_OPTION_ARG_INT, &o->short_read, "READ BINARY gives at most N bytes", "N"},
        {"overlong", 0, 0, G_OPTION_ARG_INT, &o->overlong_read,
         "READ BINARY gives N bytes more than asked", "N"},
        {"sw", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->sw,
         "status word instead of an answer; may be repeated", "MOMENT=SW"},
        {"leave-at", 0, 0, G_OPTION_ARG_STRING, &o->leave_at,
         "the card is pulled instead of answering", "MOMENT"},
        {"leave-after", 0, 0, G_OPTION_ARG_STRING, &o->leave_after,
         "the card is pulled after answering", "MOMENT"},
        {"return-after", 0, 0, G_OPTION_ARG_INT, &o->return_after,
         "it comes back so long after leaving", "MS"},
        {"slow", 0, 0, G_OPTION_ARG_INT, &o->slow, "wait before each answer", "MS"},
        G_OPTION_ENTRY_NULL,
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

static gboolean
refuse(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

static gboolean
check_words(const Options *o, GError **error)
{
    static const char *const variants[] = {
        "cdf-length",
        "cdf-truncated",
        "cdf-empty",
        "cdf-huge-length",
        "cdf-indefinite",
        "cdf-index-beyond",
        "cdf-index-negative",
        "cdf-slice-zero",
        "cert-truncated",
        "cert-garbage",
        NULL,
    };
    static const char *const edges[] = {"6B00", "6282", "empty", NULL};

    if (o->broken_der != NULL && !g_strv_contains(variants, o->broken_der))
        return refuse(error, "--broken-der: see --help");
    if (o->block_edge != NULL && !g_strv_contains(edges, o->block_edge))
        return refuse(error, "--cdf-on-block-edge: 6B00, 6282 or empty");
    return TRUE;
}

static gboolean
check(const Options *o, GError **error)
{
    if (o->pki == NULL)
        return refuse(error, "--pki DIR is needed");
    if (o->port < 1 || o->port > 65535)
        return refuse(error, "--port: not a port");
    if (o->generation != 1 && o->generation != 2)
        return refuse(error, "--generation: 1 or 2");
    if (o->tries < 0 || o->tries > 3)
        return refuse(error, "--tries: 0 to 3");
    if (strlen(o->pin) < 1 || strlen(o->pin) > 8)
        return refuse(error, "--pin: 1 to 8 characters");
    if (strlen(o->number) != 16)
        return refuse(error, "--number: 16 characters");
    if (o->slow < 0 || o->return_after < 0 || o->short_read < 0 || o->overlong_read < 0)
        return refuse(error, "numbers cannot be negative");
    return check_words(o, error);
}

static void
set_default(char **value, const char *text)
{
    if (*value == NULL)
        *value = g_strdup(text);
}

Options *
options_parse(int *argc, char ***argv, GError **error)
{
    g_autoptr(Options) o = g_new0(Options, 1);
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    o->port = 35963;
    o->generation = 1;
    o->tries = 3;
    g_option_context_set_summary(context, summary);
    add_card_entries(context, o);
    add_content_entries(context, o);
    add_fault_entries(context, o);
    if (!g_option_context_parse(context, argc, argv, error))
        return NULL;
    set_default(&o->holder, "agency");
    set_default(&o->pin, "123456");
    set_default(&o->number, "TP00000000000001");
    set_default(&o->order, "SIGN,KEYX,CACert,ROOTCACert");
    if (!check(o, error))
        return NULL;
    return g_steal_pointer(&o);
}

void
options_free(Options *o)
{
    g_free(o->pki);
    g_free(o->holder);
    g_free(o->pin);
    g_free(o->number);
    g_free(o->atr);
    g_free(o->trace);
    g_free(o->state);
    g_free(o->order);
    g_free(o->block_edge);
    g_free(o->broken_der);
    g_strfreev(o->sw);
    g_free(o->leave_at);
    g_free(o->leave_after);
    g_free(o);
}
