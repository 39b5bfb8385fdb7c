#include "config.h"

#include "pkcs11/module.h"

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/ckr.h"
#include "pkcs11/internal.h"

#include <dlfcn.h>
#include <glib/gi18n-lib.h>
#include <openssl/err.h>

void
gca_module_close(GcaModule *module)
{
    /* PKCS11_CTX_unload finalises, which would end the sessions of whoever was there before us. */
    if (module->is_loaded && !module->is_shared)
        PKCS11_CTX_unload(module->ctx);
    g_clear_pointer(&module->ctx, PKCS11_CTX_free);
    g_clear_pointer(&module->ui_method, UI_destroy_method);
    if (module->handle != NULL)
        dlclose(module->handle);
    g_free(module->path);
    g_free(module);
}

static gboolean
refuse(const GcaModule *module, const char *why, GError **error)
{
    g_autofree char *shown = gca_text_escape(module->path);
    gca_error_set(error, GCA_ERROR_MODULE, _("The PKCS#11 module “%s” cannot be used."), shown);
    gca_error_add_detail(error, "%s", why);
    return FALSE;
}

/* Our own look at the library comes first: the loader says why it fails, libp11 does not. */
static gboolean
load_library(GcaModule *module, GError **error)
{
    module->handle = dlopen(module->path, RTLD_NOW | RTLD_LOCAL);
    if (module->handle == NULL)
        return refuse(module, dlerror(), error);

    CK_C_GetFunctionList get_list =
        (CK_C_GetFunctionList) dlsym(module->handle, "C_GetFunctionList");
    if (get_list == NULL)
        return refuse(module, "no C_GetFunctionList", error);
    if (get_list(&module->functions) != CKR_OK || module->functions == NULL)
        return refuse(module, "C_GetFunctionList failed", error);
    return TRUE;
}

/* Before libp11 does it, which asks for locks: one thread owns the module, and with locks OpenSC
 * 0.23 stops for ever where a card is pulled at the wrong moment. That it is initialised already is
 * no error (GnuTLS or another library may have done it through p11-kit). */
static gboolean
initialize(GcaModule *module, GError **error)
{
    CK_RV ckr = module->functions->C_Initialize(NULL);

    module->is_shared = ckr == CKR_CRYPTOKI_ALREADY_INITIALIZED;
    if (ckr == CKR_OK || module->is_shared)
        return TRUE;
    refuse(module, "initialize", error);
    gca_error_set_native(error, "C_Initialize", gca_ckr_to_string(ckr), ckr);
    return FALSE;
}

static gboolean
load_into_libp11(GcaModule *module, GError **error)
{
    module->ctx = PKCS11_CTX_new();
    module->ui_method = UI_create_method("gca-toolkit");
    if (module->ctx == NULL || module->ui_method == NULL)
        return refuse(module, "out of memory", error);

    /* Without a method of ours libp11 would ask for a PIN on the terminal. */
    UI_method_set_reader(module->ui_method, gca_pin_read_for_key);
    PKCS11_set_ui_method(module->ctx, module->ui_method, NULL);

    ERR_clear_error();
    module->is_loaded = PKCS11_CTX_load(module->ctx, module->path) == 0;
    if (module->is_loaded)
        return TRUE;
    gulong ckr = gca_ckr_take(NULL);
    refuse(module, "PKCS11_CTX_load", error);
    if (ckr != CKR_OK)
        gca_error_set_native(error, "C_GetInfo", gca_ckr_to_string(ckr), ckr);
    return FALSE;
}

GcaModule *
gca_module_open(const char *path, GError **error)
{
    g_autoptr(GcaModule) module = g_new0(GcaModule, 1);

    module->path = g_strdup(path);
    if (!load_library(module, error) || !initialize(module, error) ||
        !load_into_libp11(module, error))
        return NULL;
    return g_steal_pointer(&module);
}
