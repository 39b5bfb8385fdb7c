#include "config.h"

#include "pcsc/occupant.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAX 5

static gboolean
is_other_process(const char *name)
{
    guint64 pid;

    return g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT32, &pid, NULL) &&
           pid != (guint64) getpid();
}

static gboolean
has_library(const char *proc, const char *pid)
{
    g_autofree char *path = g_build_filename(proc, pid, "maps", NULL);
    g_autofree char *maps = NULL;

    /* libpcsclite.so.1, and libpcsclite_real.so.1 behind it in newer releases */
    return g_file_get_contents(path, &maps, NULL, NULL) && strstr(maps, "/libpcsclite") != NULL;
}

static char *
describe_process(const char *proc, const char *pid)
{
    g_autofree char *path = g_build_filename(proc, pid, "comm", NULL);
    g_autofree char *name = NULL;

    if (!g_file_get_contents(path, &name, NULL, NULL))
        return NULL;
    g_strchomp(name);
    if (g_str_equal(name, "pcscd"))
        return NULL;
    g_autofree char *shown = gca_text_escape(name);
    return g_strdup_printf("%s (%s)", shown, pid);
}

static gint
compare_pids(gconstpointer a, gconstpointer b)
{
    return atoi(*(const char *const *) a) - atoi(*(const char *const *) b);
}

static GPtrArray *
list_processes(const char *proc)
{
    GPtrArray *pids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) folder = g_dir_open(proc, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        if (is_other_process(name))
            g_ptr_array_add(pids, g_strdup(name));
    }
    g_ptr_array_sort(pids, compare_pids);
    return pids;
}

char *
gca_occupant_describe(const char *proc)
{
    g_autoptr(GPtrArray) pids = list_processes(proc);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < pids->len && found->len <= SHOWN_MAX; i++) {
        if (!has_library(proc, pids->pdata[i]))
            continue;
        char *text = describe_process(proc, pids->pdata[i]);
        if (text != NULL)
            g_ptr_array_add(found, text);
    }
    if (found->len == 0)
        return NULL;
    if (found->len > SHOWN_MAX) {
        g_free(found->pdata[SHOWN_MAX]);
        found->pdata[SHOWN_MAX] = g_strdup("…");
    }
    g_ptr_array_add(found, NULL);
    return gca_text_list((const char *const *) found->pdata);
}
