/* A request as it is shown before signing and when it is checked. */
#pragma once

#include "prereg/request.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Lines of label and value; `max_characters` 0: without the count's limit. */
char *gca_show_request(const GcaRequest *request, guint max_characters);

/* Of several requests by one card: who asks, the same for all, and what for. */
void gca_show_add_requester(GString *out, const GcaRequest *request);
void gca_show_add_wish(GString *out, const GcaRequest *request, guint max_characters);

/* The content itself. */
json_t *gca_request_to_json(const GcaRequest *request);

G_END_DECLS
