#include "pkcs11/internal.h"
#include "tests/fake/p11/desk.h"

#include <dlfcn.h>
#include <unistd.h>

static gboolean
sign(EVP_PKEY *key)
{
    static const unsigned char text[] = "to be signed";
    g_autoptr(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
    unsigned char signature[512];
    gsize size = sizeof signature;

    return EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) > 0 &&
           EVP_DigestSign(ctx, signature, &size, text, sizeof text) > 0;
}

static void
assert_login(Desk *desk, const char *pin)
{
    g_autoptr(GError) error = NULL;

    desk_login(desk, pin, &error);
    g_assert_no_error(error);
}

static GError *
assert_refused(Desk *desk, const char *pin, GcaErrorCode code)
{
    GError *error = NULL;

    g_assert_false(desk_login(desk, pin, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    return error;
}

static EVP_PKEY *
find_key(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    EVP_PKEY *key = gca_token_find_key(desk->token, desk->certificate, NULL, &error);

    g_assert_no_error(error);
    return key;
}

static void
test_right_pin_is_sent_once(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_find(desk, "tries=2");
    assert_login(desk, "123456");
    g_assert_cmpuint(desk->person->n_asked, ==, 1);
    g_assert_cmpuint(desk->person->prompt.min_length, ==, 6);
    g_assert_cmpuint(desk->person->prompt.max_length, ==, 8);
    g_assert_cmpint(desk->person->prompt.tries_left, ==, 2);
    g_assert_nonnull(desk->person->prompt.advice);

    g_autoptr(EVP_PKEY) key = find_key(desk);
    g_assert_true(sign(key));
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 1);
}

static void
test_wrong_pin_is_sent_once(void)
{
    const struct {
        const char *words;
        GcaErrorCode code;
        int left;
    } rows[] = {{"tries=3", GCA_ERROR_PIN_WRONG, 2}, {"tries=2", GCA_ERROR_PIN_WRONG, 1}};
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_find(desk, rows[i].words);
        g_autoptr(GError) error = assert_refused(desk, "654321", rows[i].code);
        g_assert_cmpint(gca_error_get_tries_left(error), ==, rows[i].left);
        g_assert_cmpint(gca_token_get_tries_left(desk->token), ==, rows[i].left);
        g_assert_cmpuint(gca_error_get_native(error), ==, CKR_PIN_INCORRECT);
        g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 1);
        g_assert_cmpuint(desk_count(desk, "C_GetSlotList"), ==, 4); /* enumerated anew */
    }
}

static void
test_last_try(void)
{
    g_autoptr(Desk) desk = desk_new();
    GcaLoginOptions options = {.pin_fd = -1, .allow_last_try = TRUE, .unblock_place = "counter"};
    g_autoptr(GError) second = NULL;

    desk_find(desk, "tries=1");
    g_autoptr(GError) first = assert_refused(desk, "654321", GCA_ERROR_PIN_POLICY);
    g_assert_nonnull(strstr(first->message, "nothing was sent to the card"));
    g_assert_nonnull(strstr(gca_error_get_hint(first), "--allow-last-try"));
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 0);

    g_assert_false(
        gca_token_login(desk->token, &options, GCA_INTERACTION(desk->person), NULL, &second));
    g_assert_error(second, GCA_ERROR, GCA_ERROR_PIN_BLOCKED);
    g_assert_cmpint(gca_error_get_tries_left(second), ==, 0);
    g_assert_cmpstr(gca_error_get_hint(second), ==, "counter");
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 1);
}

static void
test_blocked_is_not_asked(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_find(desk, "tries=0");
    g_autoptr(GError) error = assert_refused(desk, "123456", GCA_ERROR_PIN_BLOCKED);
    g_assert_cmpstr(gca_error_get_hint(error), ==, "the counter");
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
    g_assert_cmpuint(desk_count(desk, "C_OpenSession"), ==, 0);
}

static void
test_form_is_checked_first(void)
{
    const struct {
        const char *words, *pin;
    } rows[] = {
        {"", "12345a"},
        {"", "12345"},
        {"", "123456789"},
        {"", ""},
        {"", "１２３４５６"},
        {"min=4,max=12", "123"},
        {"min=0,max=0", "12345"},          /* HiCOS: 6 to 8 */
        {"min=9,max=3", "123456789"},      /* not sane: the same */
        {"min=0,max=0,label=Other", "123"} /* 4 to 16 */
    };
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_find(desk, rows[i].words);
        g_autoptr(GError) error = assert_refused(desk, rows[i].pin, GCA_ERROR_PIN_POLICY);
        g_assert_nonnull(strstr(error->message, "nothing was sent"));
        if (*rows[i].pin != '\0')
            g_assert_null(strstr(error->message, rows[i].pin));
        g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 0);
    }
}

static void
test_pin_pad(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_find(desk, "pin-pad,always-authenticate");
    g_assert_true(gca_token_has_pin_pad(desk->token));
    assert_login(desk, NULL);
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
    g_assert_cmpuint(desk->person->n_pin_pad, ==, 1);
    g_assert_cmpuint(desk_count(desk, "C_Login user, no PIN of 0"), ==, 1);

    g_autoptr(EVP_PKEY) key = find_key(desk);
    g_assert_true(sign(key));
    g_assert_cmpuint(desk_count(desk, "C_Login key, no PIN of 0"), ==, 1);
}

static void
test_pin_pad_cancelled(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_find(desk, "pin-pad,fail=C_Login:50");
    g_error_free(assert_refused(desk, NULL, GCA_ERROR_CANCELLED));
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 1);
}

static void
test_cancelled(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_find(desk, "");
    g_error_free(assert_refused(desk, NULL, GCA_ERROR_CANCELLED));
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 0);
}

static gboolean
login_with_file(Desk *desk, const char *text, int mode, GError **error)
{
    g_autofree char *path = g_build_filename(desk->folder, "pin", NULL);
    GcaLoginOptions options = {.pin_file = path, .pin_fd = -1};

    desk_find(desk, "");
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
    return gca_token_login(desk->token, &options, GCA_INTERACTION(desk->person), NULL, error);
}

static void
test_pin_file(void)
{
    const char *fine[] = {"123456", "123456\n", "123456\r\n"};
    const char *odd[] = {"123456\n654321\n", "123456\n\n"};
    g_autofree char *huge = g_strnfill(100000, '1');
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(fine); i++) {
        login_with_file(desk, fine[i], 0600, &error);
        g_assert_no_error(error);
    }
    for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_assert_false(login_with_file(desk, odd[i], 0600, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        g_clear_error(&error);
    }
    g_assert_false(login_with_file(desk, huge, 0600, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
    g_assert_cmpuint(desk->person->n_warnings, ==, 0);
    g_assert_true(login_with_file(desk, "123456", 0644, NULL));
    g_assert_cmpuint(desk->person->n_warnings, ==, 1);
}

static void
test_pin_source_of_uri(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = g_build_filename(desk->folder, "pin", NULL);
    g_autofree char *uri = g_strdup_printf("pkcs11:?pin-source=file:%s", path);
    GcaTokenWish wish = {.uri = uri};

    desk_open(desk, "");
    g_assert_true(g_file_set_contents(path, "123456\n", -1, NULL));
    desk->token = gca_token_find(desk->module, &wish, NULL);
    assert_login(desk, NULL);
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
}

static void
test_pin_descriptor(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;
    int ends[2];

    /* the other end stays open: a line ends at its newline */
    g_assert_cmpint(pipe(ends), ==, 0);
    g_assert_cmpint(write(ends[1], "123456\n", 7), ==, 7);
    GcaLoginOptions options = {.pin_fd = ends[0]};
    desk_find(desk, "");
    gca_token_login(desk->token, &options, GCA_INTERACTION(desk->person), NULL, &error);
    g_assert_no_error(error);
    close(ends[0]);
    close(ends[1]);
}

/* C_Login of somebody logged in already says so and checks nothing; libp11 takes that for a yes. */
static void
test_login_of_others_is_not_trusted(void)
{
    g_autoptr(Desk) desk = desk_new();
    CK_FUNCTION_LIST *functions;
    CK_SESSION_HANDLE session;

    desk_find(desk, "");
    desk_close(desk);
    void *handle = dlopen(g_getenv("GCA_FAKE_P11_MODULE"), RTLD_NOW);
    CK_C_GetFunctionList get = (CK_C_GetFunctionList) dlsym(handle, "C_GetFunctionList");
    g_assert_cmpuint(get(&functions), ==, CKR_OK);
    g_assert_cmpuint(functions->C_Initialize(NULL), ==, CKR_OK);
    g_assert_cmpuint(functions->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &session), ==, 0);
    g_assert_cmpuint(functions->C_Login(session, CKU_USER, (CK_UTF8CHAR *) "123456", 6), ==, 0);

    GcaTokenWish wish = {0};
    desk->module = gca_module_open(g_getenv("GCA_FAKE_P11_MODULE"), NULL);
    desk->token = gca_token_find(desk->module, &wish, NULL);
    g_error_free(assert_refused(desk, "654321", GCA_ERROR_PIN_WRONG));
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 2);
    desk_close(desk);
    functions->C_Finalize(NULL);
    dlclose(handle);
}

static void
test_second_login_is_checked(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_find(desk, "");
    assert_login(desk, "123456");
    g_error_free(assert_refused(desk, "654321", GCA_ERROR_PIN_WRONG));
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 2);
}

static void
test_always_authenticate(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;

    desk_find(desk, "always-authenticate");
    assert_login(desk, "123456");
    g_autoptr(EVP_PKEY) key = find_key(desk);
    g_assert_true(sign(key));
    g_assert_cmpuint(desk_count(desk, "C_Login key, PIN of 6"), ==, 1);

    /* once: the second signature gets none, and nobody is asked on the terminal */
    g_assert_false(sign(key));
    gca_token_set_error(desk->token, "sign", &error);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_PIN_POLICY);
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 2);
    g_assert_cmpuint(desk->person->n_asked, ==, 1);
}

static void
test_removed_before_login(void)
{
    const char *calls[] = {"C_GetTokenInfo:2", "C_OpenSession", "C_Login"};
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_autofree char *words = g_strdup_printf("removed-at=%s", calls[i]);
        desk_find(desk, words);
        g_error_free(assert_refused(desk, "123456", GCA_ERROR_CARD_REMOVED));
        g_assert_cmpuint(desk_count(desk, "C_Login"), <=, 1);
    }
}

/* The log's calls from the removal on: nothing but closing. */
static void
assert_only_closing_after(const Desk *desk, guint lines)
{
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(desk->log, &text, NULL, NULL));
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);
    for (guint i = lines; all[i] != NULL && *all[i] != '\0'; i++)
        g_assert_true(g_str_has_prefix(all[i], "C_CloseAllSessions") ||
                      g_str_has_prefix(all[i], "C_CloseSession") ||
                      g_str_has_prefix(all[i], "C_Finalize"));
}

static void
test_removed_at_signing(void)
{
    const char *words[] = {"removed-at=C_SignInit", "removed-at=C_Sign", "removed-at=C_Sign,back"};
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(GError) error = NULL, again = NULL, listing = NULL;
        desk_find(desk, words[i]);
        assert_login(desk, "123456");
        EVP_PKEY *key = find_key(desk);
        g_assert_false(sign(key));
        guint lines = desk_count(desk, "C_");
        gca_token_set_error(desk->token, "sign", &error);
        g_assert_error(error, GCA_ERROR, GCA_ERROR_CARD_REMOVED);
        g_assert_nonnull(strstr(gca_error_get_detail(error), "CKR_DEVICE_REMOVED"));

        again = assert_refused(desk, "123456", GCA_ERROR_CARD_REMOVED);
        g_assert_null(gca_token_list_certificates(desk->token, &listing));
        g_assert_error(listing, GCA_ERROR, GCA_ERROR_CARD_REMOVED);
        EVP_PKEY_free(key);
        desk_close(desk);
        assert_only_closing_after(desk, lines);
    }
}

/* Pulled between two signatures, while nobody called: the session is gone without a word. */
static void
test_removed_in_between(void)
{
    const char *words[] = {"removed-at=C_GetInfo:2", "removed-at=C_GetInfo:2,back"};
    CK_INFO info;
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(GError) error = NULL;
        desk_find(desk, words[i]);
        assert_login(desk, "123456");
        EVP_PKEY *key = find_key(desk);
        g_assert_true(sign(key));
        desk->module->functions->C_GetInfo(&info);
        g_assert_false(sign(key));
        gca_token_set_error(desk->token, "sign", &error);
        g_assert_error(error, GCA_ERROR, GCA_ERROR_CARD_REMOVED);
        g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 1);
        EVP_PKEY_free(key);
        desk_close(desk);
    }
}

static void
call_get_info(gpointer data)
{
    CK_INFO info;
    g_assert_cmpuint(((GcaModule *) data)->functions->C_GetInfo(&info), ==, CKR_DEVICE_REMOVED);
}

static void
test_changed_at_prompt(void)
{
    const char *words[] = {"removed-at=C_GetInfo:2", "removed-at=C_GetInfo:2,back,other=TP2"};
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        desk_find(desk, words[i]);
        desk->person->meanwhile = call_get_info;
        desk->person->data = desk->module;
        g_error_free(assert_refused(desk, "123456", GCA_ERROR_CARD_REMOVED));
        g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 0);
    }
}

static void
test_device_error_with_card_in(void)
{
    g_autoptr(Desk) desk = desk_new();

    desk_find(desk, "fail=C_Login:30");
    g_autoptr(GError) error = assert_refused(desk, "123456", GCA_ERROR_MODULE);
    g_assert_cmpuint(gca_error_get_native(error), ==, CKR_DEVICE_ERROR);
    g_assert_cmpuint(desk_count(desk, "C_Login"), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pkcs11/login/right-pin-is-sent-once", test_right_pin_is_sent_once);
    g_test_add_func("/pkcs11/login/wrong-pin-is-sent-once", test_wrong_pin_is_sent_once);
    g_test_add_func("/pkcs11/login/last-try-only-where-allowed", test_last_try);
    g_test_add_func("/pkcs11/login/blocked-is-not-asked", test_blocked_is_not_asked);
    g_test_add_func("/pkcs11/login/form-is-checked-before-sending", test_form_is_checked_first);
    g_test_add_func("/pkcs11/login/pin-pad-takes-no-pin", test_pin_pad);
    g_test_add_func("/pkcs11/login/pin-pad-can-be-cancelled", test_pin_pad_cancelled);
    g_test_add_func("/pkcs11/login/cancelled-prompt-sends-nothing", test_cancelled);
    g_test_add_func("/pkcs11/login/pin-file-holds-one-line", test_pin_file);
    g_test_add_func("/pkcs11/login/pin-source-of-uri", test_pin_source_of_uri);
    g_test_add_func("/pkcs11/login/pin-descriptor-ends-at-newline", test_pin_descriptor);
    g_test_add_func("/pkcs11/login/of-others-is-not-trusted", test_login_of_others_is_not_trusted);
    g_test_add_func("/pkcs11/login/second-is-checked-too", test_second_login_is_checked);
    g_test_add_func("/pkcs11/key/always-authenticate-gets-the-pin-once", test_always_authenticate);
    g_test_add_func("/pkcs11/removed/before-login", test_removed_before_login);
    g_test_add_func("/pkcs11/removed/at-signing", test_removed_at_signing);
    g_test_add_func("/pkcs11/removed/in-between", test_removed_in_between);
    g_test_add_func("/pkcs11/removed/or-changed-at-prompt-sends-nothing", test_changed_at_prompt);
    g_test_add_func("/pkcs11/removed/device-error-with-card-in", test_device_error_with_card_in);
    return g_test_run();
}
