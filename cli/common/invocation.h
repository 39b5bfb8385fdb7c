/* One run of one command of one tool: its options, what it was given, and how it answers. */
#pragma once

#include "base/contact.h"
#include "base/interaction.h"
#include "flow/card-choice.h"
#include "flow/key-source.h"
#include "pkcs11/token.h"
#include "profile/profile.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct _GcaInvocation GcaInvocation;

/* A command in a tool's table. The one without a name is what the tool does by itself. */
typedef struct {
    const char *name;      /* "show", or NULL */
    const char *arguments; /* N_(): "FILE", or NULL */
    const char *summary;   /* N_(): one line for the list */
    const char *help;      /* N_(): paragraphs and examples below the options, or NULL */
    gboolean (*run)(GcaInvocation *invocation, GError **error);
} GcaCommand;

/* Groups of options that several commands have. */
typedef enum {
    GCA_OPTIONS_NONE = 0,
    GCA_OPTIONS_CARD = 1 << 0,       /* --reader --serial --token --module */
    GCA_OPTIONS_PIN = 1 << 1,        /* --pin-file --pin-fd --allow-last-try */
    GCA_OPTIONS_PROFILE = 1 << 2,    /* --profile */
    GCA_OPTIONS_CONTACT = 1 << 3,    /* --contact-name … */
    GCA_OPTIONS_PASSPHRASE = 1 << 4, /* --passphrase-file --passphrase-fd */
} GcaOptionGroups;

/* Adds options that several commands share to those of this one; before gca_invocation_parse. */
void gca_invocation_add_options(GcaInvocation *invocation, const GOptionEntry *entries);

#define GCA_ARGUMENTS_SOME G_MAXUINT
#define GCA_ARGUMENTS_ANY (G_MAXUINT - 1)

/* Parses the command line: `entries` (may be NULL), the named groups and those that every command
 * has. Exactly `n_arguments` operands must be left, or one or more with GCA_ARGUMENTS_SOME, or any
 * number with GCA_ARGUMENTS_ANY. FALSE with USAGE, and without an error where
 * --help or --version has already answered. */
gboolean gca_invocation_parse(GcaInvocation *invocation, const GOptionEntry *entries,
                              GcaOptionGroups groups, guint n_arguments, GError **error);

const char *gca_invocation_get_argument(const GcaInvocation *invocation, guint index);
/* All operands, NULL-terminated. */
const char *const *gca_invocation_get_arguments(const GcaInvocation *invocation);
GcaCancel *gca_invocation_get_cancel(const GcaInvocation *invocation);
GcaInteraction *gca_invocation_get_interaction(const GcaInvocation *invocation);
const GcaCardChoice *gca_invocation_get_card_choice(const GcaInvocation *invocation);
const GcaLoginOptions *gca_invocation_get_login(const GcaInvocation *invocation);

/* contact.ini with what is typed over it. */
GcaContact *gca_invocation_load_contact(const GcaInvocation *invocation, GError **error);
const GcaPassphraseSource *gca_invocation_get_passphrase(const GcaInvocation *invocation);

/* The profile for `account_uri` (may be NULL), --profile or the configuration. */
GcaProfile *gca_invocation_find_profile(const GcaInvocation *invocation, const char *account_uri,
                                        GError **error);
const char *gca_invocation_get_profile(const GcaInvocation *invocation); /* as typed, or NULL */
gboolean gca_invocation_is_json(const GcaInvocation *invocation);
gboolean gca_invocation_is_quiet(const GcaInvocation *invocation);

/* For --json: `answer` (taken) plus "schema" and "command" on standard output. */
void gca_invocation_answer(GcaInvocation *invocation, json_t *answer);

/* For a tool that does nothing by itself: --help and --version, else USAGE. */
gboolean gca_invocation_parse_overview(GcaInvocation *invocation, GError **error);

/* The body of every tool's main(). Gives the exit status. */
int gca_tool_main(int argc, char **argv, const GcaCommand *commands);

G_END_DECLS
