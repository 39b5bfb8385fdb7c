/* A reader with a fake HiCOS card in it, and the code under test from service to card. */
#pragma once

#include "base/error.h"
#include "pcsc/hicos.h"
#include "tests/fake/fake-hicos.h"

/* keyUsage of the certificates, and how much longer they are than they need be */
#define SIGNS "critical,digitalSignature"
#define ENCRYPTS "critical,keyEncipherment,dataEncipherment"
#define ISSUES "critical,keyCertSign,cRLSign"
#define HICOS_DESK_FILLER 900

typedef struct {
    FakeHicos *fake;
    GcaPcsc *pcsc;
    GcaCard *card;
    GcaHicos *hicos;
    GError *error;
} HicosDesk;

void hicos_desk_init(HicosDesk *desk, int generation);

/* Checks too that everything was given back to the service. */
void hicos_desk_clear(HicosDesk *desk);

/* Everything from the beginning; FALSE with desk->error. */
gboolean hicos_desk_read(HicosDesk *desk, GcaOthers others, GcaCancel *cancel);

/* Reads, expects that error with `text` in its message, and clears. */
void hicos_desk_assert_fails(HicosDesk *desk, GcaErrorCode code, const char *text);

/* Puts a certificate on the card and forgets it; its length. */
gsize hicos_desk_add(HicosDesk *desk, const char *id, guint offset, const char *usage);

/* As on the cards seen: four certificates, 0700 apart. The length of the first. */
gsize hicos_desk_add_usual(HicosDesk *desk);

/* Makes the directory file `size` bytes long. */
void hicos_desk_pad_directory(HicosDesk *desk, gsize size, guint8 padding);
