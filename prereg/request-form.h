/* The form of a request's content: which members it has and what each may hold. */
#pragma once

#include "prereg/request.h"

#include <jansson.h>

G_BEGIN_DECLS

#define GCA_REQUEST_LIMIT (1024 * 1024)
#define GCA_REQUEST_TYPE "gca-prereg"
#define GCA_REQUEST_VERSION 1
#define GCA_REQUEST_NONCE_SIZE 16

/* The content as JSON: canonical, every member known and well formed; else CHECK_FAILED. */
json_t *gca_request_parse_form(GBytes *content, GError **error);

/* What the content says, as gca_request_parse_form gave it; not to be changed. */
json_t *gca_request_get_form(const GcaRequest *request);

/* Looks at the value of one member; `path` ("account.uri") is for the message. CHECK_FAILED. */
typedef gboolean (*GcaRequestCheck)(json_t *value, const char *path, GError **error);

gboolean gca_request_check_text(json_t *value, const char *path, GError **error);
gboolean gca_request_check_profile(json_t *value, const char *path, GError **error);
gboolean gca_request_check_uri(json_t *value, const char *path, GError **error);
gboolean gca_request_check_thumbprint(json_t *value, const char *path, GError **error);
gboolean gca_request_check_created(json_t *value, const char *path, GError **error);
gboolean gca_request_check_nonce(json_t *value, const char *path, GError **error);
gboolean gca_request_check_oid(json_t *value, const char *path, GError **error);
gboolean gca_request_check_domains(json_t *value, const char *path, GError **error);
gboolean gca_request_check_base64url(json_t *value, const char *path, GError **error);
gboolean gca_request_check_subject(json_t *value, const char *path, GError **error);

/* CHECK_FAILED; `why` is a translated clause. Always FALSE. */
gboolean gca_request_fail(const char *path, const char *why, GError **error);

G_END_DECLS
