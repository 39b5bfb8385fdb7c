/* What the register of agencies has for some words, and what to say of it. */
#pragma once

#include "csr/register.h"

G_BEGIN_DECLS

typedef struct {
    GPtrArray *agencies; /* GcaAgency * */
    guint total;
    gboolean is_missing; /* there is no register at all */
    gboolean is_starter;
    char *strange; /* a character of the words that no name of the register has; or NULL */
} GcaAgencySearch;

/* Reads the register; an empty one where there is none. FILE, BAD_DATA. */
GcaAgencySearch *gca_agency_search_new(const char *words, GError **error);
void gca_agency_search_free(GcaAgencySearch *found);

char *gca_agency_search_dup_count(const GcaAgencySearch *found);        /* a translated sentence */
const char *gca_agency_search_get_advice(const GcaAgencySearch *found); /* where it falls short */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAgencySearch, gca_agency_search_free)

G_END_DECLS
