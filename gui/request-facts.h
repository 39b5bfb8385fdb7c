/* A request in plain words. */
#pragma once

#include "gui/fact-list.h"
#include "prereg/request.h"
#include "profile/profile.h"

G_BEGIN_DECLS

/* `profile`: the request's, NULL: not known here; `no_proof`: a translated sentence on why there is
 * no proof, or NULL. */
void gca_request_facts_add(GcaFactList *list, const GcaRequest *request, const GcaProfile *profile,
                           const char *no_proof);

G_END_DECLS
