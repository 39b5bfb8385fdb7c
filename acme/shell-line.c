#include "config.h"

#include "acme/account-private.h"
#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The text behind "NAME=" of the line that begins there, and its length; NULL: no such line. */
static const char *
find_value(const char *data, gsize size, const char *name, gsize *length)
{
    gsize name_size = strlen(name);
    if (size == 0)
        return NULL;
    const char *end = data + size;

    while (data < end) {
        const char *feed = memchr(data, '\n', (gsize) (end - data));
        const char *stop = feed != NULL ? feed : end;
        gsize line = (gsize) (stop - data);
        if (line > name_size && memcmp(data, name, name_size) == 0 && data[name_size] == '=') {
            *length = line - name_size - 1;
            return data + name_size + 1;
        }
        data = feed != NULL ? feed + 1 : end;
    }
    return NULL;
}

gboolean
gca_shell_line_exists(GBytes *bytes, const char *name)
{
    gsize size, length;
    const char *data = g_bytes_get_data(bytes, &size);

    return find_value(data, size, name, &length) != NULL;
}

/* One word in single quotes, in which a shell expands nothing (POSIX 2.2.2). */
static gboolean
is_quoted(const char *value, gsize length)
{
    if (length < 2 || value[0] != '\'' || value[length - 1] != '\'')
        return FALSE;
    return memchr(value + 1, '\'', length - 2) == NULL && memchr(value, '\0', length) == NULL &&
           g_utf8_validate(value, (gssize) length, NULL);
}

char *
gca_shell_line_dup_value(GBytes *bytes, const char *name, GError **error)
{
    gsize size, length, other;
    const char *data = g_bytes_get_data(bytes, &size);
    const char *value = find_value(data, size, name, &length);

    if (value == NULL)
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("It has no line “%s”."), name);
    else if (find_value(value, size - (gsize) (value - data), name, &other) != NULL)
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("It has more than one line “%s”."), name);
    else if (!is_quoted(value, length))
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("Its line “%s” is not a value in single quotes."), name);
    else
        return g_strndup(value + 1, length - 2);
    return NULL;
}
