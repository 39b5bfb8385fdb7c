/* What a page of ours shows when it calls back: made for one kind of page, good once and for a
 * while. Nothing is kept of those not used, so that a flood of pages costs no good page its own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GCA_TOKEN_LIFE (10 * G_TIME_SPAN_MINUTE)

typedef struct _GcaTokens GcaTokens;

GcaTokens *gca_tokens_new(void);
void gca_tokens_free(GcaTokens *tokens);

/* A token for a page of kind `page`, in hexadecimal; `now` is g_get_monotonic_time(). */
char *gca_tokens_issue(GcaTokens *tokens, const char *page, gint64 now);

/* TRUE once, if `token` (may be NULL) was issued for `page` at most GCA_TOKEN_LIFE ago. */
gboolean gca_tokens_use(GcaTokens *tokens, const char *token, const char *page, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaTokens, gca_tokens_free)

G_END_DECLS
