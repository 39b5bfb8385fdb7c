/* What DNS says, asked with c-ares: TCP where UDP is too short, other servers where one fails. */
#pragma once

#include "acme/caa.h"
#include "base/cancel.h"

G_BEGIN_DECLS

typedef struct _GcaResolver GcaResolver;

/* Asks this system's resolvers, or in their place `server`: an IP address, "192.0.2.53:5353",
 * "[2001:db8::53]:5353" (USAGE if it is none). For one thread at a time. */
GcaResolver *gca_resolver_new(const char *server, GError **error);
void gca_resolver_free(GcaResolver *resolver);

/* FALSE once nobody has answered a question: the next one would take as long. */
gboolean gca_resolver_is_answering(const GcaResolver *resolver);

/* The CAA records (GcaCaaRecord *) that are relevant for `domain` (A-labels, no "*."): its own, or
 * else those of the nearest name above it that has any (RFC 8659 section 3); `found_at` (to be
 * freed) names it and is NULL where there are none at all. Blocks, some seconds for each server
 * that does not answer; ends soon after `cancel`. NETWORK: nobody answers, or a server says that it
 * cannot tell; CANCELLED. */
GPtrArray *gca_resolver_fetch_caa(GcaResolver *resolver, const char *domain, char **found_at,
                                  GcaCancel *cancel, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaResolver, gca_resolver_free)

G_END_DECLS
