/* How an answer is put together. For this folder only. */
#pragma once

#include "http/client.h"

G_BEGIN_DECLS

GcaHttpResponse *gca_http_response_new(guint status);

/* In the order of the answer; `now` is what a Retry-After that is a date counts from. */
void gca_http_response_add_header(GcaHttpResponse *response, const char *name, const char *value,
                                  gint64 now);
void gca_http_response_set_body(GcaHttpResponse *response, GBytes *body);

/* Where the answer sends on to, as an absolute address, or NULL. */
void gca_http_response_set_location(GcaHttpResponse *response, const char *location);

G_END_DECLS
