#include "config.h"

#include "flow/card-list.h"

#include "base/error.h"
#include "flow/found-card-private.h"

void
gca_card_entry_free(GcaCardEntry *entry)
{
    g_free(entry->reader);
    g_free(entry->number);
    g_free(entry->label);
    g_free(entry->module);
    gca_x509_stack_free(entry->certificates);
    g_clear_error(&entry->trouble);
    g_free(entry);
}

static GcaCardEntry *
entry_new(const char *reader)
{
    GcaCardEntry *entry = g_new0(GcaCardEntry, 1);

    entry->reader = g_strdup(reader);
    entry->certificates = sk_X509_new_null();
    return entry;
}

/* Those that are there already are passed over. */
static void
add_certificates(GcaCardEntry *entry, GcaX509Stack *certificates, gboolean are_ca)
{
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        X509 *one = sk_X509_value(certificates, i);
        if ((X509_check_ca(one) > 0) == are_ca &&
            !X509_add_cert(entry->certificates, one, X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP))
            g_error("no memory left");
    }
}

static void
show(GcaCardEntry *entry, const GcaFoundCard *card)
{
    entry->number = g_strdup(card->number);
    if (card->token != NULL) {
        entry->label = g_strdup(gca_token_get_label(card->token));
        entry->module = g_strdup(card->module_choice->path);
    }
    if (card->holder != NULL &&
        !X509_add_cert(entry->certificates, gca_holder_get_certificate(card->holder),
                       X509_ADD_FLAG_UP_REF))
        g_error("no memory left");
    add_certificates(entry, card->others, FALSE);
    add_certificates(entry, card->others, TRUE);
}

static void
read_card(GcaCardEntry *entry, const GcaReader *reader, const GcaCardChoice *choice,
          GcaOthers others, GcaPcsc *pcsc, GcaCancel *cancel)
{
    g_autoptr(GcaFoundCard) card =
        gca_found_card_new_in_reader(choice, reader->name, reader->events);

    gboolean is_read = gca_found_card_look_into(card, pcsc, others, cancel, &entry->trouble) ||
                       g_error_matches(entry->trouble, GCA_ERROR, GCA_ERROR_NO_CERT);
    if (is_read)
        show(entry, card);
    else if (gca_found_card_is_gone(entry->trouble))
        entry->has_card = FALSE;
    if (is_read || !entry->has_card)
        g_clear_error(&entry->trouble);
}

static void
add_token(GPtrArray *entries, const GcaFoundCard *card)
{
    GcaCardEntry *entry = entry_new(gca_token_get_reader(card->token));

    entry->has_card = TRUE;
    show(entry, card);
    g_ptr_array_add(entries, entry);
}

static gboolean
list_readers(const GcaCardChoice *choice, GcaOthers others, GPtrArray *entries, GcaCancel *cancel,
             GError **error)
{
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(error);
    g_autoptr(GPtrArray) readers = pcsc ? gca_pcsc_list(pcsc, error) : NULL;

    if (readers == NULL)
        return FALSE;
    if (readers->len == 0) {
        gca_found_card_set_no_reader(error);
        return FALSE;
    }
    for (guint i = 0; i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        GcaCardEntry *entry = entry_new(reader->name);
        g_ptr_array_add(entries, entry);
        entry->has_card = reader->has_card;
        if (reader->has_card)
            read_card(entry, reader, choice, others, pcsc, cancel);
    }
    return TRUE;
}

static gboolean
has_card(GPtrArray *entries)
{
    for (guint i = 0; i < entries->len; i++) {
        const GcaCardEntry *entry = g_ptr_array_index(entries, i);
        if (entry->has_card)
            return TRUE;
    }
    return FALSE;
}

static GPtrArray *
list_token(const GcaCardChoice *choice, GcaOthers others, GError **error)
{
    g_autoptr(GcaFoundCard) card = gca_found_card_new(choice);

    if (!gca_found_card_read_token(card, others, error))
        return NULL;
    GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify) gca_card_entry_free);
    add_token(entries, card);
    return entries;
}

/* In the order of gca_found_card_open: a token in no reader where no reader has a card. */
GPtrArray *
gca_card_list(const GcaCardChoice *choice, gboolean with_others, GcaCancel *cancel, GError **error)
{
    const GcaCardChoice any = {.module = choice->module};
    const GcaOthers others = with_others ? GCA_OTHERS_ALL : GCA_OTHERS_NONE;
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GError) second = NULL;

    if (choice->token != NULL)
        return list_token(choice, others, error);
    g_autoptr(GPtrArray) entries =
        g_ptr_array_new_with_free_func((GDestroyNotify) gca_card_entry_free);
    gboolean is_done = list_readers(&any, others, entries, cancel, &trouble);
    if (!gca_cancel_check(cancel, error))
        return NULL;
    if (!has_card(entries)) {
        g_autoptr(GcaFoundCard) card = gca_found_card_find_without_reader(&any, others, &second);
        if (card != NULL)
            add_token(entries, card);
    }
    if (is_done || entries->len > 0)
        return g_steal_pointer(&entries);
    g_propagate_error(error, second ? g_steal_pointer(&second) : g_steal_pointer(&trouble));
    return NULL;
}
