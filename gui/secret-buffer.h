/* What is typed into a PIN field: kept in wiped memory only. */
#pragma once

#include "base/secret.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_SECRET_BUFFER (gca_secret_buffer_get_type())
G_DECLARE_FINAL_TYPE(GcaSecretBuffer, gca_secret_buffer, GCA, SECRET_BUFFER, GtkEntryBuffer)

#define GCA_SECRET_BUFFER_SIZE 256 /* bytes, with the end mark */

GtkEntryBuffer *gca_secret_buffer_new(void);

/* What was typed; the buffer is empty afterwards. */
GcaSecret *gca_secret_buffer_take(GcaSecretBuffer *buffer);

G_END_DECLS
