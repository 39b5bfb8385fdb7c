#include "config.h"

#include "base/text.h"
#include "gui/exact-label.h"
#include "gui/file-choice.h"
#include "gui/focus.h"
#include "gui/pages.h"
#include "gui/pages/papers/code-dialog.h"
#include "gui/pages/papers/paper-print.h"
#include "gui/pages/papers/papers-work.h"
#include "gui/paper-view.h"

#include <glib/gi18n.h>

#define GCA_TYPE_PAPERS_PAGE (gca_papers_page_get_type())
G_DECLARE_FINAL_TYPE(GcaPapersPage, gca_papers_page, GCA, PAPERS_PAGE, GcaAssistantPage)

struct _GcaPapersPage {
    GcaAssistantPage parent;
    GtkToggleButton *bilingual;
    GtkWidget *buttons;
    GtkLabel *saved;
    GtkToggleButton *show_letter;
    GtkStack *sheets;
    GcaPaperView *form;
    GcaPaperView *letter;

    GcaApplicationDraft *draft;
    GcaTask *making;   /* the papers to be seen; or NULL */
    gboolean is_stale; /* what is being made is no longer wanted */
    gboolean is_asked; /* a dialog to print stands, or is about to: one is enough */
    gboolean is_vain;  /* there is nothing to be seen or saved yet: it can be tried again */
};

G_DEFINE_FINAL_TYPE(GcaPapersPage, gca_papers_page, GCA_TYPE_ASSISTANT_PAGE)

static gboolean
is_letter_shown(GcaPapersPage *self)
{
    return gtk_toggle_button_get_active(self->show_letter);
}

static void
on_switched(GcaPapersPage *self)
{
    gtk_stack_set_visible_child(self->sheets,
                                GTK_WIDGET(is_letter_shown(self) ? self->letter : self->form));
}

/* ---- the papers as they will be ---- */

static void make_papers(GcaPapersPage *self);

static gboolean
show_papers(GcaPapersPage *self, const GcaPapers *papers, GError **error)
{
    gca_paper_view_describe(self->form, _("Preview of the application form"), papers->form_text);
    gca_paper_view_describe(self->letter, _("Preview of the letter"), papers->letter_text);
    return gca_paper_view_show(self->form, papers->form, error) &&
           gca_paper_view_show(self->letter, papers->letter, error);
}

static void
offer(GcaPapersPage *self, gboolean is_good)
{
    self->is_vain = !is_good;
    gtk_widget_set_sensitive(self->buttons, is_good);
    gca_assistant_page_set_next_label(GCA_ASSISTANT_PAGE(self),
                                      is_good ? _("C_lose") : _("_Try Again"));
}

static void
on_papers(gpointer owner, gpointer result, const GError *error)
{
    GcaPapersPage *self = owner;
    g_autoptr(GError) trouble = NULL;

    self->making = NULL;
    if (self->is_stale) {
        make_papers(self);
        return;
    }
    offer(self, result != NULL && show_papers(self, result, &trouble));
    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), trouble ? trouble : error);
}

static void
make_papers(GcaPapersPage *self)
{
    gtk_label_set_text(self->saved, "");
    gtk_widget_hide(GTK_WIDGET(self->saved));
    self->is_stale = self->making != NULL;
    if (self->is_stale)
        return;
    GcaWork work = gca_papers_work_show(self->draft, gtk_toggle_button_get_active(self->bilingual));
    work.done = on_papers;
    self->making = gca_task_start(self, &work, NULL);
}

/* ---- printing ---- */

static void
on_printed(gpointer owner, const GError *error)
{
    GCA_PAPERS_PAGE(owner)->is_asked = FALSE;
    gca_assistant_page_fail(owner, error);
}

static void
on_paper_for_print(gpointer owner, gpointer result, const GError *error)
{
    GcaPapersPage *self = owner;
    GcaPapers *papers = result;
    const char *cn = gca_request_folder_get_cn(self->draft->folder);

    if (papers == NULL) {
        on_printed(self, error);
        return;
    }
    GcaPage **page = is_letter_shown(self) ? &papers->letter : &papers->form;
    gca_paper_print(GTK_WIDGET(self), g_steal_pointer(page), cn, on_printed);
}

static void
on_print(GcaPapersPage *self)
{
    if (self->is_asked)
        return;
    GcaWork work = gca_papers_work_show(self->draft, gtk_toggle_button_get_active(self->bilingual));
    work.done = on_paper_for_print;
    self->is_asked = TRUE;
    gca_assistant_page_fail(GCA_ASSISTANT_PAGE(self), NULL);
    gca_task_start(self, &work, NULL);
}

/* ---- saving ---- */

static void
tell_saved(GcaPapersPage *self, const char *text)
{
    gtk_label_set_text(self->saved, text);
    gtk_widget_show(GTK_WIDGET(self->saved));
    gca_focus_soon(GTK_WIDGET(self->saved));
}

static void
on_saved(gpointer owner, gpointer result, const GError *error)
{
    GcaPapersPage *self = owner;

    gca_assistant_page_fail(owner, error);
    if (result == NULL)
        return;
    g_autoptr(GString) shown = g_string_new(_("Saved:"));
    for (char **at = result; *at != NULL; at++) {
        g_autofree char *path = gca_text_escape(*at);
        g_string_append_printf(shown, "\n%s", path);
    }
    tell_saved(self, shown->str);
}

static void
start_saving(GcaPapersPage *self, GcaWork work)
{
    work.done = on_saved;
    gca_assistant_page_run(GCA_ASSISTANT_PAGE(self), &work, _("Saving…"));
}

static void
on_save(GcaPapersPage *self)
{
    start_saving(self,
                 gca_papers_work_save(self->draft, gtk_toggle_button_get_active(self->bilingual)));
}

static void
on_place_chosen(gpointer owner, const char *path)
{
    GcaPapersPage *self = owner;
    gboolean is_bilingual = gtk_toggle_button_get_active(self->bilingual);

    start_saving(self, is_letter_shown(self)
                           ? gca_papers_work_save_letter(self->draft, is_bilingual, path)
                           : gca_papers_work_save_form(self->draft, is_bilingual, path));
}

static void
on_save_as(GcaPapersPage *self)
{
    const char *cn = gca_request_folder_get_cn(self->draft->folder);
    const char *documents = g_get_user_special_dir(G_USER_DIRECTORY_DOCUMENTS);
    g_autofree char *name =
        g_strdup_printf("%s-%s.pdf", cn, is_letter_shown(self) ? "letter" : "form");
    g_autofree char *path = g_build_filename(documents ? documents : g_get_home_dir(), name, NULL);

    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_SAVE,
                        is_letter_shown(self) ? _("Save the letter as a PDF file")
                                              : _("Save the application form as a PDF file"),
                        path, on_place_chosen);
}

/* ---- the sheet with the user code ---- */

static void
on_code_sheet_made(gpointer owner, gpointer result, const GError *error)
{
    GcaPapersPage *self = owner;
    GcaPapers *papers = result;
    const char *cn = gca_request_folder_get_cn(self->draft->folder);

    if (papers == NULL)
        on_printed(self, error);
    else
        gca_paper_print(owner, g_steal_pointer(&papers->code_sheet), cn, on_printed);
}

static void
on_code_sheet_saved(gpointer owner, gpointer result, const GError *error)
{
    GcaPapersPage *self = owner;
    GStrv paths = result;

    on_printed(self, error);
    if (paths == NULL)
        return;
    g_autofree char *path = gca_text_escape(paths[0]);
    g_autofree char *sentence = g_strdup_printf(
        _("The sheet with the user code is saved as “%s”. Print it, keep it under lock, and delete "
          "the file."),
        path);
    tell_saved(self, sentence);
}

static void
on_code_chosen(GtkDialog *dialog, int response, GcaPapersPage *self)
{
    gboolean is_wanted = response == GCA_CODE_PRINT || response == GCA_CODE_SAVE;
    g_autoptr(GcaSecret) code = is_wanted ? gca_code_dialog_take(GCA_CODE_DIALOG(dialog)) : NULL;

    if (is_wanted && code == NULL)
        return; /* the dialog tells why */
    gtk_widget_destroy(GTK_WIDGET(dialog));
    self->is_asked = is_wanted;
    if (!is_wanted)
        return;
    GcaWork work = response == GCA_CODE_PRINT ? gca_papers_work_make_code_sheet(self->draft, code)
                                              : gca_papers_work_save_code_sheet(self->draft, code);
    work.done = response == GCA_CODE_PRINT ? on_code_sheet_made : on_code_sheet_saved;
    gca_task_start(self, &work, NULL);
}

static void
on_code_sheet_checked(gpointer owner, gpointer result, const GError *error)
{
    gca_assistant_page_fail(owner, error);
    GCA_PAPERS_PAGE(owner)->is_asked = result != NULL;
    if (result == NULL)
        return;
    GtkWidget *dialog = gca_code_dialog_new(GTK_WINDOW(gtk_widget_get_toplevel(owner)));
    gtk_window_set_destroy_with_parent(GTK_WINDOW(dialog), TRUE);
    g_signal_connect_object(dialog, "response", G_CALLBACK(on_code_chosen), owner, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void
on_code_sheet(GcaPapersPage *self)
{
    if (self->is_asked)
        return;
    GcaWork work = gca_papers_work_check_code_sheet(self->draft);
    work.done = on_code_sheet_checked;
    self->is_asked = TRUE;
    gca_task_start(self, &work, NULL);
}

/* ---- the page ---- */

static void
gca_papers_page_enter(GcaAssistantPage *page)
{
    make_papers(GCA_PAPERS_PAGE(page));
}

static void
gca_papers_page_apply(GcaAssistantPage *page)
{
    if (GCA_PAPERS_PAGE(page)->is_vain)
        make_papers(GCA_PAPERS_PAGE(page));
    else
        gca_assistant_page_advance(page);
}

static void
gca_papers_page_finalize(GObject *object)
{
    gca_application_draft_unref(GCA_PAPERS_PAGE(object)->draft);
    G_OBJECT_CLASS(gca_papers_page_parent_class)->finalize(object);
}

static void
gca_papers_page_class_init(GcaPapersPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_papers_page_finalize;
    GCA_ASSISTANT_PAGE_CLASS(class)->enter = gca_papers_page_enter;
    GCA_ASSISTANT_PAGE_CLASS(class)->apply = gca_papers_page_apply;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/papers-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaPapersPage, bilingual);
    gtk_widget_class_bind_template_child(widget, GcaPapersPage, buttons);
    gtk_widget_class_bind_template_child(widget, GcaPapersPage, saved);
    gtk_widget_class_bind_template_child(widget, GcaPapersPage, show_letter);
    gtk_widget_class_bind_template_child(widget, GcaPapersPage, sheets);
    gtk_widget_class_bind_template_callback(widget, on_switched);
    gtk_widget_class_bind_template_callback(widget, make_papers);
    gtk_widget_class_bind_template_callback(widget, on_print);
    gtk_widget_class_bind_template_callback(widget, on_save);
    gtk_widget_class_bind_template_callback(widget, on_save_as);
    gtk_widget_class_bind_template_callback(widget, on_code_sheet);
}

static void
gca_papers_page_init(GcaPapersPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    gca_exact_label_set_up(self->saved); /* there are paths in it */
    self->form = GCA_PAPER_VIEW(gca_paper_view_new());
    self->letter = GCA_PAPER_VIEW(gca_paper_view_new());
    gtk_container_add(GTK_CONTAINER(self->sheets), GTK_WIDGET(self->form));
    gtk_container_add(GTK_CONTAINER(self->sheets), GTK_WIDGET(self->letter));
}

GcaAssistantPage *
gca_papers_page_new(GcaApplicationDraft *draft)
{
    GcaPapersPage *self = g_object_new(GCA_TYPE_PAPERS_PAGE, NULL);

    self->draft = gca_application_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
