/* The person to ask (憑證聯絡人), from options or contact.ini. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    GCA_CONTACT_NAME,    /* a person's, not the agency's */
    GCA_CONTACT_PURPOSE, /* what the certificate is for */
    GCA_CONTACT_EMAIL,
    GCA_CONTACT_POSTCODE, /* 3, 5 or 6 digits */
    GCA_CONTACT_ADDRESS,
    GCA_CONTACT_PHONE,
    GCA_CONTACT_FAX,
    GCA_CONTACT_N_FIELDS
} GcaContactField;

typedef struct _GcaContact GcaContact;

/* "email", as in JSON, contact.ini and the option --contact-email. */
const char *gca_contact_field_to_nick(GcaContactField field);
const char *gca_contact_field_to_string(GcaContactField field); /* translated, to be shown */

GcaContact *gca_contact_new(void);
GcaContact *gca_contact_dup(const GcaContact *contact);
void gca_contact_free(GcaContact *contact);

/* Takes over the [contact] group of the first contact.ini there is, all of it that is good.
 * BAD_DATA with what is not; FILE. */
gboolean gca_contact_load(GcaContact *contact, GError **error);

/* Writes the [contact] group of the user's own contact.ini, 0600, whole or not at all; a field that
 * is not set is left out, what else stands in the file stays. FILE; BAD_DATA: what is there is no
 * such file. */
gboolean gca_contact_save(const GcaContact *contact, GError **error);

/* What is wrong with a value, as the end of a translated sentence; NULL if nothing is. */
const char *gca_contact_find_fault(GcaContactField field, const char *value);

/* Checks and keeps, numbers in half width (an input method leaves them in full); NULL or "" clears.
 * USAGE with field, value and what is wrong. */
gboolean gca_contact_set(GcaContact *contact, GcaContactField field, const char *value,
                         GError **error);
const char *gca_contact_get(const GcaContact *contact, GcaContactField field); /* or NULL */
gboolean gca_contact_is_empty(const GcaContact *contact);

/* A line for each field there is, "postcode: 10051", safe to show; "none given" where there is
 * none. Translated. */
char *gca_contact_to_string(const GcaContact *contact);

/* A translated sentence if the name looks like the agency's own, or NULL. */
char *gca_contact_dup_doubt(const GcaContact *contact, const char *organization);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaContact, gca_contact_free)

G_END_DECLS
