/* An application and its request folder as they are shown. */
#pragma once

#include "flow/application.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Subject, names and agency: before the request is made. */
void gca_show_application(const GcaApplication *application);
json_t *gca_application_to_json(const GcaApplication *application);

/* Fingerprint, where things are, and the next step: once it is made. */
void gca_show_new_request_folder(const GcaRequestFolder *folder);
json_t *gca_request_folder_to_json(const GcaRequestFolder *folder);

G_END_DECLS
