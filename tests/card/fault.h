#pragma once

#include "tests/card/apdu.h"
#include "tests/card/options.h"

/* When the card fails, as --sw, --leave-at and --leave-after say. */
typedef struct Faults Faults;

typedef struct {
    guint16 sw;           /* instead of an answer; 0: none */
    gboolean leave_at;    /* no answer at all */
    gboolean leave_after; /* after this answer */
} Fault;

Faults *faults_new(const Options *options, GError **error);
void faults_free(Faults *faults);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Faults, faults_free)

/* To be asked once for each APDU, in order. */
Fault faults_next(Faults *faults, const Apdu *apdu);

/* A VERIFY that gives a PIN; a GENERAL AUTHENTICATE, the last of its chain. */
gboolean fault_is_verify(const Apdu *apdu);
gboolean fault_is_sign(const Apdu *apdu);
