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

/* The rows of those options, in a command's own table. */
#define GCA_WISH_ENTRIES(wish)                                                                     \
    {"account",                                                                                    \
     'a',                                                                                          \
     0,                                                                                            \
     G_OPTION_ARG_FILENAME,                                                                        \
     &(wish)->account,                                                                             \
     N_("regr.json, a folder such as /etc/letsencrypt, - for standard input, or the "              \
        "account's URI"),                                                                          \
     N_("WHERE")},                                                                                 \
        {"domain",                                                                                 \
         'd',                                                                                      \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME_ARRAY,                                                              \
         &(wish)->domains,                                                                         \
         N_("A host name; may be repeated or hold several, separated by commas"),                  \
         N_("NAME")},                                                                              \
        {"domains-file",                                                                           \
         0,                                                                                        \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME,                                                                    \
         &(wish)->domains_file,                                                                    \
         N_("Host names from a file, one a line"),                                                 \
         N_("FILE")},                                                                              \
        {"subject",                                                                                \
         0,                                                                                        \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME,                                                                    \
         &(wish)->subject,                                                                         \
         N_("The certificates' subject, in place of the one made from the organisation's"),        \
         N_("DN")},                                                                                \
    {                                                                                              \
        "no-proof", 0, 0, G_OPTION_ARG_NONE, &(wish)->no_proof,                                    \
            N_("Leave the account's key alone: without the proof that it took part"), NULL         \
    }

void gca_wish_options_clear(GcaWishOptions *options);

/* The pre-registration that was asked for; all that is wrong with it is told before any reader is
 * looked for. `contact` must outlive it. */
GcaPrereg *gca_wish_resolve(GcaInvocation *invocation, const GcaWishOptions *options,
                            const GcaContact *contact, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GcaWishOptions, gca_wish_options_clear)

G_END_DECLS
