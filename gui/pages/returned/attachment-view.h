/* What became of one certificate: what was checked, where it lies, and what can be done with it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_ATTACHMENT_VIEW (gca_attachment_view_get_type())
G_DECLARE_FINAL_TYPE(GcaAttachmentView, gca_attachment_view, GCA, ATTACHMENT_VIEW, GtkBox)

/* `attachments`: GcaAttachment *, as gca_attach_run gives them; a reference is kept. */
GtkWidget *gca_attachment_view_new(GPtrArray *attachments, guint index);

G_END_DECLS
