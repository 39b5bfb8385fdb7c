/* To hand signed requests in: once each, however often it is tried. */
#pragma once

#include "base/interaction.h"
#include "prereg/outbox.h"

G_BEGIN_DECLS

typedef enum {
    GCA_SUBMIT_SENT,
    GCA_SUBMIT_SENT_BEFORE, /* the receipt is there already */
    GCA_SUBMIT_WAITING,     /* in the outbox; error says why */
    GCA_SUBMIT_REFUSED,     /* the receiver will never take it (4xx with a problem document) */
    GCA_SUBMIT_NO_ENDPOINT, /* neither profile nor outbox has one: nothing is kept or sent; the
                               error's hint says what to do */
} GcaSubmitState;

typedef struct {
    char *path;     /* as given; NULL: from the outbox */
    char *sha256;   /* of the message's DER */
    char *endpoint; /* where it was to go; NULL: nowhere */
    GcaSubmitState state;
    char *receipt;        /* path, or NULL */
    GcaReceipt *received; /* what is in it, or NULL */
    GError *error;        /* SERVER where it was refused or has no endpoint */
} GcaSubmission;

typedef struct {
    const char *const *paths; /* NULL or empty: what waits in the outbox and was not refused */
    const char *endpoint;     /* in place of the profile's; or NULL; only with paths */
    const char *tls_ca;  /* a CA's file to trust beside the system's and the profile's; or NULL */
    guint patience;      /* seconds to go on trying without any success; 0: one try */
    GPtrArray *troubles; /* GError *: what of the outbox is stuck (BAD_DATA) is added; or NULL */
} GcaSubmitWish;

/* GcaSubmission * for each file. Each is checked as far as the network is concerned (a signed
 * request, its own profile), put into the outbox, sent. On NETWORK, UNTRUSTED, 5xx, 408, 425, 429,
 * half an answer and nonsense it stays there and is tried again with growing pauses (Retry-After
 * honoured) as long as `patience` lasts, the last time at its end; while another process sends,
 * that is waited for as long. Where the CA file of its profile is of no use (FILE, BAD_DATA), or
 * there is no CA at all (UNTRUSTED), it stays there too. CANCELLED leaves all in the outbox and is
 * the error of what was not sent. NULL before anything is sent: a file that is no signed request
 * (BAD_DATA, CHECK_FAILED, FILE), USAGE, FILE (the outbox), `tls_ca` (FILE, BAD_DATA). */
GPtrArray *gca_submit_run(const GcaSubmitWish *wish, GcaInteraction *interaction, GcaCancel *cancel,
                          GError **error);

const char *gca_submit_state_to_nick(GcaSubmitState state);
const char *gca_submit_state_to_string(GcaSubmitState state); /* translated */

G_END_DECLS
