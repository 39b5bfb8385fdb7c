#include "fake-p11.h"

#include <stdio.h>
#include <string.h>

#define MAX_SESSIONS 32

typedef struct {
    gboolean is_open;
    CK_SLOT_ID slot;
    CK_OBJECT_HANDLE found; /* last handle looked at by C_FindObjects */
    CK_ATTRIBUTE template[4];
    gulong values[4][8];
    CK_ULONG n_template;
    CK_OBJECT_HANDLE signing;
    gboolean is_authenticated; /* CKU_CONTEXT_SPECIFIC */
} Session;

static Script *script;
static Session sessions[MAX_SESSIONS];
static gboolean logged_in[16]; /* a slot each */
static gboolean is_out;

static void
take_out(void)
{
    memset(sessions, 0, sizeof sessions);
    memset(logged_in, 0, sizeof logged_in);
    is_out = !script->comes_back;
    if (script->next_serial != NULL) {
        g_free(script->serial);
        script->serial = g_steal_pointer(&script->next_serial);
    }
}

/* Each call begins here: noted, and failing if the script says so. */
static CK_RV
enter(const char *call, const char *remark)
{
    if (script == NULL)
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    script_log(script, call, remark);
    if (g_strcmp0(script->failing, call) == 0)
        return script->failure;
    if (g_strcmp0(script->removed_at, call) == 0 && script->removed_after > 0 &&
        --script->removed_after == 0) {
        take_out();
        return CKR_DEVICE_REMOVED;
    }
    return CKR_OK;
}

static Session *
session_of(CK_SESSION_HANDLE handle)
{
    if (handle < 1 || handle > MAX_SESSIONS || !sessions[handle - 1].is_open)
        return NULL;
    return &sessions[handle - 1];
}

#define ENTER(call)                                                                                \
    do {                                                                                           \
        CK_RV entered = enter(call, NULL);                                                         \
        if (entered != CKR_OK)                                                                     \
            return entered;                                                                        \
    } while (0)
#define ENTER_SESSION(call, handle, session)                                                       \
    ENTER(call);                                                                                   \
    Session *session = session_of(handle);                                                         \
    if (session == NULL)                                                                           \
    return CKR_SESSION_HANDLE_INVALID

static CK_RV
fake_initialize(void *args)
{
    if (script != NULL)
        return CKR_CRYPTOKI_ALREADY_INITIALIZED;
    script = script_new(g_getenv("GCA_FAKE_P11"));
    is_out = FALSE;
    return enter("C_Initialize", NULL);
}

static CK_RV
fake_finalize(void *reserved)
{
    ENTER("C_Finalize");
    memset(sessions, 0, sizeof sessions);
    memset(logged_in, 0, sizeof logged_in);
    g_clear_pointer(&script, script_free);
    return CKR_OK;
}

static void
pad(CK_UTF8CHAR *field, gsize size, const char *text)
{
    memset(field, ' ', size);
    memcpy(field, text, MIN(strlen(text), size));
}

static void
pad_numbered(CK_UTF8CHAR *field, gsize size, const char *text, CK_SLOT_ID slot)
{
    char *numbered = slot == 0 ? g_strdup(text) : g_strdup_printf("%s%lu", text, slot);
    pad(field, size, numbered);
    g_free(numbered);
}

static CK_RV
fake_get_info(CK_INFO *info)
{
    ENTER("C_GetInfo");
    memset(info, 0, sizeof *info);
    info->cryptokiVersion.major = 2;
    info->cryptokiVersion.minor = 40;
    pad(info->manufacturerID, sizeof info->manufacturerID, "gca-toolkit tests");
    pad(info->libraryDescription, sizeof info->libraryDescription, "Fake PKCS#11");
    return CKR_OK;
}

static CK_RV
fake_get_slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *n)
{
    ENTER("C_GetSlotList");
    for (CK_ULONG i = 0; slots != NULL && i < script->n_slots && i < *n; i++)
        slots[i] = i;
    *n = script->n_slots;
    return CKR_OK;
}

static gboolean
is_empty(CK_SLOT_ID slot)
{
    return is_out || (script->has_empty && slot == script->n_slots - 1);
}

static CK_RV
fake_get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    ENTER("C_GetSlotInfo");
    if (slot >= script->n_slots)
        return CKR_SLOT_ID_INVALID;
    memset(info, 0, sizeof *info);
    pad_numbered(info->slotDescription, sizeof info->slotDescription, script->reader, slot);
    pad(info->manufacturerID, sizeof info->manufacturerID, "gca-toolkit tests");
    info->flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | (is_empty(slot) ? 0 : CKF_TOKEN_PRESENT);
    return CKR_OK;
}

static CK_FLAGS
token_flags(CK_SLOT_ID slot)
{
    CK_FLAGS flags = CKF_LOGIN_REQUIRED | CKF_RNG;

    if (slot < script->n_tokens)
        flags |= CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED;
    if (script->pin_pad)
        flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    if (script->tries == 0)
        flags |= CKF_USER_PIN_LOCKED;
    if (script->tries == 1)
        flags |= CKF_USER_PIN_FINAL_TRY;
    if (script->tries < 3)
        flags |= CKF_USER_PIN_COUNT_LOW;
    return flags;
}

static CK_RV
fake_get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    ENTER("C_GetTokenInfo");
    if (slot >= script->n_slots)
        return CKR_SLOT_ID_INVALID;
    if (is_empty(slot))
        return CKR_TOKEN_NOT_PRESENT;
    memset(info, 0, sizeof *info);
    pad_numbered(info->label, sizeof info->label, script->label, slot);
    pad(info->manufacturerID, sizeof info->manufacturerID, "Chunghwa TeleCom Co., Ltd.");
    pad(info->model, sizeof info->model, "T7S");
    pad_numbered(info->serialNumber, sizeof info->serialNumber, script->serial, slot);
    info->flags = token_flags(slot);
    info->ulMinPinLen = script->min;
    info->ulMaxPinLen = script->max;
    return CKR_OK;
}

static CK_RV
fake_open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                  CK_SESSION_HANDLE *handle)
{
    ENTER("C_OpenSession");
    if (is_empty(slot))
        return CKR_TOKEN_NOT_PRESENT;
    for (CK_ULONG i = 0; i < MAX_SESSIONS; i++) {
        if (!sessions[i].is_open) {
            memset(&sessions[i], 0, sizeof sessions[i]);
            sessions[i].is_open = TRUE;
            sessions[i].slot = slot;
            *handle = i + 1;
            return CKR_OK;
        }
    }
    return CKR_SESSION_COUNT;
}

static CK_RV
fake_close_session(CK_SESSION_HANDLE handle)
{
    ENTER_SESSION("C_CloseSession", handle, session);
    session->is_open = FALSE;
    return CKR_OK;
}

static CK_RV
fake_close_all_sessions(CK_SLOT_ID slot)
{
    ENTER("C_CloseAllSessions");
    for (CK_ULONG i = 0; i < MAX_SESSIONS; i++)
        sessions[i].is_open &= sessions[i].slot != slot;
    logged_in[slot] = FALSE;
    return CKR_OK;
}

static CK_RV
fake_get_session_info(CK_SESSION_HANDLE handle, CK_SESSION_INFO *info)
{
    ENTER_SESSION("C_GetSessionInfo", handle, session);
    memset(info, 0, sizeof *info);
    info->slotID = session->slot;
    info->state = logged_in[session->slot] ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION;
    info->flags = CKF_SERIAL_SESSION;
    return CKR_OK;
}

static CK_RV
check_pin(CK_UTF8CHAR *pin, CK_ULONG size)
{
    gboolean right = script->pin_pad ? pin == NULL
                                     : pin != NULL && size == strlen(script->pin) &&
                                           memcmp(pin, script->pin, size) == 0;

    if (script->tries == 0)
        return CKR_PIN_LOCKED;
    script->tries = right ? 3 : script->tries - 1;
    return right ? CKR_OK : CKR_PIN_INCORRECT;
}

static CK_RV
fake_login(CK_SESSION_HANDLE handle, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG size)
{
    char remark[64];
    snprintf(remark, sizeof remark, "%s, %s of %lu", user == CKU_USER ? "user" : "key",
             pin ? "PIN" : "no PIN", size);
    CK_RV rv = enter("C_Login", remark);
    Session *session = session_of(handle);

    if (rv != CKR_OK)
        return rv;
    if (session == NULL)
        return CKR_SESSION_HANDLE_INVALID;
    if (user == CKU_USER && logged_in[session->slot])
        return CKR_USER_ALREADY_LOGGED_IN;
    rv = check_pin(pin, size);
    if (rv == CKR_OK && user == CKU_USER)
        logged_in[session->slot] = TRUE;
    if (rv == CKR_OK && user == CKU_CONTEXT_SPECIFIC)
        session->is_authenticated = TRUE;
    return rv;
}

static CK_RV
fake_logout(CK_SESSION_HANDLE handle)
{
    ENTER_SESSION("C_Logout", handle, session);
    if (!logged_in[session->slot])
        return CKR_USER_NOT_LOGGED_IN;
    logged_in[session->slot] = FALSE;
    return CKR_OK;
}

static CK_RV
fake_find_objects_init(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG n)
{
    ENTER_SESSION("C_FindObjectsInit", handle, session);
    if (n > G_N_ELEMENTS(session->template))
        return CKR_ARGUMENTS_BAD;
    for (CK_ULONG i = 0; i < n; i++) {
        if (template[i].ulValueLen > sizeof session->values[i])
            return CKR_ARGUMENTS_BAD;
        memcpy(session->values[i], template[i].pValue, template[i].ulValueLen);
        session->template[i] = template[i];
        session->template[i].pValue = session->values[i];
    }
    session->n_template = n;
    session->found = 0;
    return CKR_OK;
}

static CK_RV
fake_find_objects(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *n)
{
    ENTER_SESSION("C_FindObjects", handle, session);
    *n = 0;
    while (*n < room && session->found < N_OBJECTS) {
        session->found++;
        if ((logged_in[session->slot] || !object_is_private(session->found)) &&
            object_matches(script, session->found, session->template, session->n_template))
            objects[(*n)++] = session->found;
    }
    return CKR_OK;
}

static CK_RV
fake_find_objects_final(CK_SESSION_HANDLE handle)
{
    ENTER_SESSION("C_FindObjectsFinal", handle, session);
    session->n_template = 0;
    return CKR_OK;
}

static CK_RV
fake_get_attribute_value(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template,
                         CK_ULONG n)
{
    ENTER_SESSION("C_GetAttributeValue", handle, session);
    if (object_is_private(object) && !logged_in[session->slot])
        return CKR_OBJECT_HANDLE_INVALID;
    CK_RV rv = CKR_OK;
    for (CK_ULONG i = 0; i < n; i++) {
        CK_RV one = object_get(script, object, &template[i]);
        rv = one != CKR_OK ? one : rv;
    }
    return rv;
}

static CK_RV
fake_sign_init(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    ENTER_SESSION("C_SignInit", handle, session);
    if (mechanism->mechanism != CKM_RSA_PKCS)
        return CKR_MECHANISM_INVALID;
    if (!logged_in[session->slot])
        return CKR_USER_NOT_LOGGED_IN;
    session->signing = key;
    session->is_authenticated = FALSE;
    return CKR_OK;
}

static CK_RV
fake_sign(CK_SESSION_HANDLE handle, CK_BYTE *data, CK_ULONG size, CK_BYTE *signature,
          CK_ULONG *signature_size)
{
    ENTER_SESSION("C_Sign", handle, session);
    if (session->signing == 0)
        return CKR_OPERATION_NOT_INITIALIZED;
    if (script->always_authenticate && !session->is_authenticated)
        return CKR_USER_NOT_LOGGED_IN;
    CK_RV rv = object_sign(script, session->signing, data, size, signature, signature_size);
    session->signing = 0;
    return rv;
}

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    /* Only what libp11 and we call; anything else is a fault of the caller and ends it. */
    static CK_FUNCTION_LIST functions = {
        .version = {2, 40},
        .C_Initialize = fake_initialize,
        .C_Finalize = fake_finalize,
        .C_GetInfo = fake_get_info,
        .C_GetFunctionList = C_GetFunctionList,
        .C_GetSlotList = fake_get_slot_list,
        .C_GetSlotInfo = fake_get_slot_info,
        .C_GetTokenInfo = fake_get_token_info,
        .C_OpenSession = fake_open_session,
        .C_CloseSession = fake_close_session,
        .C_CloseAllSessions = fake_close_all_sessions,
        .C_GetSessionInfo = fake_get_session_info,
        .C_Login = fake_login,
        .C_Logout = fake_logout,
        .C_FindObjectsInit = fake_find_objects_init,
        .C_FindObjects = fake_find_objects,
        .C_FindObjectsFinal = fake_find_objects_final,
        .C_GetAttributeValue = fake_get_attribute_value,
        .C_SignInit = fake_sign_init,
        .C_Sign = fake_sign,
    };
    *list = &functions;
    return CKR_OK;
}
