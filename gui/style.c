#include "config.h"

#include "gui/style.h"

static GtkStyleProvider *
load_style(const char *resource)
{
    GtkCssProvider *style = gtk_css_provider_new();

    gtk_css_provider_load_from_resource(style, resource);
    return GTK_STYLE_PROVIDER(style);
}

/* A style sheet cannot ask for this. */
static void
on_theme(GtkSettings *settings, GParamSpec *spec, GtkStyleProvider *style)
{
    const char *forced = g_getenv("GTK_THEME");
    GdkScreen *screen = gdk_screen_get_default();
    g_autofree char *theme = NULL;

    g_object_get(settings, "gtk-theme-name", &theme, NULL);
    gtk_style_context_remove_provider_for_screen(screen, style);
    if (g_str_has_prefix(forced ? forced : theme, "HighContrast"))
        gtk_style_context_add_provider_for_screen(screen, style,
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
}

void
gca_style_add(void)
{
    g_autoptr(GtkStyleProvider) style = load_style("/tw/gca_toolkit/Style/style.css");
    GtkStyleProvider *contrast = load_style("/tw/gca_toolkit/Style/high-contrast.css");
    GtkSettings *settings = gtk_settings_get_default();

    gtk_style_context_add_provider_for_screen(gdk_screen_get_default(), style,
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    on_theme(settings, NULL, contrast);
    g_signal_connect_data(settings, "notify::gtk-theme-name", G_CALLBACK(on_theme), contrast,
                          (GClosureNotify) (void (*)(void)) g_object_unref, 0);
}
