/* A process that does one piece of work, hands back a text and is gone, with all that a module has
 * left in its memory. The service itself has one thread, so fork() is enough. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaChild GcaChild;

/* Runs in the child: the text to hand back, or NULL. What it reads of the parent's memory is a copy
 * that ends with it. */
typedef char *(*GcaChildWork)(gpointer data);

/* Called once in the parent, if given; NULL: the child broke, or was ended after its time. */
typedef void (*GcaChildDone)(const char *text, gpointer data);

/* The child has no descriptor but its pipe, standard output and error and `keep` (-1: none), no
 * signal of ours, and dies with this process. `limit_s` 0: none. INTERNAL where no process can be
 * made. */
GcaChild *gca_child_start(GcaChildWork work, gpointer work_data, int keep, guint limit_s,
                          GcaChildDone done, gpointer data, GError **error);

/* Where the child finds `keep`. */
#define GCA_CHILD_KEPT_FD 4

/* Kills it; `done` is not called any more. */
void gca_child_kill(GcaChild *child);

G_END_DECLS
