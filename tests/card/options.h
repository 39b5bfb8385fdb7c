#pragma once

#include <glib.h>

/* What the command line asks for; --help says what each means. */
typedef struct {
    int port;
    int generation;
    char *pki;
    char *holder;
    char *pin;
    int tries;
    char *number;
    char *atr;
    char *trace;
    char *state;
    gboolean always_auth;
    gboolean no_piv;
    gboolean no_hicos;
    /* what is on the card */
    char *order;
    gboolean extra_cdf;
    gboolean shift_offsets;
    gboolean slice_longer;
    char *block_edge;
    char *broken_der;
    /* how it answers */
    gboolean le_wrong;
    gboolean dislike_length;
    gboolean via_get_response;
    gboolean mf_leaves_applet;
    int short_read;
    int overlong_read;
    /* when it fails */
    char **sw;
    char *leave_at;
    char *leave_after;
    int return_after;
    int slow;
} Options;

/* NULL and an error for an option that makes no sense. */
Options *options_parse(int *argc, char ***argv, GError **error);
void options_free(Options *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Options, options_free)
