#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "gui/fact-list.h"
#include "gui/pages.h"
#include "gui/pages/request/request-work.h"

#include <glib/gi18n.h>

#define GCA_TYPE_REQUEST_PAGE (gca_request_page_get_type())
G_DECLARE_FINAL_TYPE(GcaRequestPage, gca_request_page, GCA, REQUEST_PAGE, GcaAssistantPage)

struct _GcaRequestPage {
    GcaAssistantPage parent;
    GtkWidget *making;
    GtkSpinner *spinner;
    GtkWidget *made;
    GtkBox *facts_place;
    GcaFactList *facts;
    GtkWidget *open_folder;

    GcaApplicationDraft *draft;
    GcaTask *task; /* makes the folder; or NULL */
};

G_DEFINE_FINAL_TYPE(GcaRequestPage, gca_request_page, GCA_TYPE_ASSISTANT_PAGE)

/* ---- what was made ---- */

static void
fill_facts(GcaRequestPage *self, const GcaRequestFolder *folder)
{
    g_autofree char *key = gca_request_folder_dup_key_place(folder);
    g_autofree char *hex = gca_text_group_hex(gca_request_folder_get_spki_sha256(folder));
    g_autofree char *subject = gca_name_to_string(gca_request_folder_get_subject(folder));
    g_autofree char *names = g_strjoinv("\n", (char **) gca_request_folder_get_names(folder));

    gca_fact_list_clear(self->facts);
    gca_fact_list_add_outside(self->facts, _("Folder"), gca_request_folder_get_path(folder));
    gca_fact_list_add_outside(self->facts, _("Key file"), key);
    gca_fact_list_add(self->facts, _("SHA-256 of the public key"), hex);
    gca_fact_list_add(self->facts, _("Subject"), subject);
    gca_fact_list_add(self->facts, _("Host names"), names); /* checked when they were read */
}

static void
show_state(GcaRequestPage *self, gboolean is_making)
{
    gboolean is_made = self->draft->folder != NULL;

    if (is_made)
        fill_facts(self, self->draft->folder);
    g_object_set(self->spinner, "active", is_making, NULL);
    gtk_widget_set_visible(self->making, is_making);
    gtk_widget_set_visible(self->made, is_made);
    gca_assistant_page_set_next_label(GCA_ASSISTANT_PAGE(self),
                                      is_made || is_making ? NULL : _("_Try Again"));
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self), !is_making);
}

/* ---- making it ---- */

static void begin(GcaRequestPage *self);

/* A folder that was there before it could be stopped is the draft's: there is no second key. */
static void
on_made(gpointer owner, gpointer result, const GError *error)
{
    GcaRequestPage *self = owner;
    GcaRequestMade *made = result;
    gboolean was_stopped = error != NULL && gca_error_get_code(error) == GCA_ERROR_CANCELLED;
    gboolean is_here = gtk_widget_get_mapped(GTK_WIDGET(self));

    self->task = NULL;
    if (made != NULL)
        self->draft->folder = g_steal_pointer(&made->folder);
    if (was_stopped && is_here) {
        begin(self); /* back again since */
        return;
    }
    show_state(self, FALSE);
    if (!is_here)
        return;
    gtk_widget_grab_focus(self->open_folder);
    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), error);
}

static void
begin(GcaRequestPage *self)
{
    GcaWork work = gca_request_work_new(self->draft);

    work.done = on_made;
    self->task = gca_task_start(self, &work, NULL);
    show_state(self, TRUE);
}

static void
gca_request_page_enter(GcaAssistantPage *page)
{
    GcaRequestPage *self = GCA_REQUEST_PAGE(page);

    if (self->draft->folder == NULL && self->task == NULL)
        begin(self);
    else
        show_state(self, self->task != NULL);
}

static void
gca_request_page_leave(GcaAssistantPage *page)
{
    GcaRequestPage *self = GCA_REQUEST_PAGE(page);

    if (self->task != NULL)
        gca_task_cancel(self->task);
}

static void
gca_request_page_apply(GcaAssistantPage *page)
{
    GcaRequestPage *self = GCA_REQUEST_PAGE(page);

    if (self->draft->folder != NULL)
        gca_assistant_page_advance(page);
    else
        begin(self);
}

/* ---- what can be done with it ---- */

static void
on_open_folder(GcaRequestPage *self)
{
    const char *path = gca_request_folder_get_path(self->draft->folder);
    g_autofree char *uri = g_filename_to_uri(path, NULL, NULL);
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GError) error = NULL;

    if (gtk_show_uri_on_window(GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(self))), uri,
                               GDK_CURRENT_TIME, &trouble))
        return;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(&error, GCA_ERROR_FILE, _("The folder “%s” cannot be opened here."), shown);
    gca_error_add_detail(&error, "%s", trouble->message);
    gca_error_set_hint(&error, _("Its path stands on this page: open it in the file manager."));
    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), error);
}

static void
on_copy_fingerprint(GcaRequestPage *self)
{
    gtk_clipboard_set_text(gtk_clipboard_get(GDK_SELECTION_CLIPBOARD),
                           gca_request_folder_get_spki_sha256(self->draft->folder), -1);
}

/* ---- the page ---- */

static void
gca_request_page_finalize(GObject *object)
{
    gca_application_draft_unref(GCA_REQUEST_PAGE(object)->draft);
    G_OBJECT_CLASS(gca_request_page_parent_class)->finalize(object);
}

static void
gca_request_page_class_init(GcaRequestPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    GcaAssistantPageClass *page = GCA_ASSISTANT_PAGE_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_request_page_finalize;
    page->enter = gca_request_page_enter;
    page->leave = gca_request_page_leave;
    page->apply = gca_request_page_apply;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/request-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaRequestPage, making);
    gtk_widget_class_bind_template_child(widget, GcaRequestPage, spinner);
    gtk_widget_class_bind_template_child(widget, GcaRequestPage, made);
    gtk_widget_class_bind_template_child(widget, GcaRequestPage, facts_place);
    gtk_widget_class_bind_template_child(widget, GcaRequestPage, open_folder);
    gtk_widget_class_bind_template_callback(widget, on_open_folder);
    gtk_widget_class_bind_template_callback(widget, on_copy_fingerprint);
}

static void
gca_request_page_init(GcaRequestPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->facts = GCA_FACT_LIST(gca_fact_list_new());
    gtk_container_add(GTK_CONTAINER(self->facts_place), GTK_WIDGET(self->facts));
    gtk_widget_show(GTK_WIDGET(self->facts));
}

GcaAssistantPage *
gca_request_page_new(GcaApplicationDraft *draft)
{
    GcaRequestPage *self = g_object_new(GCA_TYPE_REQUEST_PAGE, NULL);

    self->draft = gca_application_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
