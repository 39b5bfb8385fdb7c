/* Which PKCS#11 module to use, why, and the module itself (libp11's context). */
#pragma once

#include "base/cancel.h"

G_BEGIN_DECLS

typedef struct {
    char *path;
    char *reason;      /* translated: "named by --module", "registered with p11-kit", … */
    gboolean is_named; /* by a person: option, configuration or environment */
} GcaModuleChoice;

void gca_module_choice_free(GcaModuleChoice *choice);

/* The module to use: `option` (may be NULL), config.ini [pkcs11] module, $GCA_PKCS11_MODULE, the
 * vendor's known places, p11-kit's registered modules (a card's before others, no trust store),
 * OpenSC: the first there is. MODULE if one that was named is not there, or there is none. */
GcaModuleChoice *gca_module_choose(const char *option, GError **error);

typedef struct _GcaModule GcaModule;

/* Loads and initialises; one that somebody else in this process has initialised is left so when it
 * is closed. PKCS#11 modules are not thread-safe: one thread owns a GcaModule. MODULE with the
 * loader's reason in the detail. */
GcaModule *gca_module_open(const char *path, GError **error);
void gca_module_close(GcaModule *module);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaModuleChoice, gca_module_choice_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaModule, gca_module_close)

G_END_DECLS
