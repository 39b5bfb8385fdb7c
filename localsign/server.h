/* The service: its gates, what their requests share, and when it ends. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    GArray *listeners;  /* GcaListener; their descriptors are taken */
    const char *module; /* path of a PKCS#11 module, or NULL */
    gboolean use_terminal;
    void (*on_ready)(GArray *listeners); /* told once it serves, and ends in order; or NULL */
    void (*on_file_trouble)(const GError *error); /* FILE: of trusted sites, each time it matters */
    guint idle_s; /* it ends when nobody has called for so long; 0: never */
} GcaServerOptions;

/* Serves until SIGTERM, SIGINT or SIGHUP, or until nobody has called for `idle_s`.
 * INTERNAL. */
gboolean gca_server_run(const GcaServerOptions *options, GError **error);

G_END_DECLS
