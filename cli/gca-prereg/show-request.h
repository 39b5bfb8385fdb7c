/* A request as it is shown before signing and when it is checked. */
#pragma once

#include "prereg/request.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Lines of label and value; `max_characters` 0: without the count's limit. */
char *gca_show_request(const GcaRequest *request, guint max_characters);

/* The content itself. */
json_t *gca_request_to_json(const GcaRequest *request);

G_END_DECLS
