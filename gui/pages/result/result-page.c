#include "config.h"

#include "base/text.h"
#include "gui/copy-line.h"
#include "gui/next-steps.h"
#include "gui/pages.h"

#include <glib/gi18n.h>

#define GCA_TYPE_RESULT_PAGE (gca_result_page_get_type())
G_DECLARE_FINAL_TYPE(GcaResultPage, gca_result_page, GCA, RESULT_PAGE, GcaAssistantPage)

struct _GcaResultPage {
    GcaAssistantPage parent;
    GtkBox *file_lines;
    GtkSizeGroup *file_titles;
    GcaNextSteps *next_steps;

    GcaPreregDraft *draft;
};

G_DEFINE_FINAL_TYPE(GcaResultPage, gca_result_page, GCA_TYPE_ASSISTANT_PAGE)

/* ---- what is there now ---- */

static void
show_file(GcaResultPage *self)
{
    g_autofree char *sha256 = gca_text_sha256(self->draft->message);
    g_autofree char *groups = gca_text_group_hex(sha256);
    g_autofree char *path = gca_text_escape(self->draft->path);

    gca_copy_line_add(self->file_lines, self->file_titles, _("Saved as"), path, _("Copy the path"),
                      self->draft->path);
    gca_copy_line_add(self->file_lines, self->file_titles, "SHA-256", groups, _("Copy the digest"),
                      sha256);
}

/* There is no way back: it is entered once. */
static void
gca_result_page_enter(GcaAssistantPage *page)
{
    GcaResultPage *self = GCA_RESULT_PAGE(page);
    const GcaPrereg *prereg = self->draft->prereg;

    show_file(self);
    gca_next_steps_show(self->next_steps, self->draft->path, gca_prereg_get_request(prereg),
                        gca_prereg_get_profile(prereg), gca_prereg_get_account(prereg));
}

static void
on_show_folder(GcaResultPage *self)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(self)));
    g_autofree char *folder = g_path_get_dirname(self->draft->path);
    g_autofree char *uri = g_filename_to_uri(folder, NULL, NULL);
    g_autofree char *shown = gca_text_escape(folder);
    g_autoptr(GError) trouble = NULL;

    if (uri != NULL && gtk_show_uri_on_window(window, uri, gtk_get_current_event_time(), &trouble))
        return;
    g_autofree char *sentence =
        g_strdup_printf(_("No program here can show the folder “%s”."), shown);
    gca_assistant_page_warn(GCA_ASSISTANT_PAGE(self), sentence);
}

/* ---- its making ---- */

static void
gca_result_page_finalize(GObject *object)
{
    gca_prereg_draft_unref(GCA_RESULT_PAGE(object)->draft);
    G_OBJECT_CLASS(gca_result_page_parent_class)->finalize(object);
}

static void
gca_result_page_class_init(GcaResultPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_result_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_result_page_enter;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/result-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaResultPage, file_lines);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, file_titles);
    gtk_widget_class_bind_template_child(widget, GcaResultPage, next_steps);
    gtk_widget_class_bind_template_callback(widget, on_show_folder);
}

static void
gca_result_page_init(GcaResultPage *self)
{
    g_type_ensure(GCA_TYPE_NEXT_STEPS);
    gtk_widget_init_template(GTK_WIDGET(self));
}

GcaAssistantPage *
gca_result_page_new(GcaPreregDraft *draft)
{
    GcaResultPage *self = g_object_new(GCA_TYPE_RESULT_PAGE, NULL);

    self->draft = gca_prereg_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
