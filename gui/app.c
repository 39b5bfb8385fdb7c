#include "config.h"

#include "gui/app.h"

#include "base/error.h"
#include "gui/style.h"
#include "gui/window.h"

#include <glib/gi18n.h>

struct _GcaApp {
    GtkApplication parent;
    GcaCardChoice choice;
    char *profile_name;
    GcaProfile *profile; /* loaded at the first question */
    gboolean begin_prereg;
    gboolean begin_application;
};

G_DEFINE_FINAL_TYPE(GcaApp, gca_app, GTK_TYPE_APPLICATION)

const GcaCardChoice *
gca_app_get_card_choice(GcaApp *self)
{
    return &self->choice;
}

GcaProfile *
gca_app_get_profile(GcaApp *self, GError **error)
{
    if (self->profile == NULL)
        self->profile = gca_profile_find(NULL, self->profile_name, error);
    return self->profile;
}

/* The first thing to be seen is the window: its icon, which is drawn in several sizes, can wait. */
static gboolean
on_frame(GtkWidget *window, GdkFrameClock *clock, gpointer data)
{
    if (gdk_frame_clock_get_frame_counter(clock) == 0)
        return G_SOURCE_CONTINUE;
    gtk_window_set_default_icon_name(GCA_APP_ID);
    return G_SOURCE_REMOVE;
}

/* A window that shows the start page, else a new one. */
static GtkWidget *
find_window(GcaApp *self)
{
    for (GList *at = gtk_application_get_windows(GTK_APPLICATION(self)); at != NULL;
         at = at->next) {
        if (GCA_IS_WINDOW(at->data) && gca_window_is_free(at->data))
            return at->data;
    }
    GtkWidget *window = gca_window_new(self);
    gtk_widget_add_tick_callback(window, on_frame, NULL, NULL);
    return window;
}

static void
gca_app_activate(GApplication *application)
{
    GcaApp *self = GCA_APP(application);
    GtkWidget *window = find_window(self);

    gtk_window_present(GTK_WINDOW(window));
    if (self->begin_prereg)
        g_action_group_activate_action(G_ACTION_GROUP(window), "prereg", NULL);
    else if (self->begin_application)
        g_action_group_activate_action(G_ACTION_GROUP(window), "application",
                                       g_variant_new_string(""));
    self->begin_prereg = self->begin_application = FALSE;
}

gboolean
gca_app_is_request(const char *path)
{
    return g_str_has_suffix(path, ".p7m");
}

static void
open_paths(GcaApp *self, const char *const *paths)
{
    GtkWidget *window = find_window(self);

    gtk_window_present(GTK_WINDOW(window));
    g_action_group_activate_action(G_ACTION_GROUP(window), "open",
                                   g_variant_new_bytestring_array(paths, -1));
}

/* Each signed request in a window; what a CA has handed out belongs together. */
static void
gca_app_open(GApplication *application, GFile **files, int n_files, const char *hint)
{
    g_autoptr(GPtrArray) handed_out = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; i < n_files; i++) {
        g_autofree char *path = g_file_get_path(files[i]);
        const char *const request[] = {path, NULL};

        if (path != NULL && gca_app_is_request(path))
            open_paths(GCA_APP(application), request);
        else if (path != NULL)
            g_ptr_array_add(handed_out, g_steal_pointer(&path));
    }
    if (handed_out->len == 0)
        return;
    g_ptr_array_add(handed_out, NULL);
    open_paths(GCA_APP(application), (const char *const *) handed_out->pdata);
}

static void
quit(GSimpleAction *action, GVariant *parameter, gpointer app)
{
    GList *at = gtk_application_get_windows(GTK_APPLICATION(app));

    while (at != NULL) { /* closing one takes it out of the list */
        GtkWindow *window = at->data;
        at = at->next;
        gtk_window_close(window);
    }
}

static void
gca_app_startup(GApplication *application)
{
    static const GActionEntry actions[] = {{.name = "quit", .activate = quit}};
    static const char *const quit_keys[] = {"<Primary>q", NULL};

    G_APPLICATION_CLASS(gca_app_parent_class)->startup(application);
    gtk_icon_theme_add_resource_path(gtk_icon_theme_get_default(), "/tw/gca_toolkit/Wizard/icons");
    gca_style_add();
    g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions),
                                    application);
    gtk_application_set_accels_for_action(GTK_APPLICATION(application), "app.quit", quit_keys);
}

/* What was chosen for this run alone is not for one that runs already. */
static int
gca_app_handle_local_options(GApplication *application, GVariantDict *options)
{
    GcaApp *self = GCA_APP(application);

    if (g_variant_dict_contains(options, "version")) {
        puts("gca-wizard " GCA_VERSION);
        return 0;
    }
    if (self->choice.reader || self->choice.serial || self->choice.token || self->choice.module ||
        self->profile_name || self->begin_prereg || self->begin_application)
        g_application_set_flags(application,
                                g_application_get_flags(application) | G_APPLICATION_NON_UNIQUE);
    return -1;
}

static void
gca_app_finalize(GObject *object)
{
    GcaApp *self = GCA_APP(object);

    g_free(self->choice.reader);
    g_free(self->choice.serial);
    g_free(self->choice.token);
    g_free(self->choice.module);
    g_free(self->profile_name);
    g_clear_pointer(&self->profile, gca_profile_unref);
    G_OBJECT_CLASS(gca_app_parent_class)->finalize(object);
}

static void
gca_app_class_init(GcaAppClass *class)
{
    GApplicationClass *application = G_APPLICATION_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_app_finalize;
    application->startup = gca_app_startup;
    application->activate = gca_app_activate;
    application->open = gca_app_open;
    application->handle_local_options = gca_app_handle_local_options;
}

static void
gca_app_init(GcaApp *self)
{
    const GOptionEntry entries[] = {
        {"prereg", 0, 0, G_OPTION_ARG_NONE, &self->begin_prereg,
         N_("Begin a pre-registration of an ACME account"), NULL},
        {"letter", 0, 0, G_OPTION_ARG_NONE, &self->begin_application,
         N_("Begin an application by official letter"), NULL},
        {"reader", 'r', 0, G_OPTION_ARG_FILENAME, &self->choice.reader,
         N_("The reader that holds the card (or a part of its name)"), N_("NAME")},
        {"serial", 's', 0, G_OPTION_ARG_FILENAME, &self->choice.serial,
         N_("The card by its number"), N_("NUMBER")},
        {"token", 't', 0, G_OPTION_ARG_FILENAME, &self->choice.token,
         N_("The card by its PKCS#11 URI (RFC 7512)"), N_("URI")},
        {"module", 'm', 0, G_OPTION_ARG_FILENAME, &self->choice.module,
         N_("The PKCS#11 module to use"), N_("PATH")},
        {"profile", 'p', 0, G_OPTION_ARG_FILENAME, &self->profile_name,
         N_("The profile of the CA: gtlsca, twca, …"), N_("NAME")},
        {"version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL},
        G_OPTION_ENTRY_NULL};

    g_application_add_main_option_entries(G_APPLICATION(self), entries);
    g_application_set_option_context_parameter_string(G_APPLICATION(self), _("[FILE…]"));
    g_application_set_option_context_summary(
        G_APPLICATION(self), _("Pre-registers ACME accounts with a GCA card, and applies for TLS "
                               "certificates by official letter, in a window."));
}

GcaApp *
gca_app_new(void)
{
    return g_object_new(GCA_TYPE_APP, "application-id", GCA_APP_ID, "flags",
                        G_APPLICATION_HANDLES_OPEN, NULL);
}
