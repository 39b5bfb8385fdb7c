/* Host names as typed, checked and turned into A-labels (RFC 5890), within a profile's limits. */
#pragma once

#include "profile/profile.h"

G_BEGIN_DECLS

/* The A-label form, lower case, of one name typed in any form. USAGE with a sentence that says what
 * is wrong with which name. */
char *gca_domain_parse(const char *typed, const GcaProfile *profile, GError **error);

/* The U-label form for showing beside it; the name itself where there is none. */
char *gca_domain_to_unicode(const char *domain);

/* Names from options (each may hold several, comma-separated): parsed, in the order given, without
 * duplicates, NULL-terminated. USAGE if none, or over the profile's limit, with the count. */
char **gca_domains_parse(const char *const *typed, const GcaProfile *profile, GError **error);

/* What stands in `text` (may be NULL) between any number of blanks, line ends, commas, semicolons
 * and their Chinese forms (，；、 and the ideographic space), for none of them is part of a name.
 */
GStrv gca_domains_split(const char *text);

/* The same of a domains file: # comments are passed over, BOM and CRLF accepted. Raw, for
 * gca_domains_parse. */
char **gca_domains_split_file(GBytes *content, const char *name, GError **error);

/* The names of one certificate: the CN and further ones as typed (each may hold several; `typed`
 * may be NULL). Host names as in gca_domain_parse; public IP addresses where the profile allows
 * them, in the form of inet_ntop. The CN first, each once, NULL-terminated. USAGE; over the
 * profile's number and for a CN of more than 64 characters too. */
char **gca_domains_parse_certificate(const char *cn, const char *const *typed,
                                     const GcaProfile *profile, GError **error);

/* Characters of all names together, as the profile's limit counts them. */
gsize gca_domains_count_characters(const char *const *domains);

/* To be shown: a name a line, with the form that people type where it differs; their characters,
 * "12 of 850 allowed", or "12" with `max_characters` 0 for no limit. */
char *gca_domains_to_string(const char *const *domains);
char *gca_domains_describe_count(const char *const *domains, guint max_characters);

G_END_DECLS
