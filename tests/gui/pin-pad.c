/* OpenSC's module as it is with a reader that has a PIN pad, which no virtual reader is: nobody but
 * the reader sees the PIN. Its keys are the FIFO $GCA_PIN_PAD_KEYS: a line with a PIN, or an empty
 * one for the key that cancels. $GCA_PIN_PAD_MODULE_BELOW: the real module. */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST *below;

static CK_RV
get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    CK_RV rv = below->C_GetTokenInfo(slot, info);

    if (rv == CKR_OK)
        info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    return rv;
}

/* Waits for the keys as a reader does. */
static CK_RV
login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG size)
{
    char keys[16] = "";
    FILE *pad = pin == NULL ? fopen(getenv("GCA_PIN_PAD_KEYS"), "r") : NULL;

    if (pad == NULL) /* a PIN from the computer is none for this reader */
        abort();
    if (fgets(keys, sizeof keys, pad) != NULL)
        keys[strcspn(keys, "\n")] = '\0';
    fclose(pad);
    if (*keys == '\0')
        return CKR_FUNCTION_CANCELED;
    return below->C_Login(session, user, (CK_UTF8CHAR *) keys, strlen(keys));
}

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    static CK_FUNCTION_LIST functions;
    void *module = dlopen(getenv("GCA_PIN_PAD_MODULE_BELOW"), RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get =
        module ? (CK_C_GetFunctionList) dlsym(module, "C_GetFunctionList") : NULL;

    if (get == NULL || get(&below) != CKR_OK)
        return CKR_GENERAL_ERROR;
    functions = *below;
    functions.C_GetTokenInfo = get_token_info;
    functions.C_Login = login;
    functions.C_GetFunctionList = C_GetFunctionList;
    *list = &functions;
    return CKR_OK;
}
