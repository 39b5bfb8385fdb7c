/* The longer checks of an examination; for this folder only. */
#pragma once

#include "csr/examination.h"

G_BEGIN_DECLS

/* Adds one; `text` is taken. */
void gca_examination_add(GPtrArray *findings, const char *name, const char *title,
                         GcaFindingState state, char *text, const char *fix);

/* "names"; `names` may be NULL. */
void gca_examination_check_names(X509 *certificate, const char *const *names, GPtrArray *findings);

/* "validity" and, where it is too long, "lifetime"; `profile` may be NULL. */
void gca_examination_check_validity(X509 *certificate, const GcaProfile *profile, GDateTime *now,
                                    GPtrArray *findings);

G_END_DECLS
