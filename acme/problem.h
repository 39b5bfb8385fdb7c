/* Problem documents (RFC 7807) of ACME servers (RFC 8555 section 6.7), in words that help. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes an error of a server's refusal: SERVER, with the problem's type, detail and subproblems as
 * the detail chain, a sentence and a hint of ours, with the server's own words, for the types that
 * are known (accountDoesNotExist, userEmailRequired, userActionRequired, unauthorized, badNonce,
 * rateLimited, …). `body` may be anything. */
void gca_problem_set_error(guint status, const char *content_type, GBytes *body, GError **error);

/* TRUE if the body is a problem of that type, such as "badNonce". */
gboolean gca_problem_is(GBytes *body, const char *type);

/* The problem's own words, from outside, at most 500 characters; NULL if there are none. */
char *gca_problem_dup_detail(GBytes *body);

G_END_DECLS
