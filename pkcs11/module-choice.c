#include "config.h"

#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>
#include <glob.h>
#include <p11-kit/p11-kit.h>
#include <string.h>

#define VENDOR_PREFIX "libHicos_p11"
#define VENDOR_NAMES "{libHicos_p11v1.so,libHicos_p11.so}"
#define OPENSC_NAME "opensc-pkcs11.so"

/* No public page says where the vendor's installer puts its module. */
static const char *const vendor_folders[] = {
    "usr/local/HiPKILocalSignServerApp",
    "usr/lib",
    "usr/lib64",
    "usr/lib{,64}/pkcs11",
    "usr/local/lib",
    "usr/local/lib64",
    "usr/local/lib{,64}/pkcs11",
    "opt",
    "opt/*",
    "opt/*/lib*",
    NULL,
};

void
gca_module_choice_free(GcaModuleChoice *choice)
{
    g_free(choice->path);
    g_free(choice->reason);
    g_free(choice);
}

static GcaModuleChoice *
choice_new(const char *path, const char *reason)
{
    GcaModuleChoice *choice = g_new0(GcaModuleChoice, 1);
    choice->path = g_strdup(path);
    choice->reason = g_strdup(reason);
    return choice;
}

/* One that a person named is used or refused, never passed over for another. A bare name is looked
 * for where p11-kit keeps modules, as in its own configuration. */
static GcaModuleChoice *
choose_named(const char *name, const char *reason, GError **error)
{
    const char *folder = strchr(name, '/') != NULL ? NULL : GCA_P11_MODULE_PATH;
    g_autofree char *path = g_canonicalize_filename(name, folder);

    if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        GcaModuleChoice *choice = choice_new(path, reason);
        choice->is_named = TRUE;
        return choice;
    }
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_MODULE,
                  _("The PKCS#11 module “%s” (%s) is not there, or is not a file."), shown, reason);
    return NULL;
}

static GcaModuleChoice *
choose_in_folder(const char *root, const char *folder)
{
    g_autofree char *pattern = g_build_filename(root, folder, VENDOR_NAMES, NULL);
    GcaModuleChoice *choice = NULL;
    glob_t found;

    if (glob(pattern, GLOB_BRACE, NULL, &found) == 0)
        choice = choice_new(found.gl_pathv[0],
                            _("the card vendor's module, found where it is usually installed"));
    globfree(&found);
    return choice;
}

GcaModuleChoice *
gca_module_choose_vendor(const char *root)
{
    GcaModuleChoice *choice = NULL;

    for (guint i = 0; choice == NULL && vendor_folders[i] != NULL; i++)
        choice = choose_in_folder(root, vendor_folders[i]);
    if (choice != NULL)
        return choice;

    /* Debian's folder of this machine's architecture stands one above that of p11-kit's modules. */
    g_autofree char *libraries = g_path_get_dirname(GCA_P11_MODULE_PATH);
    choice = choose_in_folder(root, libraries);
    return choice ? choice : choose_in_folder(root, GCA_P11_MODULE_PATH);
}

/* How well a registered module suits a card: modules of certificate stores do not at all. */
static int
rank(CK_FUNCTION_LIST *module, const char *path)
{
    g_autofree char *name = path ? g_path_get_basename(path) : NULL;
    char *trust = p11_kit_config_option(module, "trust-policy");
    gboolean is_store = trust != NULL && g_str_equal(trust, "yes");

    free(trust); /* p11-kit's memory is the C library's, not GLib's */
    if (name == NULL || is_store)
        return 0;
    if (g_str_has_prefix(name, VENDOR_PREFIX))
        return 3;
    return g_str_equal(name, OPENSC_NAME) ? 2 : 1;
}

GcaModuleChoice *
gca_module_choose_registered(void)
{
    /* Loaded only to be looked at: none is initialised. */
    CK_FUNCTION_LIST **modules = p11_kit_modules_load(NULL, P11_KIT_MODULE_UNMANAGED);
    GcaModuleChoice *choice = NULL;
    int best = 0;

    for (guint i = 0; modules != NULL && modules[i] != NULL; i++) {
        char *path = p11_kit_module_get_filename(modules[i]);
        int suits = rank(modules[i], path);
        if (suits > best) {
            g_clear_pointer(&choice, gca_module_choice_free);
            choice = choice_new(path, suits == 2 ? _("OpenSC's module, registered with p11-kit")
                                                 : _("registered with p11-kit"));
            best = suits;
        }
        free(path);
    }
    g_clear_pointer(&modules, p11_kit_modules_release);
    return choice;
}

static GcaModuleChoice *
choose_installed(GError **error)
{
    GcaModuleChoice *choice = gca_module_choose_vendor("/");
    if (choice == NULL)
        choice = gca_module_choose_registered();
    if (choice != NULL)
        return choice;

    const char *opensc = GCA_P11_MODULE_PATH "/" OPENSC_NAME;
    if (g_file_test(opensc, G_FILE_TEST_EXISTS))
        return choice_new(opensc, _("OpenSC's module, found where p11-kit keeps modules"));
    gca_error_set(error, GCA_ERROR_MODULE, _("No PKCS#11 module for the card was found."));
    gca_error_set_hint(error,
                       _("Install the card vendor's package or the package opensc-pkcs11; if its "
                         "module is not found by itself, name the module's file in "
                         "~/.config/gca-toolkit/config.ini: the line “module=FILE” below the line "
                         "“[pkcs11]”."));
    return NULL;
}

GcaModuleChoice *
gca_module_choose(const char *option, GError **error)
{
    if (option != NULL)
        return choose_named(option, _("named by --module"), error);

    g_autoptr(GError) trouble = NULL;
    g_autofree char *setting = gca_place_get_setting("pkcs11", "module", &trouble);
    if (trouble != NULL) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return NULL;
    }
    if (setting != NULL)
        return choose_named(setting, _("named in config.ini"), error);

    const char *environment = g_getenv("GCA_PKCS11_MODULE");
    if (environment != NULL)
        return choose_named(environment, _("named by $GCA_PKCS11_MODULE"), error);
    return choose_installed(error);
}
