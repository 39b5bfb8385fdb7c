#include "config.h"

#include "base/error.h"
#include "http/curl-private.h"

#include <dlfcn.h>
#include <glib/gi18n-lib.h>

#define SONAME "libcurl.so.4"

/* What packagers' tools read in place of the entry that a linked library has:
 * https://uapi-group.org/specifications/specs/elf_dlopen_metadata/ */
#define NOTE_VENDOR "FDO"
#define NOTE_TYPE 0x407c0c0a
#define NOTE_CONTENT                                                                               \
    "[{\"feature\":\"https\",\"description\":\"Talks to a CA\",\"priority\":\"required\","         \
    "\"soname\":[\"" SONAME "\"]}]"

static const struct {
    guint32 vendor_size, content_size, type;
    char vendor[sizeof NOTE_VENDOR];
    char content[sizeof NOTE_CONTENT];
} note __attribute__((used, section(".note.dlopen"), aligned(4))) = {
    sizeof NOTE_VENDOR, sizeof NOTE_CONTENT, NOTE_TYPE, NOTE_VENDOR, NOTE_CONTENT};

static const struct {
    const char *name;
    gsize offset;
} functions[] = {
#define ROW(name) {"curl_" #name, G_STRUCT_OFFSET(GcaCurl, name)},
    GCA_CURL_FUNCTIONS(ROW)
#undef ROW
};

static gboolean
refuse(const char *soname, const char *why, GError **error)
{
    gca_error_set(error, GCA_ERROR_INTERNAL, _("The library for HTTPS (%s) cannot be loaded."),
                  soname);
    gca_error_set_hint(error, _("Install the package that holds it: “libcurl4” on Debian and "
                                "Ubuntu, “libcurl” on Fedora and RHEL."));
    gca_error_add_detail(error, "%s", why);
    return FALSE;
}

gboolean
gca_curl_open(const char *soname, GcaCurl *curl, GError **error)
{
    void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return refuse(soname, dlerror(), error);

    for (gsize i = 0; i < G_N_ELEMENTS(functions); i++) {
        gpointer *function = G_STRUCT_MEMBER_P(curl, functions[i].offset);
        *function = dlsym(library, functions[i].name);
        if (*function == NULL) {
            refuse(soname, functions[i].name, error);
            dlclose(library);
            return FALSE;
        }
    }
    return TRUE; /* and it stays open */
}

static gboolean
start(GcaCurl *curl, GError **error)
{
    if (!gca_curl_open(SONAME, curl, error))
        return FALSE;
    if (curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        return TRUE;
    gca_error_set(error, GCA_ERROR_INTERNAL, _("The library for HTTPS cannot be started."));
    return FALSE;
}

static GcaCurl started;

const GcaCurl *
gca_curl_load(GError **error)
{
    static GMutex mutex;
    static gboolean is_started;
    gboolean is_usable;

    g_mutex_lock(&mutex);
    is_usable = is_started = is_started || start(&started, error);
    g_mutex_unlock(&mutex);
    return is_usable ? &started : NULL;
}

const GcaCurl *
gca_curl(void)
{
    return &started;
}
