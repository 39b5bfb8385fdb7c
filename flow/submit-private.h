/* Parts of handing in. For this folder only. */
#pragma once

#include "flow/submit.h"
#include "http/client.h"

G_BEGIN_DECLS

/* Seconds: a receiver that errs must not stop us for good. */
#define GCA_RETRY_AFTER_LIMIT (24 * 60 * 60)

typedef struct {
    guint first_ms; /* after the first failure; doubled after each further one */
    guint max_ms;
} GcaSubmitPauses;

/* As gca_submit_run, for tests, which cannot wait as long as a user does. */
GPtrArray *gca_submit_run_with_pauses(const GcaSubmitWish *wish, const GcaSubmitPauses *pauses,
                                      GcaInteraction *interaction, GcaCancel *cancel,
                                      GError **error);

/* A GcaSubmission * for each file, with its message (GBytes *) in `messages`, NULL where it has no
 * endpoint. Errors of gca_submit_run. */
GPtrArray *gca_submit_read_files(const GcaSubmitWish *wish, GPtrArray *messages, GError **error);

GcaSubmission *gca_submission_new(const char *path, const char *sha256, const char *endpoint);
void gca_submission_free(GcaSubmission *submission);

typedef enum {
    GCA_ANSWER_TAKEN,
    GCA_ANSWER_REFUSED, /* for good */
    GCA_ANSWER_LATER,   /* not in this run: trying again would not help */
    GCA_ANSWER_RETRY,
} GcaAnswerKind;

typedef struct {
    GcaAnswerKind kind;
    GBytes *receipt;       /* of what was taken */
    GError *error;         /* of all else */
    GcaOutboxCause *cause; /* of the same, where the receiver has answered; or NULL */
    guint retry_after;     /* seconds that the receiver has asked for; 0: none */
} GcaAnswer;

/* Sends the entry's message once and judges what comes back. */
void gca_answer_fetch(GcaAnswer *answer, GcaHttpClient *client, const GcaOutboxEntry *entry,
                      GBytes *message, GcaCancel *cancel);
void gca_answer_clear(GcaAnswer *answer);

/* The clients of one run: one for each CA file that the profiles name. */
typedef struct _GcaClients GcaClients;

/* `tls_ca`, borrowed, is trusted by each; or NULL. */
GcaClients *gca_clients_new(const char *tls_ca);
void gca_clients_free(GcaClients *clients);

/* The one, borrowed, to send `message` (DER) to `endpoint` with. Errors of gca_connection_new. */
GcaHttpClient *gca_clients_find(GcaClients *clients, GBytes *message, const char *endpoint,
                                GError **error);

/* What goes to whom, and when: jobs and the addresses they go to. */
typedef struct _GcaSender GcaSender;

/* `patience` in seconds, counted from now and from each success. */
GcaSender *gca_sender_new(const GcaSubmitPauses *pauses, guint patience,
                          GcaInteraction *interaction, GcaCancel *cancel);
void gca_sender_free(GcaSender *sender);

/* `job` is borrowed, and filled in by the run; `entry` is what the outbox has of it. */
void gca_sender_add(GcaSender *sender, GcaSubmission *job, const GcaOutboxEntry *entry);
gboolean gca_sender_is_empty(const GcaSender *sender);

/* Once, with the outbox locked; each job has its outcome afterwards. */
void gca_sender_run(GcaSender *sender, GcaClients *clients);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GcaAnswer, gca_answer_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaClients, gca_clients_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaSender, gca_sender_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaSubmission, gca_submission_free)

G_END_DECLS
