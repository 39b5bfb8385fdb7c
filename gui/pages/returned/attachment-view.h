/* What became of one certificate: what was checked, where it lies, and what can be done with it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_ATTACHMENT_VIEW (gca_attachment_view_get_type())
G_DECLARE_FINAL_TYPE(GcaAttachmentView, gca_attachment_view, GCA, ATTACHMENT_VIEW, GtkBox)

/* Signal "taken" (string, SHA-256 of the certificate): the user takes it all the same.
 *
 * `attachments`: GcaAttachment *, as gca_attach_run gives them; a reference is kept. */
GtkWidget *gca_attachment_view_new(GPtrArray *attachments, guint index);

/* Begins to be read where it begins. */
void gca_attachment_view_focus(GcaAttachmentView *view);

G_END_DECLS
