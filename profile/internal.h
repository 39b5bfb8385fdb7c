/* What a profile holds; for this folder only. */
#pragma once

#include "profile/profile.h"

struct _GcaProfile {
    gatomicrefcount refs;
    char *name;
    char *title;
    char *directory;
    char **accounts; /* glob patterns of normalised URIs, or NULL */
    char *page;
    char *endpoint;
    char *next_step;
    guint max_characters;
    gboolean wildcard;
    char *country;
    char *locality; /* or NULL */
    char *prefix;   /* or NULL */
    char *separator;
    char **parts;       /* attribute types that make up O */
    char **local_parts; /* the same for a DN with L */
    gboolean local_confirmed;
    char *trust_note;
    char *trust_note_date;
    char *renewal_place;
    char *unblock_place;
    GPtrArray *anchors; /* GcaProfileAnchor * */
};

/* An empty profile, to be filled. */
GcaProfile *gca_profile_new(const char *name);

/* The profile in the file `path`. */
GcaProfile *gca_profile_read(const char *path, const char *name, GError **error);
