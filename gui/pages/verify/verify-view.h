/* A signed request and what an auditor finds in it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_VERIFY_VIEW (gca_verify_view_get_type())
G_DECLARE_FINAL_TYPE(GcaVerifyView, gca_verify_view, GCA, VERIFY_VIEW, GtkBox)

GtkWidget *gca_verify_view_new(const char *path);

G_END_DECLS
