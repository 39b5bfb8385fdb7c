/* Which card and module the user wants; every field may be NULL. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    char *reader; /* PC/SC reader name, or an unambiguous part of it */
    char *serial; /* card number or token serial */
    char *token;  /* RFC 7512 URI: the module alone is asked */
    char *module; /* path of a PKCS#11 module */
} GcaCardChoice;

G_END_DECLS
