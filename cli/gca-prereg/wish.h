/* What is asked for, as the commands take it that make a request: account and domains. */
#pragma once

#include "cli/common/invocation.h"
#include "flow/prereg.h"

G_BEGIN_DECLS

typedef struct {
    char *account;
    GStrv domains;
    char *domains_file;
    char *subject;
    gboolean no_proof;
} GcaWishOptions;

/* Adds them to a command's own. */
void gca_wish_options_add(GcaWishOptions *options, GcaInvocation *invocation);
void gca_wish_options_clear(GcaWishOptions *options);

/* The pre-registration that was asked for; all that is wrong with it is told before any reader is
 * looked for. `contact` must outlive it. */
GcaPrereg *gca_wish_resolve(GcaInvocation *invocation, const GcaWishOptions *options,
                            const GcaContact *contact, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GcaWishOptions, gca_wish_options_clear)

G_END_DECLS
