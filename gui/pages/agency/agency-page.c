#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/register.h"
#include "gui/file-choice.h"
#include "gui/live-task.h"
#include "gui/pages.h"
#include "gui/pages/agency/agency-row.h"
#include "gui/pages/agency/agency-search.h"
#include "gui/trust-note.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#define GCA_TYPE_AGENCY_PAGE (gca_agency_page_get_type())
G_DECLARE_FINAL_TYPE(GcaAgencyPage, gca_agency_page, GCA, AGENCY_PAGE, GcaAssistantPage)

struct _GcaAgencyPage {
    GcaAssistantPage parent;
    GcaTrustNote *trust_note;
    GtkLabel *intro;
    GtkBox *choice;
    GtkLabel *words_label;
    GtkSearchEntry *words;
    GtkLabel *count;
    GtkWidget *found_view;
    GtkListBox *found;
    GtkWidget *import;
    GtkLabel *import_sentence;
    GtkLabel *chosen;

    GcaApplicationDraft *draft;
    GcaLiveTask *search;
    gboolean is_filling;  /* the list changes, and nobody chooses */
    gboolean is_entering; /* the list, as soon as the answer is there */
};

G_DEFINE_FINAL_TYPE(GcaAgencyPage, gca_agency_page, GCA_TYPE_ASSISTANT_PAGE)

/* ---- who is chosen ---- */

static void
show_chosen(GcaAgencyPage *self)
{
    const GcaApplicationDraft *draft = self->draft;
    g_autofree char *name = draft->agency ? gca_text_escape(draft->agency) : NULL;
    g_autofree char *line = name
                                ? g_strdup_printf("%s\nOID %s", name, draft->oid ? draft->oid : "–")
                                : g_strdup(_("No agency is chosen yet."));

    gtk_label_set_text(self->chosen, line);
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self),
                                    draft->folder != NULL || draft->oid != NULL);
}

static void
on_row_selected(GtkListBox *list, GtkListBoxRow *row, GcaAgencyPage *self)
{
    if (row == NULL || self->is_filling)
        return;
    g_free(self->draft->oid);
    g_free(self->draft->agency);
    self->draft->oid = g_strdup(gca_agency_row_get_oid(GCA_AGENCY_ROW(row)));
    self->draft->agency = g_strdup(gca_agency_row_get_name(GCA_AGENCY_ROW(row)));
    show_chosen(self);
}

/* ---- search ---- */

static gpointer
search(gpointer words, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    return gca_agency_search_new(words, error);
}

/* What is pasted may hold characters that nobody sees. */
static gpointer
ask_words(gpointer owner)
{
    const char *typed = gtk_entry_get_text(GTK_ENTRY(GCA_AGENCY_PAGE(owner)->words));
    GString *words = g_string_new(NULL);

    for (; *typed != '\0'; typed = g_utf8_next_char(typed)) {
        gunichar c = g_utf8_get_char(typed);
        if (g_unichar_isspace(c) || gca_text_is_showable(c))
            g_string_append_unichar(words, c);
    }
    char *text = g_strstrip(g_string_free(words, FALSE));
    if (*text == '\0')
        g_clear_pointer(&text, g_free);
    return text;
}

static void
empty_list(GcaAgencyPage *self)
{
    self->is_filling = TRUE;
    g_autoptr(GList) rows = gtk_container_get_children(GTK_CONTAINER(self->found));
    for (GList *at = rows; at != NULL; at = at->next)
        gtk_widget_destroy(at->data);
    self->is_filling = FALSE;
}

static void
fill_list(GcaAgencyPage *self, GPtrArray *agencies)
{
    empty_list(self);
    self->is_filling = TRUE;
    for (guint i = 0; i < agencies->len; i++) {
        GtkWidget *row = gca_agency_row_new(g_ptr_array_index(agencies, i));
        gtk_container_add(GTK_CONTAINER(self->found), row);
        if (g_strcmp0(gca_agency_row_get_oid(GCA_AGENCY_ROW(row)), self->draft->oid) == 0)
            gtk_list_box_select_row(self->found, GTK_LIST_BOX_ROW(row));
    }
    self->is_filling = FALSE;
    gtk_widget_set_visible(self->found_view, agencies->len > 0);
}

static void
show_import(GcaAgencyPage *self, const GcaAgencySearch *found)
{
    gtk_label_set_text(self->import_sentence, gca_agency_search_get_advice(found));
    gtk_widget_set_visible(self->import, found->is_starter || found->total == 0);
}

static gboolean
move_into_list(GcaAgencyPage *self)
{
    GtkListBoxRow *row = gtk_list_box_get_selected_row(self->found);

    if (row == NULL)
        row = gtk_list_box_get_row_at_index(self->found, 0);
    if (row == NULL)
        return FALSE;
    gtk_list_box_select_row(self->found, row);
    gtk_widget_grab_focus(GTK_WIDGET(row));
    return TRUE;
}

static void
on_found(gpointer owner, gpointer result, const GError *error)
{
    GcaAgencyPage *self = owner;
    const GcaAgencySearch *found = result;

    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), error);
    if (found == NULL)
        return;
    g_autofree char *count = gca_agency_search_dup_count(found);
    gtk_label_set_text(self->count, count);
    fill_list(self, found->agencies);
    show_import(self, found);
    if (self->is_entering)
        move_into_list(self);
    self->is_entering = FALSE;
}

static void
on_words_changed(GcaAgencyPage *self)
{
    g_autofree char *words = ask_words(self);

    self->is_entering = FALSE;
    gca_live_task_touch(self->search);
    if (words != NULL)
        return;
    empty_list(self);
    gtk_widget_hide(self->found_view);
    gtk_widget_hide(self->import);
    gtk_label_set_text(self->count, "");
}

/* ---- keys: from the entry into the list ---- */

/* What stands in the list may be of other words than those typed last. */
static void
on_words_activate(GcaAgencyPage *self)
{
    self->is_entering = TRUE;
    gca_live_task_touch_now(self->search);
}

static gboolean
on_words_key(GtkWidget *words, const GdkEventKey *event, GcaAgencyPage *self)
{
    return (event->keyval == GDK_KEY_Down || event->keyval == GDK_KEY_KP_Down) &&
           move_into_list(self);
}

/* The agency is chosen: Return goes on. */
static void
on_row_activated(GcaAgencyPage *self)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(self)));
    GtkWidget *next = gtk_window_get_default_widget(window);

    if (next != NULL && gtk_widget_is_sensitive(next))
        gtk_widget_activate(next);
}

/* ---- taking in the full register ---- */

static gpointer
import_register(gpointer path, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    return gca_register_import(path, error);
}

static void
on_imported(gpointer owner, gpointer result, const GError *error)
{
    GcaAgencyPage *self = owner;
    const GcaRegisterImport *import = result;

    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), error);
    if (import == NULL)
        return;
    g_autofree char *count =
        g_strdup_printf(ngettext("%u agency is now in the register.",
                                 "%u agencies are now in the register.", import->taken),
                        import->taken);
    gtk_label_set_text(self->count, count);
    gtk_widget_hide(self->import);
    gtk_widget_grab_focus(GTK_WIDGET(self->words));
    gca_live_task_touch(self->search);
}

static void
on_file_chosen(gpointer owner, const char *path)
{
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = import_register,
        .done = on_imported,
        .data = g_strdup(path),
        .free_data = g_free,
        .free_result = (GDestroyNotify) gca_register_import_free,
    };

    gca_assistant_page_run(owner, &work, _("Reading the file of the register…"));
}

static void
on_import(GcaAgencyPage *self)
{
    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_OPEN,
                        _("Take in GDS.csv, the file of the OID register"), NULL, on_file_chosen);
}

/* ---- the page ---- */

static void
gca_agency_page_enter(GcaAssistantPage *page)
{
    GcaAgencyPage *self = GCA_AGENCY_PAGE(page);
    gboolean is_made = self->draft->folder != NULL;

    if (is_made)
        gtk_label_set_text(self->intro,
                           _("The request is made: its agency stays as it is. For another agency, "
                             "choose “Cancel” and make another request."));
    gtk_widget_set_visible(GTK_WIDGET(self->choice), !is_made);
    show_chosen(self);
}

static void
gca_agency_page_dispose(GObject *object)
{
    GcaAgencyPage *self = GCA_AGENCY_PAGE(object);

    self->is_filling = TRUE;
    g_clear_object(&self->search);
    G_OBJECT_CLASS(gca_agency_page_parent_class)->dispose(object);
}

static void
gca_agency_page_finalize(GObject *object)
{
    gca_application_draft_unref(GCA_AGENCY_PAGE(object)->draft);
    G_OBJECT_CLASS(gca_agency_page_parent_class)->finalize(object);
}

static void
gca_agency_page_class_init(GcaAgencyPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_agency_page_dispose;
    G_OBJECT_CLASS(class)->finalize = gca_agency_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_agency_page_enter;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/agency-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, trust_note);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, intro);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, choice);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, words_label);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, words);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, count);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, found_view);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, found);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, import);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, import_sentence);
    gtk_widget_class_bind_template_child(widget, GcaAgencyPage, chosen);
    gtk_widget_class_bind_template_callback(widget, on_words_changed);
    gtk_widget_class_bind_template_callback(widget, on_words_activate);
    gtk_widget_class_bind_template_callback(widget, on_words_key);
    gtk_widget_class_bind_template_callback(widget, on_row_selected);
    gtk_widget_class_bind_template_callback(widget, on_row_activated);
    gtk_widget_class_bind_template_callback(widget, on_import);
}

/* GTK calls the icons in the entry by the names of their files, anew with each change. */
static void
name_icons(GtkEntry *words)
{
    const char *const names[] = {_("Search"), _("Clear")};
    AtkObject *entry = gtk_widget_get_accessible(GTK_WIDGET(words));
    int n = atk_object_get_n_accessible_children(entry);

    for (int i = 0; i < MIN(n, (int) G_N_ELEMENTS(names)); i++) {
        g_autoptr(AtkObject) icon = atk_object_ref_accessible_child(entry, i);
        atk_object_set_name(icon, names[i]);
    }
}

static void
gca_agency_page_init(GcaAgencyPage *self)
{
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = search,
        .done = on_found,
        .free_data = g_free,
        .free_result = (GDestroyNotify) gca_agency_search_free,
    };

    g_type_ensure(GCA_TYPE_TRUST_NOTE);
    gtk_widget_init_template(GTK_WIDGET(self));
    /* GTK has named it in its own words */
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self->words)),
                        gtk_label_get_text(self->words_label));
    name_icons(GTK_ENTRY(self->words));
    g_signal_connect_after(self->words, "notify::secondary-icon-name", G_CALLBACK(name_icons),
                           NULL);
    self->search = gca_live_task_new(self, &work, ask_words);
}

GcaAssistantPage *
gca_agency_page_new(GcaApplicationDraft *draft)
{
    GcaAgencyPage *self = g_object_new(GCA_TYPE_AGENCY_PAGE, NULL);

    self->draft = gca_application_draft_ref(draft);
    gca_trust_note_set_profile(self->trust_note, draft->profile);
    return GCA_ASSISTANT_PAGE(self);
}
