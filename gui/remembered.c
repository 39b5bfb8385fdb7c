#include "config.h"

#include "gui/remembered.h"

#include "base/error.h"
#include "base/key-file.h"
#include "base/place.h"

#include <glib/gi18n.h>

#define FILE_NAME "wizard.ini"
#define GROUP_SUBJECT "subject"

/* A DN is no key of a key file: “=” and brackets stand in it. */
static char *
make_key(const char *profile, const char *dn)
{
    g_autofree char *text = g_strconcat(profile, "\n", dn, NULL);

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

char *
gca_remembered_dup_subject(const char *profile, const char *dn)
{
    g_autofree char *path = gca_place_state(FILE_NAME);
    g_autofree char *key = make_key(profile, dn);
    g_autoptr(GKeyFile) file = gca_key_file_load(path, NULL);

    return file ? g_key_file_get_string(file, GROUP_SUBJECT, key, NULL) : NULL;
}

gboolean
gca_remembered_set_subject(const char *profile, const char *dn, const char *subject, GError **error)
{
    g_autofree char *path = gca_place_state(FILE_NAME);
    g_autofree char *key = make_key(profile, dn);
    g_autoptr(GKeyFile) file = gca_key_file_load(path, error);
    if (file == NULL)
        return FALSE;

    if (subject != NULL)
        g_key_file_set_string(file, GROUP_SUBJECT, key, subject);
    else if (!g_key_file_remove_key(file, GROUP_SUBJECT, key, NULL))
        return TRUE; /* nothing was there */
    return gca_key_file_save(file, path, error);
}

GcaContact *
gca_remembered_load_contact(GError **trouble)
{
    GcaContact *contact = gca_contact_new();
    g_autoptr(GError) cause = NULL;

    if (gca_contact_load(contact, &cause))
        return contact;
    gca_error_set(trouble, GCA_ERROR_BAD_DATA,
                  _("Not all of the contact of the last time can be used: %s"), cause->message);
    gca_error_set_hint(trouble, _("Fill in what is missing below."));
    return contact;
}
