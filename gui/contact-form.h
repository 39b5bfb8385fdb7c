/* The fields of the person to ask (憑證聯絡人), each checked as it is typed. Emits "changed". */
#pragma once

#include "base/contact.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_CONTACT_FORM (gca_contact_form_get_type())
G_DECLARE_FINAL_TYPE(GcaContactForm, gca_contact_form, GCA, CONTACT_FORM, GtkBox)

/* What is wrong, for the purpose of the form, with a field that holds something; or NULL. */
typedef char *GcaContactDemand(const GcaContact *contact, GcaContactField field,
                               const char *organization);

/* All fields, in the order in which the CA's forms ask; the last one, fax, is never needed.
 * `demand` (may be NULL): what is asked of them beyond gca_contact_set. */
GtkWidget *gca_contact_form_new(GcaContactDemand *demand);

/* Whether each but the fax number must be filled; FALSE to begin with. */
void gca_contact_form_set_needed(GcaContactForm *form, gboolean is_needed);

/* `organization` (may be NULL) is what a person's name should not look like. */
void gca_contact_form_show(GcaContactForm *form, const GcaContact *contact,
                           const char *organization);

/* All that is needed is there, and nothing is wrong. */
gboolean gca_contact_form_is_complete(GcaContactForm *form);

/* Puts what was entered into `contact`. USAGE with the first that is wrong. */
gboolean gca_contact_form_read(GcaContactForm *form, GcaContact *contact, GError **error);

G_END_DECLS
