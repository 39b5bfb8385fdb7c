#include "tests/fake/hicos-desk.h"

#include "base/error.h"
#include "tests/fake/fake-winscard.h"

#include <string.h>

#define READER "Reader"

void
hicos_desk_init(HicosDesk *desk, int generation)
{
    *desk = (HicosDesk){.fake = fake_hicos_new(generation)};
    fake_winscard_reset();
    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
    fake_winscard_set_card(fake_hicos_answer, desk->fake);
}

gboolean
hicos_desk_read(HicosDesk *desk, GcaOthers others, GcaCancel *cancel)
{
    desk->pcsc = gca_pcsc_new(&desk->error);
    desk->card = gca_card_connect(desk->pcsc, READER, cancel, &desk->error);
    g_assert_no_error(desk->error);
    desk->hicos = gca_hicos_open(desk->card, &desk->error);
    return desk->hicos != NULL && gca_hicos_read(desk->hicos, others, &desk->error) &&
           gca_hicos_check_signing(desk->hicos, &desk->error);
}

void
hicos_desk_clear(HicosDesk *desk)
{
    g_clear_pointer(&desk->hicos, gca_hicos_free);
    g_clear_pointer(&desk->card, gca_card_free);
    g_clear_pointer(&desk->pcsc, gca_pcsc_free);
    g_clear_pointer(&desk->fake, fake_hicos_free);
    g_clear_error(&desk->error);
    g_assert_true(fake_winscard_is_clean());
}

gsize
hicos_desk_add(HicosDesk *desk, const char *id, guint offset, const char *usage)
{
    g_autoptr(X509) certificate = fake_certificate_new(id, usage, HICOS_DESK_FILLER);
    return fake_hicos_add_certificate(desk->fake, id, offset, certificate);
}

gsize
hicos_desk_add_usual(HicosDesk *desk)
{
    gsize size = hicos_desk_add(desk, "SIGN", 0x0000, SIGNS);
    hicos_desk_add(desk, "KEYX", 0x0700, ENCRYPTS);
    hicos_desk_add(desk, "CACert", 0x0E00, ISSUES);
    hicos_desk_add(desk, "ROOTCACert", 0x1500, ISSUES);
    return size;
}

void
hicos_desk_pad_directory(HicosDesk *desk, gsize size, guint8 padding)
{
    GByteArray *file = g_hash_table_lookup(desk->fake->files, "5030/4104");
    guint old = file->len;

    g_assert_cmpuint(old, <, size);
    g_byte_array_set_size(file, (guint) size);
    memset(file->data + old, padding, size - old);
}

void
hicos_desk_assert_fails(HicosDesk *desk, GcaErrorCode code, const char *text)
{
    g_assert_false(hicos_desk_read(desk, GCA_OTHERS_ALL, NULL));
    g_assert_error(desk->error, GCA_ERROR, (int) code);
    if (strstr(desk->error->message, text) == NULL)
        g_error("“%s” does not say “%s”", desk->error->message, text);
    hicos_desk_clear(desk);
}
