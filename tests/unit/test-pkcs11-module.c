#include "base/error.h"
#include "pkcs11/internal.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder; /* holds the user's configuration: XDG_CONFIG_HOME */

static void
write_config(const char *text)
{
    g_autofree char *path = g_build_filename(folder, "gca-toolkit", "config.ini", NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
    if (text != NULL)
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    else
        g_unlink(path);
}

static void
touch(const char *path)
{
    g_autofree char *parent = g_path_get_dirname(path);

    g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
}

static void
test_named_but_missing(void)
{
    g_autoptr(GError) by_option = NULL, by_setting = NULL, by_environment = NULL;

    g_assert_null(gca_module_choose("/nowhere/a.so", &by_option));
    g_assert_error(by_option, GCA_ERROR, GCA_ERROR_MODULE);
    g_assert_nonnull(strstr(by_option->message, "/nowhere/a.so"));

    write_config("[pkcs11]\nmodule=/nowhere/b.so\n");
    g_assert_null(gca_module_choose(NULL, &by_setting));
    g_assert_error(by_setting, GCA_ERROR, GCA_ERROR_MODULE);
    g_assert_nonnull(strstr(by_setting->message, "/nowhere/b.so"));
    write_config(NULL);

    g_setenv("GCA_PKCS11_MODULE", "/nowhere/c.so", TRUE);
    g_assert_null(gca_module_choose(NULL, &by_environment));
    g_assert_error(by_environment, GCA_ERROR, GCA_ERROR_MODULE);
    g_assert_nonnull(strstr(by_environment->message, "/nowhere/c.so"));
    g_unsetenv("GCA_PKCS11_MODULE");
}

static void
assert_choice(const char *option, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaModuleChoice) choice = gca_module_choose(option, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(choice->path, ==, path);
    g_assert_cmpuint(strlen(choice->reason), >, 0);
}

static void
test_order(void)
{
    g_autofree char *a = g_build_filename(folder, "a.so", NULL);
    g_autofree char *b = g_build_filename(folder, "b.so", NULL);
    g_autofree char *c = g_build_filename(folder, "c.so", NULL);
    g_autofree char *setting = g_strdup_printf("[pkcs11]\nmodule=%s\n", b);

    touch(a);
    touch(b);
    touch(c);
    write_config(setting);
    g_setenv("GCA_PKCS11_MODULE", c, TRUE);
    assert_choice(a, a);
    assert_choice(NULL, b);
    write_config(NULL);
    assert_choice(NULL, c);
    g_unsetenv("GCA_PKCS11_MODULE");
    g_unlink(a);
    g_unlink(b);
    g_unlink(c);
}

static void
test_vendor_places(void)
{
    const char *places[] = {
        "usr/local/HiPKILocalSignServerApp/libHicos_p11v1.so",
        "usr/lib/libHicos_p11.so",
        "usr/lib64/libHicos_p11v1.so",
        "usr/local/lib/libHicos_p11v1.so",
        "opt/HiCOS/libHicos_p11.so",
        "opt/HiCOS/lib/libHicos_p11v1.so",
    };

    g_assert_null(gca_module_choose_vendor(folder));
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = g_build_filename(folder, places[i], NULL);
        touch(path);
        g_autoptr(GcaModuleChoice) choice = gca_module_choose_vendor(folder);
        g_assert_nonnull(choice);
        g_assert_cmpstr(choice->path, ==, path);
        g_unlink(path);
    }
}

/* Of what is registered on the bench (OpenSC, SoftHSM2, p11-kit's trust store) only one is for
 * cards. */
static void
test_registered(void)
{
    g_autoptr(GcaModuleChoice) choice = gca_module_choose_registered();

    g_assert_nonnull(choice);
    g_assert_true(g_str_has_suffix(choice->path, "/opensc-pkcs11.so"));
    g_assert_nonnull(strstr(choice->reason, "p11-kit"));
}

static void
test_not_a_module(void)
{
    g_autofree char *path = g_build_filename(folder, "text.so", NULL);
    g_autoptr(GError) error = NULL, other = NULL;

    touch(path);
    g_assert_null(gca_module_open(path, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_MODULE);
    g_assert_nonnull(strstr(error->message, path));
    g_assert_nonnull(gca_error_get_detail(error));
    g_unlink(path);

    g_assert_null(gca_module_open("libm.so.6", &other));
    g_assert_error(other, GCA_ERROR, GCA_ERROR_MODULE);
    g_assert_nonnull(strstr(gca_error_get_detail(other), "C_GetFunctionList"));
}

/* PKCS#11 v2.40, 5.4: C_Initialize in a process whose other part has called it already. */
static void
test_initialized_by_others(void)
{
    const char *path = g_getenv("GCA_FAKE_P11_MODULE");
    g_autoptr(GError) error = NULL;
    CK_INFO info;

    g_setenv("GCA_FAKE_P11", "", TRUE);
    g_autoptr(GcaModule) first = gca_module_open(path, &error);
    g_assert_no_error(error);
    GcaModule *second = gca_module_open(path, &error);
    g_assert_no_error(error);
    gca_module_close(second);
    g_assert_cmpuint(first->functions->C_GetInfo(&info), ==, CKR_OK);
}

static void
test_initialize_fails(void)
{
    g_autoptr(GError) error = NULL;

    g_setenv("GCA_FAKE_P11", "fail=C_Initialize:30", TRUE);
    g_assert_null(gca_module_open(g_getenv("GCA_FAKE_P11_MODULE"), &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_MODULE);
    g_assert_cmpuint(gca_error_get_native(error), ==, CKR_DEVICE_ERROR);
}

static void
remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        remove_tree(child);
    }
    g_remove(path);
}

int
main(int argc, char **argv)
{
    folder = g_dir_make_tmp("gca-module-XXXXXX", NULL);
    g_setenv("XDG_CONFIG_HOME", folder, TRUE);
    g_unsetenv("GCA_PKCS11_MODULE");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pkcs11/module/named-but-missing-is-refused", test_named_but_missing);
    g_test_add_func("/pkcs11/module/option-before-setting-before-environment", test_order);
    g_test_add_func("/pkcs11/module/vendor-places", test_vendor_places);
    g_test_add_func("/pkcs11/module/registered-one-for-cards", test_registered);
    g_test_add_func("/pkcs11/module/not-a-module-says-why", test_not_a_module);
    g_test_add_func("/pkcs11/module/survives-one-initialized-by-others",
                    test_initialized_by_others);
    g_test_add_func("/pkcs11/module/failing-initialize-has-its-number", test_initialize_fails);
    int status = g_test_run();
    remove_tree(folder);
    g_free(folder);
    return status;
}
