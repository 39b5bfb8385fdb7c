/* The public files of a HiCOS card for the fake winscard: strict about class, parameters and where
 * the card stands, with the oddities that real cards show. */
#pragma once

#include <glib.h>
#include <openssl/x509.h>

typedef struct {
    int generation;
    GHashTable *files; /* "5030/4104" -> GByteArray */
    GString *folder;   /* where the card stands: "", "0900", "5030" */
    char *file;        /* selected, or NULL */

    /* oddities */
    gsize most;           /* answers no more than this many bytes to READ BINARY; 0: as asked */
    gboolean only_16;     /* 6987 for every other Le */
    gboolean says_6c;     /* 6Cxx where Le is more than is left */
    gboolean says_61;     /* 61xx for READ BINARY */
    gboolean is_overlong; /* one byte more than asked */
    guint16 past_end;     /* 6B00, 6282, or 9000 without data */
    GByteArray *pending;  /* for GET RESPONSE */
} FakeHicos;

FakeHicos *fake_hicos_new(int generation);
void fake_hicos_free(FakeHicos *card);

/* For fake_winscard_set_card. */
GByteArray *fake_hicos_answer(const guint8 *command, gsize size, gpointer card);

void fake_hicos_set_file(FakeHicos *card, const char *name, const void *data, gsize size);

/* Puts `size` bytes at `offset` of 5030/08F2, which grows with FF. */
void fake_hicos_put(FakeHicos *card, gsize offset, const void *data, gsize size);

/* Adds a CDF entry for 5030/08F2 (ISO 7816-15). */
void fake_hicos_add_entry(FakeHicos *card, const char *id, guint offset, guint length);

/* Certificate and entry; returns the length in DER. */
gsize fake_hicos_add_certificate(FakeHicos *card, const char *id, guint offset, X509 *certificate);

/* Always the same bytes; `usage` is as in openssl.cnf; `filler` makes it longer. */
X509 *fake_certificate_new(const char *name, const char *usage, gsize filler);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeHicos, fake_hicos_free)
