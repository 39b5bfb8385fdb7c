#include "config.h"

#include "gui/exact-label.h"
#include "gui/file-choice.h"
#include "gui/pages.h"
#include "gui/pages/account/account-row.h"
#include "gui/pages/account/account-search.h"
#include "gui/trust-note.h"

#include <glib/gi18n.h>

#define GCA_TYPE_ACCOUNT_PAGE (gca_account_page_get_type())
G_DECLARE_FINAL_TYPE(GcaAccountPage, gca_account_page, GCA, ACCOUNT_PAGE, GcaAssistantPage)

struct _GcaAccountPage {
    GcaAssistantPage parent;
    GtkSpinner *spinner;
    GtkLabel *sentence;
    GcaTrustNote *trust_note;
    GtkFrame *frame;
    GtkListBox *accounts;
    GtkEntry *uri;
    GtkButton *add;
    GtkWidget *remove; /* what was typed in */
    GtkExpander *unread;
    GtkLabel *unreadable;
    GcaPreregDraft *draft;
    GcaProfile *usual; /* of accounts that fit none */
    gboolean was_searched;
};

G_DEFINE_FINAL_TYPE(GcaAccountPage, gca_account_page, GCA_TYPE_ASSISTANT_PAGE)

/* ---- the list ---- */

static GtkListBoxRow *
find_row(GcaAccountPage *self, GcaAccount *account)
{
    g_autoptr(GList) rows = gtk_container_get_children(GTK_CONTAINER(self->accounts));

    for (GList *at = rows; at != NULL; at = at->next) {
        if (gca_account_row_is_of(at->data, account))
            return at->data;
    }
    return NULL;
}

static guint
count_rows(GcaAccountPage *self)
{
    g_autoptr(GList) rows = gtk_container_get_children(GTK_CONTAINER(self->accounts));
    return g_list_length(rows);
}

/* Its row, whether it was there before or not; a file says more than a URI that was typed in. */
static GtkListBoxRow *
add_row(GcaAccountPage *self, const GcaAccountEntry *entry)
{
    GtkListBoxRow *known = find_row(self, entry->account);
    gboolean has_file = gca_account_get_path(entry->account) != NULL;

    if (known != NULL && !(has_file && gca_account_row_is_typed(GCA_ACCOUNT_ROW(known))))
        return known;
    if (known != NULL)
        gtk_widget_destroy(GTK_WIDGET(known));
    GtkWidget *row = gca_account_row_new(entry, self->usual);
    gtk_container_add(GTK_CONTAINER(self->accounts), row);
    gtk_widget_show(GTK_WIDGET(self->frame));
    return GTK_LIST_BOX_ROW(row);
}

static char *
dup_typed(GcaAccountPage *self)
{
    return g_strstrip(g_strdup(gtk_entry_get_text(self->uri)));
}

/* What stands in the field is taken on the way. */
static void
judge(GcaAccountPage *self)
{
    g_autofree char *typed = dup_typed(self);
    gboolean is_chosen = gtk_list_box_get_selected_row(self->accounts) != NULL;

    gtk_widget_set_sensitive(GTK_WIDGET(self->add), *typed != '\0');
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self), is_chosen || *typed != '\0');
}

static void
on_selected(GcaAccountPage *self, GtkListBoxRow *row)
{
    GcaProfile *profile = row ? gca_account_row_get_profile(GCA_ACCOUNT_ROW(row)) : NULL;

    judge(self);
    gca_trust_note_set_profile(self->trust_note, profile ? profile : self->usual);
    gtk_widget_set_visible(self->remove, row && gca_account_row_is_typed(GCA_ACCOUNT_ROW(row)));
}

static void
show_unreadable(GcaAccountPage *self, GPtrArray *sentences)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < sentences->len; i++)
        g_string_append_printf(text, "%s%s", i ? "\n" : "", (char *) sentences->pdata[i]);
    gtk_label_set_text(self->unreadable, text->str); /* these are sentences of ours */
    gtk_widget_set_visible(GTK_WIDGET(self->unread), sentences->len > 0);
}

/* ---- looking for accounts ---- */

static void
show_searching(GcaAccountPage *self, gboolean is_searching)
{
    gtk_widget_set_visible(GTK_WIDGET(self->spinner), is_searching);
    g_object_set(self->spinner, "active", is_searching, NULL);
}

static void
say_how_many(GcaAccountPage *self)
{
    if (count_rows(self) == 0)
        gtk_label_set_text(self->sentence, _("No ACME account was found on this computer."));
    else
        gtk_label_set_text(self->sentence,
                           _("Choose the ACME account that is to be bound to the agency."));
}

/* Those of a CA that is known stand first. The last one that was added or found again, or NULL. */
static GtkListBoxRow *
add_rows(GcaAccountPage *self, const GcaAccountSurvey *survey)
{
    GtkListBoxRow *row = NULL;

    for (guint i = 0; i < 2 * survey->entries->len; i++) {
        const GcaAccountEntry *entry = survey->entries->pdata[i % survey->entries->len];
        if ((entry->profile != NULL) == (i < survey->entries->len))
            row = add_row(self, entry);
    }
    return row;
}

/* The list takes the focus, unless something is being typed already. */
static void
on_searched(gpointer owner, gpointer result, const GError *error)
{
    GcaAccountPage *self = owner;
    const GcaAccountSurvey *survey = result;
    GtkListBoxRow *row = NULL;

    show_searching(self, FALSE);
    if (survey != NULL) {
        row = add_rows(self, survey);
        show_unreadable(self, survey->unreadable);
    }
    say_how_many(self);
    if (error != NULL)
        gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), error);
    if (gtk_list_box_get_selected_row(self->accounts) == NULL && count_rows(self) == 1)
        gtk_list_box_select_row(self->accounts, row);
    if (gtk_widget_get_mapped(GTK_WIDGET(self->accounts)) &&
        !gtk_widget_has_focus(GTK_WIDGET(self->uri)))
        gtk_widget_child_focus(GTK_WIDGET(self->accounts), GTK_DIR_TAB_FORWARD);
}

static void
on_row_allocated(GtkWidget *row)
{
    g_signal_handlers_disconnect_by_func(row, on_row_allocated, NULL);
    gtk_widget_grab_focus(row);
}

/* A new one has no place yet that could be scrolled to. */
static void
show_row(GtkListBoxRow *row)
{
    if (gtk_widget_get_allocated_height(GTK_WIDGET(row)) > 1)
        gtk_widget_grab_focus(GTK_WIDGET(row));
    else
        g_signal_connect(row, "size-allocate", G_CALLBACK(on_row_allocated), NULL);
}

/* What the user named is in the list now; TRUE: it is one account, and chosen. */
static gboolean
take_named(GcaAccountPage *self, const GcaAccountSurvey *survey, const GError *error)
{
    GtkListBoxRow *row = survey ? add_rows(self, survey) : NULL;

    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), error);
    say_how_many(self);
    if (row == NULL)
        return FALSE;
    if (survey->entries->len == 1)
        gtk_list_box_select_row(self->accounts, row);
    gtk_entry_set_text(self->uri, "");
    show_row(row);
    return survey->entries->len == 1;
}

static void
on_named_found(gpointer owner, gpointer result, const GError *error)
{
    take_named(owner, result, error);
}

static void
go_on(GcaAccountPage *self)
{
    GcaAccountRow *row = GCA_ACCOUNT_ROW(gtk_list_box_get_selected_row(self->accounts));
    GcaProfile *profile = gca_account_row_get_profile(row);

    gca_prereg_draft_set_account(self->draft, gca_account_row_get_where(row),
                                 profile ? profile : self->usual);
    gca_assistant_page_advance(GCA_ASSISTANT_PAGE(self));
}

static void
on_last_found(gpointer owner, gpointer result, const GError *error)
{
    if (take_named(owner, result, error))
        go_on(owner);
}

static void
search(GcaAccountPage *self, const char *place,
       void (*done)(gpointer owner, gpointer result, const GError *error))
{
    GcaWork work = gca_account_search_work(place, gca_profile_get_name(self->usual), done);

    if (place == NULL)
        gca_task_start(self, &work, NULL);
    else
        gca_assistant_page_run(GCA_ASSISTANT_PAGE(self), &work, _("Looking for ACME accounts…"));
}

/* ---- what the user names ---- */

static void
on_path_chosen(gpointer owner, const char *path)
{
    search(owner, path, on_named_found);
}

static void
on_choose_file(GcaAccountPage *self)
{
    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_OPEN,
                        _("Choose the file of the ACME account"), NULL, on_path_chosen);
}

static void
on_choose_folder(GcaAccountPage *self)
{
    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                        _("Choose the folder of the ACME account"), NULL, on_path_chosen);
}

/* A path is taken too; anything else is judged as a URI. */
static void
search_typed(GcaAccountPage *self, const char *typed,
             void (*done)(gpointer owner, gpointer result, const GError *error))
{
    g_autoptr(GError) error = NULL;

    if (g_path_is_absolute(typed) || gca_account_check_uri(typed, &error))
        search(self, typed, done);
    else
        gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), error);
}

static void
on_add(GcaAccountPage *self)
{
    g_autofree char *typed = dup_typed(self);

    if (*typed != '\0')
        search_typed(self, typed, on_named_found);
}

static void
on_remove(GcaAccountPage *self)
{
    gtk_widget_destroy(GTK_WIDGET(gtk_list_box_get_selected_row(self->accounts)));
    gtk_widget_set_visible(GTK_WIDGET(self->frame), count_rows(self) > 0);
    say_how_many(self);
    gtk_widget_grab_focus(GTK_WIDGET(self->uri));
}

/* In place of the window's own way with dropped files. */
static void
gca_account_page_drag_data_received(GtkWidget *widget, GdkDragContext *context, int x, int y,
                                    GtkSelectionData *selection, guint info, guint time)
{
    g_auto(GStrv) uris = gtk_selection_data_get_uris(selection);
    g_autofree char *path = uris && uris[0] ? g_filename_from_uri(uris[0], NULL, NULL) : NULL;

    gtk_drag_finish(context, path != NULL, FALSE, time);
    if (path != NULL)
        search(GCA_ACCOUNT_PAGE(widget), path, on_named_found);
}

/* ---- hooks ---- */

static void
gca_account_page_enter(GcaAssistantPage *page)
{
    GcaAccountPage *self = GCA_ACCOUNT_PAGE(page);

    if (self->was_searched)
        return;
    self->was_searched = TRUE;
    show_searching(self, TRUE);
    search(self, NULL, on_searched);
}

static void
gca_account_page_apply(GcaAssistantPage *page)
{
    GcaAccountPage *self = GCA_ACCOUNT_PAGE(page);
    g_autofree char *typed = dup_typed(self);

    if (*typed != '\0')
        search_typed(self, typed, on_last_found);
    else
        go_on(self);
}

/* ---- its making ---- */

static void
gca_account_page_finalize(GObject *object)
{
    GcaAccountPage *self = GCA_ACCOUNT_PAGE(object);

    gca_profile_unref(self->usual);
    gca_prereg_draft_unref(self->draft);
    G_OBJECT_CLASS(gca_account_page_parent_class)->finalize(object);
}

static void
bind_children(GtkWidgetClass *widget)
{
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, spinner);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, sentence);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, frame);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, accounts);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, uri);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, add);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, remove);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, trust_note);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, unread);
    gtk_widget_class_bind_template_child(widget, GcaAccountPage, unreadable);
}

static void
gca_account_page_class_init(GcaAccountPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_account_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_account_page_enter;
    GCA_ASSISTANT_PAGE_CLASS(class)->apply = gca_account_page_apply;
    widget->drag_data_received = gca_account_page_drag_data_received;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/account-page.ui");
    bind_children(widget);
    gtk_widget_class_bind_template_callback(widget, on_selected);
    gtk_widget_class_bind_template_callback(widget, on_choose_file);
    gtk_widget_class_bind_template_callback(widget, on_choose_folder);
    gtk_widget_class_bind_template_callback(widget, judge);
    gtk_widget_class_bind_template_callback(widget, on_add);
    gtk_widget_class_bind_template_callback(widget, on_remove);
}

static void
gca_account_page_init(GcaAccountPage *self)
{
    g_type_ensure(GCA_TYPE_TRUST_NOTE);
    gtk_widget_init_template(GTK_WIDGET(self));
    gtk_label_set_text(self->sentence, _("Looking for ACME accounts on this computer…"));
    gtk_drag_dest_set(GTK_WIDGET(self), GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
    gtk_drag_dest_add_uri_targets(GTK_WIDGET(self));
}

GcaAssistantPage *
gca_account_page_new(GcaPreregDraft *draft)
{
    GcaAccountPage *self = g_object_new(GCA_TYPE_ACCOUNT_PAGE, NULL);

    self->draft = gca_prereg_draft_ref(draft);
    self->usual = gca_profile_ref(draft->profile);
    gca_trust_note_set_profile(self->trust_note, self->usual);
    return GCA_ASSISTANT_PAGE(self);
}
