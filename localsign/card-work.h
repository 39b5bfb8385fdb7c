/* What is done with cards, in a process of its own that ends with it: a module that hangs or
 * breaks, and what it leaves in memory of a PIN, go with the process. */
#pragma once

#include "base/cancel.h"
#include "flow/card-choice.h"
#include "localsign/order.h"
#include "x509/holder.h"

G_BEGIN_DECLS

/* The answer to /pkcs11info: every reader with what is in it (docs/localsign.md); certificates
 * where `with_certificates`. JSON text, ASCII only. Readers that there are none of are in the
 * ret_code. */
char *gca_card_work_list(const GcaCardChoice *choice, gboolean with_certificates,
                         GcaCancel *cancel);

/* Who would sign: for the question of consent. The error as gca_hipki_result_of has it. */
typedef struct {
    char *reader;
    char *number;
    char *holder;   /* organisation or name, safe to show */
    int tries_left; /* GCA_TRIES_UNKNOWN */
    gboolean has_pin_pad;
} GcaSigner;

GcaSigner *gca_card_work_find_signer(const GcaCardChoice *choice, const GcaOrder *order,
                                     GcaCancel *cancel, GError **error);
void gca_signer_free(GcaSigner *signer);

/* Signs `order` with the card and `pin`, which is sent once. The answer to /sign: JSON text, also
 * of a failure. `allow_last_try` was given by a person who has been told. */
char *gca_card_work_sign(const GcaCardChoice *choice, const GcaOrder *order, GcaSecret *pin,
                         gboolean allow_last_try, GcaCancel *cancel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaSigner, gca_signer_free)

G_END_DECLS
