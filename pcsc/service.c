#include "config.h"

#include "pcsc/service.h"

#include "base/log.h"
#include "pcsc/bounded.h"
#include "pcsc/scard-error.h"

#include <string.h>

#define LIST_SIZE_LIMIT (64 * 1024)
#define LIST_ATTEMPTS 5

typedef struct {
    SCARDCONTEXT context;
    LONG answer;
} Establishing;

static void
establishing_clear(gpointer data)
{
    Establishing *establishing = data;

    if (establishing->context != 0)
        SCardReleaseContext(establishing->context);
}

static void
establish(gpointer data)
{
    Establishing *establishing = data;

    establishing->answer =
        SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &establishing->context);
}

gboolean
gca_service_open(SCARDCONTEXT *context, GError **error)
{
    Establishing *establishing = g_atomic_rc_box_new0(Establishing);
    LONG answer = gca_bounded_call(establish, establishing, establishing_clear, &(GcaWaiter){NULL});

    if (answer == SCARD_S_SUCCESS) {
        answer = establishing->answer;
        if (answer == SCARD_S_SUCCESS)
            *context = establishing->context;
        establishing->context = 0;
    }
    g_atomic_rc_box_release_full(establishing, establishing_clear);

    gca_log("pcsc", "SCardEstablishContext: %s", gca_scard_to_string(answer));
    /* older pcscd close the connection of a client that polkit refuses */
    if (answer == SCARD_F_COMM_ERROR)
        answer = SCARD_W_SECURITY_VIOLATION;
    if (answer != SCARD_S_SUCCESS)
        gca_scard_error_set(error, "SCardEstablishContext", answer, NULL);
    return answer == SCARD_S_SUCCESS;
}

/* The names up to the first empty one. The list comes from outside: what is not ended by a NUL, or
 * too long to be a reader's name, is left out. */
static GPtrArray *
split_names(const char *list, gsize size)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *end = list + size, *nul;

    for (const char *at = list; at < end && *at != '\0'; at = nul + 1) {
        nul = memchr(at, '\0', (gsize) (end - at));
        if (nul == NULL)
            break;
        if (nul - at < MAX_READERNAME &&
            !g_ptr_array_find_with_equal_func(names, at, g_str_equal, NULL))
            g_ptr_array_add(names, g_strdup(at));
    }
    return names;
}

/* The list may grow between the question for its size and the one for itself. */
GPtrArray *
gca_service_list(SCARDCONTEXT context, LONG *answer)
{
    for (int i = 0; i < LIST_ATTEMPTS; i++) {
        DWORD size = 0;
        *answer = SCardListReaders(context, NULL, NULL, &size);
        if (*answer == SCARD_E_NO_READERS_AVAILABLE || (*answer == SCARD_S_SUCCESS && size == 0))
            return g_ptr_array_new_with_free_func(g_free);
        if (*answer != SCARD_S_SUCCESS)
            return NULL;
        if (size > LIST_SIZE_LIMIT)
            break;

        DWORD got = size;
        g_autofree char *list = g_malloc0(size);
        *answer = SCardListReaders(context, NULL, list, &got);
        if (*answer == SCARD_S_SUCCESS)
            return split_names(list, MIN(got, size));
        if (*answer == SCARD_E_NO_READERS_AVAILABLE)
            return g_ptr_array_new_with_free_func(g_free);
        if (*answer != SCARD_E_INSUFFICIENT_BUFFER)
            return NULL;
    }
    *answer = SCARD_F_INTERNAL_ERROR;
    return NULL;
}
