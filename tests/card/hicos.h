#pragma once

#include "tests/card/apdu.h"
#include "tests/card/options.h"

/* The public files of a HiCOS card: SELECT by FID and READ BINARY, no more.
 * Which CLA they come on and when the applet is selected is the card's job. */
typedef struct Hicos Hicos;

Hicos *hicos_new(const Options *options, GError **error);
void hicos_free(Hicos *hicos);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hicos, hicos_free)

/* Back to the MF or the applet's root, no current EF. */
void hicos_reset(Hicos *hicos);

guint16 hicos_command(Hicos *hicos, const Apdu *apdu, GByteArray *answer);
